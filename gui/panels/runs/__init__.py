"""Runs: everything that was trained, to open again and to compare."""
