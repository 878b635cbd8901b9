PYTHON = .venv/bin/python

.PHONY: run test lint fmt bench bench-letter bench-changes bench-batch messages vendor clean

run: ## the demonstration, at http://127.0.0.1:8000/ (PORT=8080 for another)
	@bash scripts/setup.sh
	@exec $(PYTHON) scripts/serve.py

test: ## everything that must hold, with a summary at the end
	@bash scripts/setup.sh --tests
	@exec $(PYTHON) scripts/run_tests.py

lint: ## only the checks that need no database and no browser
	@bash scripts/setup.sh --tests
	@exec $(PYTHON) scripts/run_tests.py --static

fmt: ## put Python into shape
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

bench: bench-letter bench-changes bench-batch ## every benchmark, on a machine that does nothing else

bench-letter: ## the letter engine against others; writes docs/benchmarks/letter.md
	@bash scripts/setup.sh --bench
	@exec $(PYTHON) scripts/bench_letter.py --profile --thousand

bench-changes: ## two texts of 5,000 characters compared; writes docs/benchmarks/changes.md
	@bash scripts/setup.sh
	@exec $(PYTHON) scripts/bench_changes.py

bench-batch: ## two hundred letters issued at once; writes docs/benchmarks/batch.md
	@bash scripts/setup.sh
	@exec $(PYTHON) scripts/bench_batch.py

messages: ## take new texts from the sources into locale/
	@$(PYTHON) scripts/check_translations.py --update

vendor: ## fetch the browser libraries into static/vendor
	@bash scripts/vendor.sh

clean: ## away with what can be made again; the demo's database and files in var/ stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache var/test-logs var/test.sqlite3*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete
