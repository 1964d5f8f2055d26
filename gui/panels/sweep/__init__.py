"""Sweep: many runs with different settings, trained in the background, with their results as they come."""

from gui.panels.sweep.sweep_panel import SweepPanel

__all__ = ["SweepPanel"]
