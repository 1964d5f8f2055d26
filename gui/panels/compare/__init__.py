"""Compare: two to six runs side by side, also while they race."""

from gui.panels.compare.compare_panel import ComparePanel

__all__ = ["ComparePanel"]
