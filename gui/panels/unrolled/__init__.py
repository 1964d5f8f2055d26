"""The unrolled network, the text it reads, and the line that explains one of its cells."""

from gui.panels.unrolled.unrolled_panel import UnrolledPanel

__all__ = ["UnrolledPanel"]
