"""The object of every view: a text or a recording, and one cell and unit of the network that reads it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from engine.data.numbers.recording import NetworkInput, Recording


@dataclass(frozen=True)
class Selection:
    """One step (from 0, in the order of the text) of one layer (from 0) and direction of one part of the network."""

    part: str  # "" or "encoder" or "decoder"
    layer: int
    direction: str  # "forward" or "backward"
    step: int


class Probe(QObject):
    """The text or recording that all views share, and the cell and unit the user looks into."""

    changed = Signal()  # the text or its label
    selection_changed = Signal()  # another cell, or another unit

    def __init__(self) -> None:
        super().__init__()
        self.given: NetworkInput = ""
        self.label: str | None = None  # what a one-to-many network starts from, when the data have labels
        self.selection: Selection | None = None  # a cell of the unrolled network
        self.unit: int | None = None  # whose numbers are written out; None: the one farthest from zero

    @property
    def text(self) -> str:
        """What is looked at, as a text; the name of a recording."""
        return self.given.name if isinstance(self.given, Recording) else self.given

    def set(self, given: NetworkInput, label: str | None = None) -> None:
        """Look at this; label: what the network starts from, unchanged if None."""
        if label is None:
            label = self.label
        if (given, label) != (self.given, self.label):
            self.given, self.label = given, label
            self.changed.emit()

    def begin(self, given: NetworkInput, label: str | None) -> None:
        """Look at what suits other data or another network; views draw anew even if it is the same."""
        self.given, self.label = given, label
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
