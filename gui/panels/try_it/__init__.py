"""Using what is trained, one small view for each shape."""

from gui.panels.try_it.try_it_panel import TryItPanel

__all__ = ["TryItPanel"]
