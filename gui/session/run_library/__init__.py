"""Runs beside the current one: the list of all trained runs, their files, races and comparisons."""
