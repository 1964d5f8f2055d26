"""The contents of the picture of the unrolled network, as plain values.

Letters: T columns (steps of all parts), H hidden units. A column is one step in time; a row is one recurrent layer
in one direction, with one cell in each column of its part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, zip_longest

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from engine.models import Model, ReadOut, Stage, representative
from engine.network.number_scorers import BAND

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]
CellPlace = tuple[int, int]  # row and column of a cell

MOST_TILES = 512  # tiles of a state that can still be told apart inside a cell
TILE_ASPECT = 2.2  # width : height of the tile grid that fills a cell well
ZEROS = "0"  # what a first state is usually


@dataclass(frozen=True)
class DiagramColumn:
    """One step: what goes in below, what comes out above."""

    part: str
    step: int  # counted from 1 inside its part
    below: str = ""
    above: str = ""
    probability: float = math.nan
    fed_back: bool = False  # `below` is the output of the column before
    target: str = ""  # the right answer, if it is known and differs
    unknown: bool = False  # `below` is a symbol that the network does not know
    truth: str = ""  # the right answer, if known
    loss: float = math.nan  # nats that its probability costs
    padding: int = 0  # how many places after the text this column stands for; they are zero
    cut: bool = False  # after the last place, so that the network does not see it
    typed: str = ""  # the right answer as it was typed, if the network does not know it

    @property
    def truth_shown(self) -> str:
        """The right answer as it is written, if it is known."""
        return self.typed or self.truth


@dataclass(frozen=True)
class LayerRow:
    """One recurrent layer in one direction: cells in the columns `first` … `first + steps − 1`."""

    name: str
    part: str
    level: int  # 0 is the lowest row of its part
    first: int
    steps: int
    backward: bool = False
    depth: int = 0  # number of the layer, from 0; both directions of a layer share it
    layer: int = -1  # index into Trace.layers, −1 if nothing has been computed
    states: Floats | None = field(default=None, compare=False)  # (steps, H)


@dataclass(frozen=True)
class Entrance:
    """How symbols enter the first layer of a part: `names` of the stretches of their vectors, with `sizes`.

    vectors (T, D), D the sum of the sizes: None for one-hot symbols, and before anything has been read. standard:
    whether numbers are in standard deviations from their mean in training, of which FULL_COLOR have the full colour; in
    other stretches the largest has it.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    vectors: Floats | None = field(default=None, compare=False)
    standard: bool = False

    @property
    def learned(self) -> bool:
        """Whether symbols are looked up in a table of vectors, not one-hot."""
        return self.names[0] == EMBEDDING


FULL_COLOR = 2.0
LEAST_AMONG_OTHERS = 0.2  # the least attention that is drawn of all columns
EMBEDDING, ONE_HOT, SPELLING, NEIGHBOURS = "embed", "one-hot", "spelling", "beside"
NUMBERS, LINEAR = "values", "linear"


@dataclass(frozen=True, eq=False)
class Outcomes:
    """All distributions of the softmax: probabilities (M, K) of K symbols, each above the column in `columns` (M,).

    copied (M, K): the part of each probability that is copied from the source; None if the network cannot copy.
    """

    symbols: tuple[str, ...]
    probabilities: Floats
    columns: tuple[int, ...]
    copied: Floats | None = None

    def copied_share(self, column: int) -> float:
        """How much of the whole distribution above a column is copied; NaN where nothing can be."""
        return math.nan if self.copied is None else float(self.copied[self.columns.index(column)].sum())

    def copied_part(self, column: int, symbol: str) -> float:
        """The copied part of the probability of a symbol above a column; NaN where nothing can be copied."""
        if self.copied is None or symbol not in self.symbols:
            return math.nan
        return float(self.copied[self.columns.index(column), self.symbols.index(symbol)])

    def shared_error(self, column: int, truth: str) -> float:
        """How much of a step's error goes to what is copied: as large a share of it as of the probability of the right
        answer. NaN where nothing can be copied."""
        part = self.copied_part(column, truth)
        if math.isnan(part):
            return math.nan
        whole = float(self.probabilities[self.columns.index(column), self.symbols.index(truth)])
        return part / whole if whole > 0 else math.nan

    def top(self, column: int, count: int, chosen: str = "") -> list[tuple[str, float]]:
        """The most probable symbols above a column, best first; [] if nothing is read out there. chosen: the answer,
        which comes first even if it was chosen together with others and is not the most probable one by itself."""
        begin = self.columns[0] if self.columns else 0
        row = column - begin
        if not 0 <= row < len(self.columns):
            return []
        values = self.probabilities[row]
        if np.isnan(values).any():
            values = np.nan_to_num(values, nan=0.0)
        count = min(count, len(values))
        best = np.argpartition(-values, count - 1)[:count]
        best = best[np.argsort(-values[best], kind="stable")]
        if chosen != self.symbols[best[0]] and chosen in self.symbols:
            at = self.symbols.index(chosen)
            best = np.r_[at, best[best != at]][:count]
        return [(self.symbols[i], float(values[i])) for i in best.tolist()]


@dataclass(frozen=True, eq=False)
class NumberAnswers:
    """Predicted numbers (M, D), in their own units, each row above the column in `columns` (M,).

    deviations: how far they may be off, NaN if that is not learned. truths: None if they are not known. names (D,): of
    the numbers. usual (D,): one standard deviation of such numbers.
    """

    means: Floats
    deviations: Floats
    truths: Floats | None
    columns: tuple[int, ...]
    names: tuple[str, ...] = ()
    usual: tuple[float, ...] = ()

    @property
    def several(self) -> bool:
        """Whether a prediction is several numbers, each of which has a line."""
        return bool(self.means.shape[1] > 1)

    def at(self, column: int, number: int) -> tuple[float, float, float]:
        """Mean, deviation and truth of one of the D numbers above a column; NaN if unknown."""
        row = self.columns.index(column)
        truth = math.nan if self.truths is None else float(self.truths[row, number])
        return float(self.means[row, number]), float(self.deviations[row, number]), truth

    def limits(self, number: int) -> tuple[float, float]:
        """The range that has to be shown for one of the D numbers."""
        return self._limits[number]

    @cached_property
    def _limits(self) -> tuple[tuple[float, float], ...]:
        """The range of each of the D numbers; cached, because every painted column asks for it. That of a single
        prediction without a band is as wide as such numbers vary: however near the truth is, it would stand at its
        end."""
        reach = BAND * np.nan_to_num(self.deviations)
        if len(self.means) == 1 and self.usual and not np.isfinite(self.deviations).any():
            reach = np.asarray(self.usual)
        shown = [self.means - reach, self.means + reach, *([] if self.truths is None else [self.truths])]
        columns = (column[np.isfinite(column)] for column in np.concatenate(shown).T)
        return tuple((float(c.min()), float(c.max())) if len(c) else (0.0, 1.0) for c in columns)


@dataclass(frozen=True)
class Diagram:
    """The whole picture.

    attention: (target steps, source steps) or None. network: the kind of network; `shape` stands in for it before there
    is data. entrances: by part. winners (S,): see `Trace`. hidden (S,): of a network without cells.
    """

    columns: tuple[DiagramColumn, ...] = ()
    rows: tuple[LayerRow, ...] = ()
    cell: str = ""
    shape: str = ""
    attention: Floats | None = field(default=None, compare=False)
    attends: bool = False  # whether a decoder looks back at all states of the encoder
    pooling: str = ""  # how all states become the one that the answer is read from; "" if that is the last one
    network: type[Model] | None = None
    outcomes: Outcomes | None = field(default=None, compare=False)
    entrances: Mapping[str, Entrance] = field(default_factory=dict, compare=False)
    dropout: float = 0.0
    winners: Ints | None = field(default=None, compare=False)
    hidden: Floats | None = field(default=None, compare=False)
    scorer: str = "softmax"  # what turns scores into probabilities
    units: int = 0  # of the hidden layer of a network without cells
    numbers: NumberAnswers | None = field(default=None, compare=False)  # instead of outcomes
    word_counts: bool = False  # whether counted words are added to the scores of the one answer
    joint: bool = False  # whether all answers have one loss together
    beginning: QImage | None = field(default=None, compare=False)  # the picture that the first state is made from
    trained: int | None = field(default=None, compare=False)  # training steps of the weights; None: nothing is computed
    lag: int = 0  # steps back of the value from which a predicted number counts; 0 if it stands for itself
    own_targets: bool = False  # whether the right answers are unknown, and the network's own stand in their place
    forced: bool = False  # whether the right symbols are read, even where all answers happen to be the same
    copies: bool = False  # whether part of each probability is copied from the source
    tied: bool = False  # whether answers are scored against the embeddings of the symbols that are read
    drawn: int = 0  # how many symbols drawn at random a training step scores; 0 if it scores all

    @cached_property
    def _stages(self) -> tuple[Stage, ...]:
        model = self.network or (representative(self.shape) if self.shape else None)
        return () if model is None else model.stages

    def _stage(self, part: str) -> Stage | None:
        return next((stage for stage in self._stages if stage.name == part), None)

    @cached_property
    def looked_at(self) -> tuple[tuple[int, ...], ...]:
        """The columns of the encoder that each step of the decoder looks at most; cached, because every painted column
        asks for them."""
        found = []
        for weights in () if self.attention is None else self.attention:
            strong, most = weights > LEAST_AMONG_OTHERS, int(np.argmax(weights))
            strong[most] |= bool(weights[most] > 0)  # however evenly a step looks at everything
            found.append(tuple(int(source) for source in np.flatnonzero(strong)))
        return tuple(found)

    @property
    def charged(self) -> str:
        """What the loss is, in words, up to those for the right answer."""
        if self.numbers is None:
            return "−ln of the probability of"
        spread = np.isfinite(self.numbers.deviations).any()
        return "−ln of the density of" if spread else "the squared distance, in standard deviations, from"

    @property
    def predicts_several(self) -> bool:
        """Whether there are several numbers above each step."""
        return self.numbers is not None and self.numbers.several

    @cached_property
    def pools(self) -> bool:
        """Whether the single answer is read from all states, not from the last."""
        return bool(self.pooling)

    @cached_property
    def remembers(self) -> bool:
        """Whether a state is carried from step to step."""
        model = self.network or (representative(self.shape) if self.shape else None)
        return model is None or model.remembers

    @cached_property
    def longest_symbol(self) -> str:
        """The longest of all symbols or numbers that go in or come out."""
        return max((text for column in self.columns for text in (column.below, column.above)), key=len, default="")

    @cached_property
    def uncompared(self) -> int | None:
        """The first column that has no right answer, because what it reads is an answer that differs from the right
        one; None if there is no such column."""
        pairs = enumerate(pairwise(self.columns), start=1)
        return next((i for i, (one, item) in pairs if one.target and item.fed_back and not item.truth), None)

    @cached_property
    def uncounted(self) -> int:
        """How many columns at the start have no loss, because there is no value early enough for what they predict."""
        return min(max(self.lag - 1, 0), len(self.columns))

    @cached_property
    def padded(self) -> bool:
        """Whether there are no cells, because every place of a padded text has weights of its own."""
        return self.network is not None and not self.network.stages

    def feeds_back(self, part: str) -> bool:
        """Whether each output of a part is its next input."""
        stage = self._stage(part)
        return stage is not None and stage.fed_back

    def follows_itself(self, part: str) -> bool:
        """Whether a part reads its own outputs at all steps, and not the right symbols, be they the same."""
        own = [column for column in self.columns if column.part == part]
        return self.feeds_back(part) and not self.forced and all(column.fed_back for column in own[1:])

    def hands_over(self, part: str) -> bool:
        """Whether a part only reads, and the next part starts from its last state."""
        stage = self._stage(part)
        return stage is not None and stage.read_out is ReadOut.NEVER

    def begins_with(self, part: str) -> str:
        """What the state before the first step is, where a part does not take over that of another."""
        stage = self._stage(part)
        return (stage.begins_with if stage is not None else "") or ZEROS

    def takes_over(self, part: str) -> bool:
        """Whether a part starts from the last state of the part before it."""
        return bool(self._stages) and part != self._stages[0].name

    def reads_same(self, other: Diagram) -> bool:
        """Whether another picture is of the same kind of network and text: they differ at most in the answers that are
        read back, or the right ones in their place."""
        return self.shape == other.shape and all(
            (one is not None and two is not None and one.below == two.below)
            or any(column is not None and column.fed_back for column in (one, two))
            or all(column is None or self._answers_another(column.part) for column in (one, two))
            for one, two in zip_longest(self.columns, other.columns)
        )

    def _answers_another(self, part: str) -> bool:
        """Whether a part reads nothing of the text itself."""
        return self.takes_over(part) and self.feeds_back(part)

    def symbol_at(self, column: int) -> str:
        """What a column reads; "" where it reads numbers, below which only the number of the step stands."""
        entrance = self.entrances.get(self.columns[column].part)
        return "" if entrance is not None and NUMBERS in entrance.names else self.columns[column].below

    @cached_property
    def answers_once(self) -> bool:
        """Whether there is one answer, after the last step."""
        return self.padded or (bool(self._stages) and self._stages[-1].read_out is ReadOut.LAST)

    @cached_property
    def both_ways(self) -> bool:
        """Whether any layer also reads the text from its end."""
        return any(row.backward for row in self.rows)

    @cached_property
    def reads_ends(self) -> bool:
        """Whether the single answer is read from the last state of each direction."""
        return self.answers_once and not self.pools and not self.padded

    @cached_property
    def part_starts(self) -> list[int]:
        """Columns in which a part begins."""
        columns = self.columns
        return [i for i in range(len(columns)) if i == 0 or columns[i].part != columns[i - 1].part]

    @cached_property
    def levels(self) -> int:
        """How many rows of cells are above each other."""
        return 1 + max((row.level for row in self.rows), default=-1)

    @cached_property
    def answer(self) -> int:
        """The column with the single answer; before there is one, the last column."""
        return next((i for i, column in enumerate(self.columns) if column.above), len(self.columns) - 1)

    def output_of(self, selected: tuple[int, int] | None) -> int | None:
        """The column whose distribution belongs to the selected cell, or that has the single answer."""
        if self.answers_once and self.columns:
            return self.answer
        return selected[1] if selected is not None and self.columns[selected[1]].above else None

    def row_at(self, column: int, level: int) -> int | None:
        """The row that has a cell in this column at this level, if any."""
        for index, row in enumerate(self.rows):
            if row.level == level and row.first <= column < row.first + row.steps:
                return index
        return None

    def turns_back(self, column: int, level: int) -> bool:
        """Whether the cell at this level reads the text from its end."""
        row = self.row_at(column, level)
        return row is not None and self.rows[row].backward

    def levels_of_layer(self, column: int, lowest: int) -> range:
        """The levels of the cells of a layer, from its lowest on: of one, or of one for each direction."""
        return range(lowest, lowest + 1 + self.turns_back(column, lowest + 1))


def tile_grid(units: int) -> tuple[int, int]:
    """Rows and columns of the grid in which `units` numbers are shown; without gaps if their number allows it."""
    units = max(1, min(units, MOST_TILES))
    divisors = [rows for rows in range(1, units + 1) if units % rows == 0]
    rows = min(divisors, key=lambda r: abs(math.log(units / r / r / TILE_ASPECT)))
    if 0.25 <= units / rows / rows / TILE_ASPECT <= 4.0:
        return rows, units // rows
    rows = max(1, round(math.sqrt(units / TILE_ASPECT)))
    return rows, math.ceil(units / rows)


def pooled(states: Floats, most: int = MOST_TILES) -> Floats:
    """(steps, H) → (steps, min(H, most)): of neighbours that share a tile, the one farthest from zero."""
    steps, units = states.shape
    if units <= most:
        return states
    share = math.ceil(units / most)
    padded = np.zeros((steps, share * math.ceil(units / share)), states.dtype)
    padded[:, :units] = np.nan_to_num(states, nan=0.0)
    groups = padded.reshape(steps, -1, share)
    farthest = np.abs(groups).argmax(axis=2)
    return np.take_along_axis(groups, farthest[:, :, None], axis=2)[:, :, 0]
