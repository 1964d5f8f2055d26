"""Runs: everything that was trained, to be opened again and compared."""
