"""One example, moment by moment: forwards through every cell, the loss, backwards in the reverse order, the weights.

Nothing is computed here: a `OneStep` of the engine holds all numbers, and a moment says which of them are due.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from gui.unrolled_view.diagram import CellPlace, Diagram

if TYPE_CHECKING:
    from engine.inspection.one_step import OneStep


class Phase(Enum):
    """What happens at a moment."""

    FORWARDS = "forwards"
    LOSS = "loss"
    BACKWARDS = "backwards"
    WEIGHTS = "weights"


@dataclass(frozen=True)
class PlayMoment:
    """Cells and answers that are computed together; in the backward pass, those that the gradient reaches together."""

    phase: Phase
    cells: tuple[CellPlace, ...] = ()
    answers: tuple[int, ...] = ()
    gathers: bool = False  # all states, or all places of a padded text, become one


def moments_of(diagram: Diagram) -> tuple[PlayMoment, ...]:
    """All moments in order; those of the backward pass mirror those of the forward pass."""
    there = list(_forwards(diagram))
    back = [replace(moment, phase=Phase.BACKWARDS) for moment in reversed(there)]
    return (*there, PlayMoment(Phase.LOSS), *back, PlayMoment(Phase.WEIGHTS))


def _forwards(diagram: Diagram) -> Iterator[PlayMoment]:
    answers = [i for i, column in enumerate(diagram.columns) if column.above]
    for part in dict.fromkeys(column.part for column in diagram.columns):
        rows = [(i, row) for i, row in enumerate(diagram.rows) if row.part == part]
        mine = [i for i in answers if diagram.columns[i].part == part]
        if any(row.backward for _, row in rows):  # both directions at once, layer by layer; then what is read from both
            for depth in sorted({row.depth for _, row in rows}):
                layer = [(i, row) for i, row in rows if row.depth == depth]
                for step in range(layer[0][1].steps):
                    at = ((i, row.first + (row.steps - 1 - step if row.backward else step)) for i, row in layer)
                    yield PlayMoment(Phase.FORWARDS, tuple(at))
        else:
            for step in range(max((row.steps for _, row in rows), default=0)):
                cells = tuple((i, row.first + step) for i, row in rows)
                above = tuple(i for i in mine if i == cells[0][1] and not diagram.answers_once)
                yield PlayMoment(Phase.FORWARDS, cells, above)
            if not diagram.answers_once:
                continue
        if diagram.pools or diagram.padded:
            yield PlayMoment(Phase.FORWARDS, gathers=True)
        if mine:
            yield PlayMoment(Phase.FORWARDS, answers=tuple(mine))


@dataclass(frozen=True, eq=False)
class Playing:
    """How far an example has got: `at` counts the moments from 0. optimizer: the one in training; "" if it takes this
    step. forcing: the share of the right symbols that training reads; this step reads all."""

    diagram: Diagram
    step: OneStep
    moments: tuple[PlayMoment, ...]
    at: int = 0
    optimizer: str = ""
    forcing: float = 1.0

    @classmethod
    def of(cls, diagram: Diagram, step: OneStep, optimizer: str = "", forcing: float = 1.0) -> Playing:
        """Start at the first moment of an example."""
        return cls(diagram, step, moments_of(diagram), optimizer=optimizer, forcing=forcing)

    def go(self, at: int) -> Playing:
        """The same example at another moment, limited to the first and the last."""
        return replace(self, at=min(max(at, 0), len(self.moments) - 1))

    @property
    def moment(self) -> PlayMoment:
        """The current moment."""
        return self.moments[self.at]

    @property
    def ended(self) -> bool:
        """Whether this is the last moment."""
        return self.at == len(self.moments) - 1

    @property
    def loss_at(self) -> int:
        """Index of the moment of the loss; the forward pass comes before it and the backward pass, equally long,
        after."""
        return len(self.moments) // 2 - 1

    def _seen(self, phase: Phase) -> Iterable[PlayMoment]:
        return (moment for moment in self.moments[: self.at + 1] if moment.phase is phase)

    def computed(self) -> set[CellPlace]:
        """Cells whose states are known by now."""
        return {place for moment in self._seen(Phase.FORWARDS) for place in moment.cells}

    def answered(self) -> set[int]:
        """Columns whose distributions are known by now."""
        return {column for moment in self._seen(Phase.FORWARDS) for column in moment.answers}

    def gathered(self) -> bool:
        """Whether all states, or all padded places, have become one by now."""
        return any(moment.gathers for moment in self._seen(Phase.FORWARDS))

    def handed_back(self) -> bool:
        """Whether the gradient has been handed back to all states, or to all padded places."""
        return any(moment.gathers for moment in self._seen(Phase.BACKWARDS))

    def reached(self) -> set[CellPlace]:
        """Cells that the gradient has reached."""
        return {place for moment in self._seen(Phase.BACKWARDS) for place in moment.cells}

    def returned(self) -> set[int]:
        """Columns whose error has gone back through the softmax."""
        return {column for moment in self._seen(Phase.BACKWARDS) for column in moment.answers}

    def input_known(self, column: int) -> bool:
        """Whether the symbol that a column reads is known: an answer of the network itself, once it is computed."""
        own = self.diagram.own_targets and self.diagram.columns[column].fed_back
        return not own or column - 1 in self.answered()

    def so_far(self) -> Diagram:
        """The diagram without what is not known yet, for its description."""
        diagram, answered = self.diagram, self.answered()
        columns = list(diagram.columns)
        for i, item in enumerate(columns):
            below, above = item.below if self.input_known(i) else "", item.above if i in answered else ""
            if not self.loses:
                item = replace(item, target="", truth="", loss=math.nan, typed="")
            columns[i] = replace(item, below=below, above=above)
        attention = None if diagram.attention is None else diagram.attention[: len(answered)]
        winners = diagram.winners if self.gathered() else None
        return replace(diagram, columns=tuple(columns), attention=attention, winners=winners)

    @property
    def cell(self) -> CellPlace | None:
        """The cell that the caption speaks of; None at a moment that computes no cell."""
        cells = self.moment.cells
        if not cells or self.moment.phase is Phase.FORWARDS:
            return cells[0] if cells else None
        return cells[-1 if not self.diagram.rows[cells[-1][0]].backward else 0]

    @property
    def loses(self) -> bool:
        """Whether the losses are known by now."""
        return self.at >= self.loss_at

    def loss(self, column: int) -> float:
        """What the prediction above a column contributes to the loss."""
        answers = [i for i, item in enumerate(self.diagram.columns) if item.above]
        return float(self.step.losses[answers.index(column)])

    def gradient(self, place: CellPlace) -> float:
        """‖∂loss/∂h‖ at a cell."""
        row = self.diagram.rows[place[0]]
        return float(self.step.gradients[row.layer][place[1] - row.first])

    def share(self, place: CellPlace) -> float:
        """The gradient at a cell as a share of the largest one."""
        largest = max((float(np.max(norms, initial=0.0)) for norms in self.step.gradients), default=0.0)
        return self.gradient(place) / largest if largest > 0 else 0.0
