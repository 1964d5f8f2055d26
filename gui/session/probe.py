"""What every view looks at: a text, and one cell and unit of the network that reads it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True)
class Selection:
    """One step (from 0, in the order of the text) of one layer (from 0) and direction of one part of the network."""

    part: str  # "" or "encoder" or "decoder"
    layer: int
    direction: str  # "forward" or "backward"
    step: int


class Probe(QObject):
    """The text that all views share, and the cell and unit the user looks into."""

    changed = Signal()  # the text or its label
    selection_changed = Signal()  # another cell, or another unit

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.label: str | None = None  # what a one-to-many network starts from, when the data have labels
        self.selection: Selection | None = None  # a cell of the unrolled network
        self.unit: int | None = None  # whose numbers are written out; None: the one farthest from zero

    def set(self, text: str, label: str | None = None) -> None:
        """Look at this text; label: what the network starts from, unchanged if None."""
        if label is None:
            label = self.label
        if (text, label) != (self.text, self.label):
            self.text, self.label = text, label
            self.changed.emit()

    def begin(self, text: str, label: str | None) -> None:
        """Look at a text that suits other data or another network; views draw anew even if it is the same."""
        self.text, self.label = text, label
        self.changed.emit()

    def select(self, selection: Selection | None) -> None:
        """Look into one cell of the unrolled network."""
        if selection != self.selection:
            self.selection = selection
            self.unit = None if selection is None else self.unit
            self.selection_changed.emit()

    def choose_unit(self, unit: int) -> None:
        """Write out the numbers of this unit."""
        if unit != self.unit:
            self.unit = unit
            self.selection_changed.emit()
