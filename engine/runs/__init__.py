"""Runs as files: saving, opening and continuing them."""
