"""The benchmark of the letter engine: letters, engines, clocks and the report. Started by bench_letter.py."""
