"""1 · Data: its source, how it was read, the doctor's report, and a preview."""

from gui.panels.data.data_panel import DataPanel

__all__ = ["DataPanel"]
