"""What the panels look at: the probe text, or what the network writes when there is none. For the background."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

import engine
from engine.data.bulk.ragged import BLOCK
from engine.data.examples import Examples
from engine.data.vocabulary import UNKNOWN

LONGEST_LOOK = 10_000  # symbols of a text that are looked at
LONGEST_ANSWERED = 300  # of a text that a decoder answers symbol by symbol: its answer may be as long again


@dataclass(frozen=True, eq=False)
class Look:
    """A trace with what is needed to read it."""

    trace: engine.Trace
    tokens: tuple[str, ...]  # as typed; the trace shows those that the network does not know as unknown
    config: engine.ModelConfig


def as_typed(inputs: Sequence[str], tokens: Sequence[str], shape: str) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """(T,) inputs of a network with the text's own symbols where it knows them as unknown only, and which those are."""
    starts = 1 if shape in ("one-to-one", "one-to-many") and len(inputs) > len(tokens) else 0
    unknown = tuple(symbol == UNKNOWN and 0 <= i - starts < len(tokens) for i, symbol in enumerate(inputs))
    return tuple(tokens[i - starts] if unknown[i] else symbol for i, symbol in enumerate(inputs)), unknown


def text_to_look_at(model: engine.Model, snapshot: engine.Snapshot, probe: str, label: str | None) -> tuple[str, ...]:
    """The symbols of the probe; those of the most probable text of a generator when the probe is empty."""
    tokens = snapshot.codec.tokenize(probe)
    if not tokens and snapshot.config.architecture == "one-to-many":
        tokens = model.generate(count=1, label=label, temperature=0.0)[0].tokens
    answered = snapshot.config.architecture == "encoder-decoder"
    return tokens[: LONGEST_ANSWERED if answered else LONGEST_LOOK]


def left_out(cut: int, most: int) -> str:
    """Words for a view that looks at the end of a long text only: `cut` symbols before it are not looked at."""
    return f"the last {most:,} symbols only; {cut:,} before them are left out"


def look(snapshot: engine.Snapshot, probe: str, label: str | None) -> Look | None:
    """How the network reads the probe; None when there is nothing to read."""
    model = snapshot.model()
    tokens = text_to_look_at(model, snapshot, probe, label)
    if not tokens:
        return None
    trace = engine.trace(model, tokens, label=label)
    return Look(trace, tokens, snapshot.config)


def places_of(tokens: Sequence[str], part: Examples) -> Iterator[int]:
    """Numbers of the examples that consist of these symbols."""
    ids, rows = part.codec.source.encode(tokens), part.source
    if not ids.all():  # 0 is what never occurred
        return
    for begin in range(0, len(rows), BLOCK):  # numbers of all rows at once would take more memory than the data
        starts = rows.offsets[begin : begin + BLOCK + 1]
        same = np.flatnonzero(np.diff(starts) == len(ids))
        for place, symbol in enumerate(ids.tolist()):
            if not len(same):
                break
            same = same[rows.packed[starts[same] + place] == symbol]
        yield from (begin + int(row) for row in same)


def is_example(tokens: Sequence[str], examples: Sequence[Examples]) -> bool:
    """Whether a text is one of the examples, from beginning to end."""
    return any(True for part in examples for _ in places_of(tokens, part))


def truth_of(tokens: Sequence[str], examples: Sequence[Examples]) -> tuple[str, ...]:
    """The target of a text that is one of the examples; () where it is none of them, or where they disagree."""
    told = [part for part in examples if part.codec.target is not None]
    found = {part[place].target for part in told for place in places_of(tokens, part)}
    return found.pop() if len(found) == 1 else ()
