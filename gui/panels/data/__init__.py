"""1 · Data: which data, how they were read, what the doctor says, and what they look like."""

from gui.panels.data.panel import DataPanel

__all__ = ["DataPanel"]
