"""Runs as files: saving, opening, exporting."""
