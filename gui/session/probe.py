"""What every view looks at: a text or a recording, and one cell and unit of the network that reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

import engine
from engine.data.examples import Example, Examples, SideValue
from engine.data.numbers.recording import NetworkInput, Recording
from engine.training.defaults import given_in


@dataclass(frozen=True)
class Selection:
    """One step (from 0, in the order of the text) of one layer (from 0) and direction of one part of the network."""

    part: str  # "" or "encoder" or "decoder"
    layer: int
    direction: str  # "forward" or "backward"
    step: int


@dataclass(frozen=True, eq=False)
class PlayedCell:
    """The cell at which Play stands, of an example read with the weights as they were when Play began."""

    snapshot: engine.Snapshot
    example: Example
    selection: Selection


@dataclass(frozen=True, eq=False)
class KnownAnswer:
    """The answer to a text in the data, symbols or a number, () if unknown; and whether the text is a whole example."""

    tokens: Any = ()
    truth: SideValue = ()
    ends: bool = False


NOTHING_KNOWN = KnownAnswer()


class Probe(QObject):
    """The text or recording that all views share, and the cell and unit the user looks into."""

    changed = Signal()  # the text or its label
    known_changed = Signal()  # what the data says about it
    selection_changed = Signal()  # another cell, also one of Play, or another unit

    def __init__(self) -> None:
        super().__init__()
        self.given: NetworkInput = ""
        self.label: str | None = None  # what a one-to-many network starts from, if the data has labels
        self.known = NOTHING_KNOWN  # of `given`
        self.is_example = False  # whether it was chosen from the data; what the user types or draws is of no data
        self.selection: Selection | None = None  # a cell of the unrolled network
        self.played: PlayedCell | None = None  # which is shown instead, as long as Play shows an example
        self._example = -1  # place of the example shown last
        self.unit: int | None = None  # whose numbers are written out; None: the one farthest from zero

    @property
    def text(self) -> str:
        """The text; of a recording, its name."""
        return name_of(self.given)

    def set(self, given: NetworkInput, label: str | None = None, *, is_example: bool = False) -> None:
        """Look at something else. label: what the network starts from; None leaves it unchanged."""
        if label is None:
            label = self.label
        if (given, label) != (self.given, self.label):
            self.is_example = is_example or (self.is_example and given == self.given)
            self.given, self.label, self.known = given, label, NOTHING_KNOWN
            self.changed.emit()

    def learn(self, known: KnownAnswer) -> None:
        """Take what the data says about the text."""
        if known is not self.known:
            self.known = known
            self.known_changed.emit()

    def show_next(self, examples: Examples) -> None:
        """Look at the next of some examples, skipping one that is already being looked at."""
        for _ in range(min(2, len(examples))):
            self._example = (self._example + 1) % len(examples)
            given = given_in(examples, self._example)
            label = examples[self._example].target[0] if self.label is not None else None
            if (name_of(given), label) != (self.text, self.label):
                self.set(given, label, is_example=True)
                return

    def begin(self, given: NetworkInput, label: str | None, *, anew: bool = False) -> None:
        """Look at what suits other data or another network; views redraw even if it is the same. anew: it is of other
        data, in which no cell has been selected yet."""
        self.given, self.label, self._example, self.known = given, label, -1, NOTHING_KNOWN
        self.is_example = True
        if anew:
            self.select(None)
            self.unit = None
        self.changed.emit()

    @property
    def cell(self) -> Selection | None:
        """The cell to show: that of Play or, without it, the selected one."""
        return self.selection if self.played is None else self.played.selection

    def play(self, played: PlayedCell | None) -> None:
        """Follow Play to a cell; None: return to the selected one."""
        if played is not self.played:
            self.played = played
            self.selection_changed.emit()

    def select(self, selection: Selection | None) -> None:
        """Look into one cell of the unrolled network; while an example is played, into that cell of the example."""
        played = self.played
        if played is not None and selection not in (None, played.selection):
            played = replace(played, selection=selection)
        if (selection, played) != (self.selection, self.played):
            self.selection, self.played = selection, played
            self.unit = None if selection is None else self.unit
            self.selection_changed.emit()

    def choose_unit(self, unit: int) -> None:
        """Write out the numbers of this unit."""
        if unit != self.unit:
            self.unit = unit
            self.selection_changed.emit()


def name_of(given: NetworkInput) -> str:
    """The text itself, or the name of a recording."""
    return given.name if isinstance(given, Recording) else given
