"""Sweep: many runs with different settings, trained in the background, with their results as they come."""
