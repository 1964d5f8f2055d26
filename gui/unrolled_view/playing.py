"""One example, moment by moment: forwards through every cell, the loss, backwards in the reverse order, the weights.

Nothing is computed here: a `OneStep` of the engine holds all numbers, and a moment says which of them are due.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from engine.number_text import fixed, in_figures, percent, with_minus
from gui.unrolled_view.diagram import CellPlace, Diagram
from gui.widgets.symbols import subscript, visible_symbol

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
    step."""

    diagram: Diagram
    step: OneStep
    moments: tuple[PlayMoment, ...]
    at: int = 0
    optimizer: str = ""

    @classmethod
    def of(cls, diagram: Diagram, step: OneStep, optimizer: str = "") -> Playing:
        """Start at the first moment of an example."""
        return cls(diagram, step, moments_of(diagram), optimizer=optimizer)

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

    def reached(self) -> set[CellPlace]:
        """Cells that the gradient has reached."""
        return {place for moment in self._seen(Phase.BACKWARDS) for place in moment.cells}

    def returned(self) -> set[int]:
        """Columns whose error has gone back through the softmax."""
        return {column for moment in self._seen(Phase.BACKWARDS) for column in moment.answers}

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

    # ---- in words

    def caption(self) -> str:
        """What happens now, in plain words and with the real numbers."""
        moment = self.moment
        if moment.phase is Phase.LOSS:
            return self._loss_caption()
        if moment.phase is Phase.WEIGHTS:
            return self._weights_caption()
        tell = self._forward_caption if moment.phase is Phase.FORWARDS else self._backward_caption
        return tell(moment)

    @property
    def _scorer(self) -> str:
        return self.diagram.scorer[:1].upper() + self.diagram.scorer[1:]

    def _name(self, column: int) -> str:
        item = self.diagram.columns[column]
        last = sum(c.part == item.part for c in self.diagram.columns)
        return f"{item.part}, step {item.step} of {last}".removeprefix(", ").capitalize()

    def _forward_caption(self, moment: PlayMoment) -> str:
        diagram = self.diagram
        if moment.gathers:
            what = (
                "Every place of the padded text is added up"
                if diagram.padded
                else f"All states become one: {diagram.pooling}"
            )
            return f"{what}."
        sentences = []
        if (place := self.cell) is not None:
            row, column = diagram.rows[place[0]], place[1]
            item = diagram.columns[column]
            h = "h" + subscript(item.step)
            read = self._symbol_or(column, "the values of this step")
            sentences.append(f"{self._name(column)}: the cell reads {read}")
            if item.step > 1 and diagram.remembers:
                sentences[0] += f" and the state before, h{subscript(item.step - 1)}, and computes {h}."
            elif diagram.takes_over(row.part):
                sentences[0] += f" and the encoder’s last state, and computes {h}."
            else:
                sentences[0] += f" and a state of zeros, and computes {h}."
            if any(diagram.rows[i].backward for i, _ in moment.cells):
                other = next(c for i, c in moment.cells if diagram.rows[i].backward)
                sentences.append(f"The other direction is at {self._symbol_or(other)}.")
        if len(moment.answers) == 1:
            item = diagram.columns[moment.answers[0]]
            sentences += self._attended(item.step)
            if diagram.numbers is None:
                made = f"{self._scorer} turns it into probabilities"
                sentences.append(f"{made}: “{visible_symbol(item.above)}” {item.probability:.2f}.")
            else:
                sentences.append(f"From it the network predicts {item.above}{self._spread(moment.answers[0])}.")
        elif moment.answers and diagram.numbers is not None:
            sentences.append("The network predicts numbers at every step.")
        elif moment.answers:
            sentences.append(f"{self._scorer} turns the states of both directions into probabilities at every step.")
        return " ".join(sentences)

    def _attended(self, step: int) -> list[str]:
        """What a step of the decoder looks at; [] without attention."""
        attention = self.diagram.attention
        if attention is None:
            return []
        weights = attention[step - 1]
        most = int(weights.argmax())
        return [f"Attention looks most at {self._symbol_or(most)} ({percent(float(weights[most]))})."]

    def _symbol_or(self, column: int, other: str = "") -> str:
        """The symbol that a column reads, in quotation marks; where it reads numbers, `other` or the step."""
        symbol = self.diagram.symbol_at(column)
        return f"“{visible_symbol(symbol)}”" if symbol else other or f"step {self.diagram.columns[column].step}"

    def _spread(self, column: int) -> str:
        """How far off a prediction may be, as " ± 0.31"; "" if that is not learned, or for several numbers."""
        numbers = self.diagram.numbers
        if numbers is None or numbers.several:
            return ""
        deviation = numbers.at(column, 0)[1]
        return f" ± {deviation:.2g}" if math.isfinite(deviation) else ""

    def _loss_caption(self) -> str:
        step, count = self.step, len(self.step.losses)
        if count == 1:
            truth = "the right answer" if step.known else "its own answer (the right one is unknown)"
            return f"The loss: {self.diagram.charged} {truth}, {fixed(step.loss)}. Training makes it smaller."
        truth = "each right answer" if step.known else "its own answers (the right ones are unknown)"
        if not step.trace.apart:
            truth = "all answers together"
        mean = f"the mean of all {count} is {fixed(step.loss)}"
        flow = " The errors of all steps now flow back together." if self.diagram.remembers else ""
        return f"The loss: {self.diagram.charged} {truth}; {mean}.{flow}"

    def _backward_caption(self, moment: PlayMoment) -> str:
        diagram, sentences = self.diagram, []
        if moment.answers:
            several = len(moment.answers) > 1
            which = "every answer" if several else f"step {diagram.columns[moment.answers[0]].step}"
            error = "its probabilities, minus 1 at the target" if diagram.numbers is None else "how far off it is"
            sentences.append(f"Backwards: the error of {which} ({error}) comes in.")
        if moment.gathers:
            sentences.append(
                "Backwards: every place gets the same gradient."
                if diagram.padded
                else f"Backwards: the gradient is handed back to the states it came from ({diagram.pooling})."
            )
        if (place := self.cell) is not None:
            row, item = diagram.rows[place[0]], diagram.columns[place[1]]
            h = "h" + subscript(item.step)
            norm = f"‖∂loss/∂{h}‖ = {in_figures(self.gradient(place), 2)}"
            begins = place[1] == row.first
            if not diagram.remembers:
                goes = "Nothing flows on: each symbol starts from zeros."
            elif begins and not diagram.takes_over(row.part):
                goes = "This is the first step."
            else:
                goes = f"It flows on to {'the encoder' if begins else 'h' + subscript(item.step - 1)}."
                if begins and diagram.attends:
                    goes = "It flows on to the encoder, also by attention."
            sentences.append(f"{self._name(place[1])}: {norm}. {goes}")
        return " ".join(sentences)

    def _weights_caption(self) -> str:
        step = self.step
        norm, limit = in_figures(step.gradient_norm), in_figures(step.clip * step.gradient_norm)
        clipped = f" (norm {norm}, clipped to norm {limit})" if step.clip < 1 else ""
        decimals = max(0, 3 - math.floor(math.log10(step.loss))) if 0 < step.loss < math.inf else 3
        kind = f"plain gradient descent, not {self.optimizer}" if self.optimizer else "plain gradient descent"
        return (
            f"The weights: each moves by −{step.rate:g} times its gradient{clipped}. "
            f"Loss of this example: {fixed(step.loss, decimals)} → {fixed(step.loss_after, decimals)}. This is {kind}."
        )


def written_gradient(size: float, fits: Callable[[str], bool]) -> str:
    """ "∂ 0.0021", or shorter where it does not fit: "∂ 0.002", "0.002", "2e−3"."""
    forms = (f"∂ {size:.2g}", f"∂ {size:.1g}", f"{size:.1g}", f"{size:.0e}")
    shown = [*map(with_minus, forms)]
    return next(filter(fits, shown), shown[-1])
