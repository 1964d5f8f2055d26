"""Figures on real data: `python -m tests.results NAME…` trains, measures, and prints a row of docs/results.md."""
