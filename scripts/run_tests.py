"""Runs every check and test one after the other, goes on after a failure, and closes with a summary.

What is to be installed first is scripts/setup.sh's business. With --static only what needs no database and no
browser runs; with names of steps only these.
"""

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
LOGS = ROOT / "var" / "test-logs"
STEP_LIMIT = 20 * 60  # seconds; a step that hangs must not hide what the others say
TIMED_OUT = 124  # how timeout(1) says so
TAIL = 60  # lines of a failed step's log that are shown
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)\b")

# A step sees nothing of the settings of whoever runs it.
KEPT_ENVIRONMENT = ("PATH", "HOME", "TMPDIR", "TERM", "CI", "TEST_DATABASE_URL")
SECRET_KEY = secrets.token_urlsafe(64)
PRODUCTION_LIKE = {
    "ENVIRONMENT": "production",
    "ALLOWED_HOSTS": "dafu.example.org",
    "DATABASE_URL": "sqlite:///:memory:",
    "MEDIA_ROOT": "/srv/dafu/media",
    "SITE_URL": "https://dafu.example.org",
}


@dataclass(frozen=True)
class Step:
    name: str
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Result:
    step: Step
    code: int
    seconds: float
    counts: dict[str, int]

    @property
    def ok(self) -> bool:
        return self.code == 0


def program(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BIN / name), *arguments)


def pytest(*arguments: str) -> tuple[str, ...]:
    return (PYTHON, "-m", "pytest", "-q", "--tb=short", "-n", "2", *arguments)


# The slow one first: two run at a time.
STATIC = [
    Step("mypy", program("mypy")),
    Step("ruff", program("ruff", "check", ".")),
    Step("format", program("ruff", "format", "--check", ".")),
    Step("imports", program("lint-imports")),
    Step("templates", program("djlint", "templates", "--lint", "--quiet")),
    Step("translations", (PYTHON, "scripts/check_translations.py")),
    Step("migrations", (PYTHON, "manage.py", "makemigrations", "--check", "--dry-run")),
    Step(
        "deploy",
        (PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        tuple(PRODUCTION_LIKE.items()),
    ),
]
TESTS = [
    # The letter engine knows no database, so it is not tested with both.
    Step("letters", pytest("-m", "not browser", "gongwen")),
    Step("sqlite", pytest("-m", "not browser", "--deselect=gongwen/")),
    Step("postgresql", ("bash", "scripts/postgres.sh", *pytest("-m", "not browser", "--deselect=gongwen/"))),
    # A journey's pages depend on each other: a module stays with one worker.
    Step("browser", pytest("-m", "browser", "--dist", "loadfile")),
]


RUNNING: list["subprocess.Popen[str]"] = []


def environment_of(step: Step) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    ours = {"LC_ALL": "C.UTF-8", "VAR_DIR": str(ROOT / "var" / "tests"), "SECRET_KEY": SECRET_KEY}
    return {**kept, **ours, **dict(step.environment)}


def stop_all(_signal: int, _frame: object) -> None:
    """Pass an interruption on to the steps under way, which clean up after themselves, and end."""
    for process in RUNNING:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
    raise KeyboardInterrupt


def log_of(step: Step) -> Path:
    return LOGS / f"{step.name}.log"


def run(step: Step, *, show: bool) -> Result:
    """Run one step into its log; with show also onto the terminal, line by line."""
    started = time.monotonic()
    code = carry_out(step, show=show)
    text = log_of(step).read_text(errors="replace")
    return Result(step, code, time.monotonic() - started, closing_counts(text) if step in TESTS else {})


def carry_out(step: Step, *, show: bool) -> int:
    with log_of(step).open("w", buffering=1) as log:
        process = subprocess.Popen(
            ["timeout", "--signal=INT", "--kill-after=20", str(STEP_LIMIT), *step.command],
            cwd=ROOT,
            env=environment_of(step),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if show else log,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        RUNNING.append(process)
        for line in process.stdout or ():
            print(line, end="", flush=True)
            log.write(line)
        code = process.wait()
        RUNNING.remove(process)
        if code == TIMED_OUT:
            log.write(f"\nstopped after {STEP_LIMIT} seconds\n")
        return code


def closing_counts(text: str) -> dict[str, int]:
    """Return the figures of pytest's closing line, errors counted as failures; empty where it has none."""
    for line in reversed(text.splitlines()):
        if found := COUNT.findall(line):
            counts = {"passed": 0, "failed": 0, "skipped": 0}
            for number, word in found:
                counts["failed" if word.startswith("error") else word] += int(number)
            return counts
    return {}


def tell(result: Result) -> None:
    print(f"{'ok    ' if result.ok else 'FAILED'}  {result.step.name:<14}{result.seconds:7.1f} s", flush=True)


def show_tail(result: Result) -> None:
    lines = log_of(result.step).read_text(errors="replace").splitlines()
    print(f"\n--- {result.step.name}: the end of {log_of(result.step).relative_to(ROOT)}")
    print("\n".join(lines[-TAIL:]), flush=True)


def run_static(steps: list[Step]) -> list[Result]:
    results = []
    pool = ThreadPoolExecutor(max_workers=2)
    try:
        for future in as_completed([pool.submit(run, step, show=False) for step in steps]):
            results.append(future.result())
            tell(results[-1])
            if not results[-1].ok:
                show_tail(results[-1])
    finally:
        pool.shutdown(cancel_futures=True)
    return sorted(results, key=lambda result: steps.index(result.step))


def run_tests(steps: list[Step]) -> list[Result]:
    results = []
    for step in steps:
        print(f"\n=== {step.name}", flush=True)
        results.append(run(step, show=True))
        tell(results[-1])
    return results


def summarize(results: list[Result]) -> int:
    """Print the table and the closing line; return the exit code."""
    print(f"\n{'step':<16}{'result':<10}{'seconds':>8}   tests")
    for result in results:
        tests = ", ".join(f"{number} {word}" for word, number in result.counts.items())
        print(f"{result.step.name:<16}{'ok' if result.ok else 'FAILED':<10}{result.seconds:8.1f}   {tests}")
    failed = [result.step.name for result in results if not result.ok]
    verdict = f"Failed: {', '.join(failed)}; see {LOGS.relative_to(ROOT)}/" if failed else "Everything holds."
    print(f"\n{verdict}")
    if counted := [result.counts for result in results if result.counts]:
        print(f"{sum(c['passed'] for c in counted)} passed, {sum(c['failed'] for c in counted)} failed")
    return 1 if failed else 0


def chosen(arguments: list[str]) -> tuple[list[Step], list[Step]]:
    if arguments == ["--static"]:
        return STATIC, []
    names = [step.name for step in STATIC + TESTS]
    if unknown := [name for name in arguments if name not in names]:
        sys.exit(f"run_tests: no step {', '.join(unknown)}; there are {', '.join(names)}")
    wanted = arguments or names
    return [s for s in STATIC if s.name in wanted], [s for s in TESTS if s.name in wanted]


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_all)
    static, tests = chosen(sys.argv[1:])
    for folder in (LOGS, ROOT / "var" / "tests"):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        return summarize(run_static(static) + run_tests(tests))
    except KeyboardInterrupt:
        for process in RUNNING:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=30)
        print("\ninterrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
