"""The view Inside a cell."""
