"""Runs beside the current one: the list of all that were trained, where they lie on disk, racing and comparing them."""
