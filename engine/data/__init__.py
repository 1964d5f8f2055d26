"""Data: from files and rows to examples."""
