"""Runs: everything that was trained, to be opened again and compared."""

from gui.panels.runs.runs_panel import RunsPanel

__all__ = ["RunsPanel"]
