"""The unrolled network, the text it reads, and the line that explains one of its cells."""

from gui.panels.unrolled.panel import UnrolledPanel

__all__ = ["UnrolledPanel"]
