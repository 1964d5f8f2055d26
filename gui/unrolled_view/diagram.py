"""What the picture of the unrolled network shows, as plain values.

Letters: T columns (steps of all parts), H hidden units. A column is one step in time; a row is one recurrent layer
in one direction, with one cell in each column of its part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

import engine
from engine.cells import CELLS
from engine.data.vocabulary import END
from engine.inspection.text_search import as_typed
from engine.models import ReadOut, Stage, typical

Floats = NDArray[np.floating]

UNTRAINED_STEPS = 7  # columns drawn when there is neither a text nor a network yet
MOST_TILES = 512  # tiles of a state that can still be told apart inside a cell
TILE_ASPECT = 2.2  # width : height of the tile grid that fills a cell well


@dataclass(frozen=True)
class DiagramColumn:
    """One step: what goes in below, what comes out above."""

    part: str
    step: int  # counted from 1 inside its part
    below: str = ""
    above: str = ""
    probability: float = math.nan
    fed_back: bool = False  # `below` is what the column before put out
    target: str = ""  # what should have come out, where it is known and differs
    unknown: bool = False  # `below` is a symbol that the network does not know


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
    layer: int = -1  # index into Trace.layers, −1 when nothing has been computed
    states: Floats | None = field(default=None, compare=False)  # (steps, H)


@dataclass(frozen=True)
class Diagram:
    """The whole picture. `attention` is (target steps, source steps) or None."""

    columns: tuple[DiagramColumn, ...] = ()
    rows: tuple[LayerRow, ...] = ()
    cell: str = ""
    shape: str = ""
    attention: Floats | None = field(default=None, compare=False)
    attends: bool = False  # whether a decoder looks back at all states of the encoder
    pools: bool = False  # whether the one answer is read from all states, not from the last

    @property
    def remembers(self) -> bool:
        """Whether a state is carried from step to step."""
        return not self.shape or typical(self.shape).remembers

    def feeds_back(self, part: str) -> bool:
        """Whether each output of a part is its next input."""
        return bool(self.shape) and _stage(self.shape, part).fed_back

    def hands_over(self, part: str) -> bool:
        """Whether a part only reads, and the next one begins with its last state."""
        return bool(self.shape) and _stage(self.shape, part).read_out is ReadOut.NEVER

    def takes_over(self, part: str) -> bool:
        """Whether a part begins with the last state of the part before it."""
        return bool(self.shape) and part != typical(self.shape).stages[0].name

    @property
    def answers_once(self) -> bool:
        """Whether there is one answer, after the last step."""
        return bool(self.shape) and typical(self.shape).stages[-1].read_out is ReadOut.LAST

    @property
    def both_ways(self) -> bool:
        """Whether some layer reads the text from its end as well."""
        return any(row.backward for row in self.rows)

    @property
    def reads_ends(self) -> bool:
        """Whether the answer is read from the last state of each direction."""
        return self.answers_once and not self.pools

    @property
    def levels(self) -> int:
        """Rows of cells above each other."""
        return 1 + max((row.level for row in self.rows), default=-1)

    def row_at(self, column: int, level: int) -> int | None:
        """The row that has a cell in this column at this level, if any."""
        for index, row in enumerate(self.rows):
            if row.level == level and row.first <= column < row.first + row.steps:
                return index
        return None


def _stage(shape: str, part: str) -> Stage:
    return next(stage for stage in typical(shape).stages if stage.name == part)


def tile_grid(units: int) -> tuple[int, int]:
    """Rows and columns of the grid in which `units` numbers are shown; without gaps where the number allows it."""
    units = max(1, min(units, MOST_TILES))
    divisors = [rows for rows in range(1, units + 1) if units % rows == 0]
    rows = min(divisors, key=lambda r: abs(math.log(units / r / r / TILE_ASPECT)))
    if 0.25 <= units / rows / rows / TILE_ASPECT <= 4.0:
        return rows, units // rows
    rows = max(1, round(math.sqrt(units / TILE_ASPECT)))
    return rows, math.ceil(units / rows)


def pooled(states: Floats) -> Floats:
    """(steps, H) → (steps, min(H, MOST_TILES)): of neighbours that share a tile the one farthest from zero."""
    steps, units = states.shape
    if units <= MOST_TILES:
        return states
    share = math.ceil(units / MOST_TILES)
    padded = np.zeros((steps, share * math.ceil(units / share)), states.dtype)
    padded[:, :units] = np.nan_to_num(states, nan=0.0)
    groups = padded.reshape(steps, -1, share)
    farthest = np.abs(groups).argmax(axis=2)
    return np.take_along_axis(groups, farthest[:, :, None], axis=2)[:, :, 0]


def from_trace(
    trace: engine.Trace,
    config: engine.ModelConfig,
    tokens: Sequence[str] = (),
    truth: Sequence[str] = (),
    *,
    ends: bool = False,
) -> Diagram:
    """The picture of one text as a network reads it.

    tokens: the text's own symbols, where some are unknown. truth: what should come out, where the trace does not know.
    ends: whether it is known that the text ends with its last symbol; one that was typed may go on.
    """
    shape = config.architecture
    columns = _columns(trace, shape, tokens, _targets(trace, shape, truth, ends), truth)
    first_of: dict[str, int] = {}
    for i, column in enumerate(columns):
        first_of.setdefault(column.part, i)
    rows, levels = [], dict.fromkeys(first_of, 0)
    for index, layer in enumerate(trace.layers):
        if layer.part not in first_of or not len(layer.states):
            continue
        rows.append(
            LayerRow(
                layer.name,
                layer.part,
                levels[layer.part],
                first_of[layer.part],
                len(layer.states),
                layer.direction == "backward",
                layer.layer,
                index,
                layer.states,
            )
        )
        levels[layer.part] += 1
    attends, pools = trace.attention is not None, config.pooling != "last"
    return Diagram(columns, tuple(rows), CELLS[config.cell].title, shape, trace.attention, attends, pools)


def _columns(
    trace: engine.Trace, shape: str, tokens: Sequence[str], targets: Mapping[int, str], truth: Sequence[str]
) -> tuple[DiagramColumn, ...]:
    """One column for each input of each part, in the order of time."""
    if not trace.inputs:  # the padded network reads all symbols at once and answers once
        answer, wanted = trace.outputs[0], truth[0] if truth else ""
        last = DiagramColumn(
            "", len(tokens), tokens[-1], answer, float(trace.output_probability[0]), target=_differing(wanted, answer)
        )
        return (*(DiagramColumn("", i + 1, token) for i, token in enumerate(tokens[:-1])), last)
    inputs, unknowns = as_typed(trace.inputs, tokens, typical(shape))
    columns: list[DiagramColumn] = []
    for i, (part, step) in enumerate(_parts(trace)):
        above, below = trace.outputs[i], inputs[i]
        feeds = _stage(shape, part).fed_back and step > 1
        columns.append(
            DiagramColumn(
                part,
                step,
                below,
                above,
                float(trace.output_probability[i]) if above else math.nan,
                feeds and columns[-1].above == below,
                _differing(targets.get(i, ""), above),
                unknowns[i],
            )
        )
    return tuple(columns)


def _differing(target: str, answer: str) -> str:
    return "" if target == answer else target


def _targets(trace: engine.Trace, shape: str, truth: Sequence[str], ends: bool) -> dict[int, str]:
    """What should stand above each step, as far as that is known.

    A decoder that reads its own words is compared up to its first other one: what follows answers another question.
    """
    if trace.known:
        known = dict(zip(trace.output_steps, trace.targets, strict=False))
        return {step: symbol for step, symbol in known.items() if ends or symbol != END}
    if not truth:
        return {}
    if not typical(shape).stages[-1].fed_back:
        return dict(zip(trace.output_steps, truth, strict=False))
    wanted = (*truth, END)
    written = [trace.outputs[step] for step in trace.output_steps]
    pairs = zip(written, wanted, strict=False)
    agreed = next((i for i, (one, other) in enumerate(pairs) if one != other), len(wanted))
    return dict(zip(trace.output_steps[: agreed + 1], wanted, strict=False))


def _parts(trace: engine.Trace) -> list[tuple[str, int]]:
    """Part and step (from 1) of every column."""
    lengths: dict[str, int] = {}
    for layer in trace.layers:
        lengths.setdefault(layer.part, len(layer.inputs))
    return [(part, step + 1) for part, length in lengths.items() for step in range(length)]


def untrained(config: engine.ModelConfig, steps: int = UNTRAINED_STEPS) -> Diagram:
    """The picture of a network that has not read anything yet: its shape, with empty cells."""
    shape = config.architecture
    stages = typical(shape).stages
    length = max(1, steps // len(stages))
    columns: list[DiagramColumn] = []
    rows: list[LayerRow] = []
    for stage in stages:
        part, first, level = stage.name, len(columns), 0
        for step in range(1, length + 1):
            reads_out = stage.read_out is ReadOut.EVERY or (stage.read_out is ReadOut.LAST and step == length)
            columns.append(
                DiagramColumn(part, step, "…", "?" if reads_out else "", fed_back=stage.fed_back and step > 1)
            )
        both = config.bidirectional and stage.whole_input
        for layer in range(config.num_layers):
            for backward in (False, True) if both else (False,):
                rows.append(LayerRow(f"layer {layer + 1}", part, level, first, length, backward, layer))
                level += 1
    attends = config.attention and "attention" not in typical(shape).unused
    pools = config.pooling != "last"
    return Diagram(tuple(columns), tuple(rows), CELLS[config.cell].title, shape, attends=attends, pools=pools)
