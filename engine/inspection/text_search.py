"""The text that panels look at: the probe or, if it is empty, the network's own text. Runs in the background."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.config import ModelConfig
from engine.data.bulk.ragged import BLOCK
from engine.data.examples import Example, Examples, SideValue
from engine.data.numbers.recording import NetworkInput
from engine.data.vocabulary import UNKNOWN, UNKNOWN_ID
from engine.inspection.trace import LayerTrace, Trace, trace
from engine.models import Model, Prediction
from engine.models.snapshot import Snapshot

LONGEST_LOOK = 10_000  # most symbols of a text that are traced
LONGEST_ANSWERED = 300  # the same for a decoder, whose answer may be as long again


@dataclass(frozen=True, eq=False)
class Look:
    """A trace with everything needed to show it."""

    trace: Trace
    tokens: Any  # as given: numbers, or symbols; the trace shows those that the network does not know as unknown
    config: ModelConfig
    model: type[Model]
    step: int = 0  # of training: whose weights it looks at


def as_typed(
    inputs: Sequence[str], tokens: Sequence[str], model: type[Model]
) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """(T,) inputs of a network, with its unknown symbols shown as typed, and a mask of those."""
    starts = inputs_before(inputs, tokens, model)
    unknown = tuple(symbol == UNKNOWN and 0 <= i - starts < len(tokens) for i, symbol in enumerate(inputs))
    return tuple(tokens[i - starts] if unknown[i] else symbol for i, symbol in enumerate(inputs)), unknown


def inputs_before(inputs: Sequence[str], tokens: Sequence[str], model: type[Model]) -> int:
    """How many of a network's inputs come before the text: a start token or a label, or none."""
    return 1 if model.predicts is Prediction.NEXT_SYMBOL and len(inputs) > len(tokens) else 0


def text_to_look_at(model: Model, snapshot: Snapshot, probe: NetworkInput, label: str | None) -> Any:
    """The symbols or numbers of the probe; if it is empty, the most probable text of a generator."""
    tokens = snapshot.codec.source_of(probe)
    answered = model.reads_first() and model.feeds_back()
    return (tokens if len(tokens) else model.own_text(label))[: LONGEST_ANSWERED if answered else LONGEST_LOOK]


def typed_inputs(layer: LayerTrace, found: Look) -> tuple[str, ...]:
    """(T,) inputs of a layer as `as_typed`; a later part does not read the typed text."""
    if layer.part != found.model.stages[0].name:
        return layer.inputs
    return as_typed(layer.inputs, found.tokens, found.model)[0]


def left_out(cut: int, most: int, unit: str) -> str:
    """A note for views that show only the end of a long text: `cut` symbols before it are left out. unit: the name of a
    symbol."""
    return f"only the last {most:,} {unit}s; the {cut:,} before them are left out"


def compared(model: Model, probe: NetworkInput, tokens: Any, truth: SideValue, label: str | None) -> Any:
    """The tokens of the probe as an example with its right answer, if that is known and they are all of them; else as
    they are. A network that reads its answers goes on from its own, so there it is only compared with the right one
    afterwards."""
    known = len(truth) and label is None and not model.feeds_back() and len(tokens) == len(model.tokens_of(probe))
    return Example(tokens, truth) if known else tokens


def look(snapshot: Snapshot, probe: NetworkInput, label: str | None, truth: SideValue = ()) -> Look | None:
    """How the network reads the probe; None when there is nothing to read. truth: the right answer, () if unknown."""
    model = snapshot.model()
    tokens = text_to_look_at(model, snapshot, probe, label)
    if len(tokens) == 0:
        return None
    text = compared(model, probe, tokens, truth, label)
    return Look(trace(model, text, label=label), tokens, snapshot.config, type(model), snapshot.step)


def places_of(tokens: Any, part: Examples) -> Iterator[int]:
    """Indices of the examples that consist of these symbols or numbers."""
    numbers, rows = part.codec.frames, part.source
    ids = part.codec.source.encode(tokens) if numbers is None else numbers.standardise(tokens)
    if numbers is None and (ids == UNKNOWN_ID).any():  # never occurred
        return
    for begin in range(0, len(rows), BLOCK):  # numbers of all rows at once would take more memory than the data
        starts = rows.offsets[begin : begin + BLOCK + 1]
        same = np.flatnonzero(np.diff(starts) == len(ids))
        for place, symbol in enumerate(ids.tolist()):
            if not len(same):
                break
            equal = rows.packed[starts[same] + place] == symbol
            same = same[equal if numbers is None else equal.all(axis=1)]
        yield from (begin + int(row) for row in same)


def is_example(tokens: Any, examples: Sequence[Examples]) -> bool:
    """Whether a text is one of the examples, from beginning to end."""
    return any(True for part in examples for _ in places_of(tokens, part))


def truth_of(tokens: Any, examples: Sequence[Examples]) -> SideValue:
    """The target of a text that is one of the examples; () if it is not, or if several disagree."""
    answered = [part for part in examples if part.codec.target is not None or part.codec.values is not None]
    found = {part[place] for part in answered for place in places_of(tokens, part)}
    return found.pop().target if len(found) == 1 else ()
