"""What the data says about the text of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import engine
from engine.data.examples import Examples
from engine.data.numbers.recording import NetworkInput
from engine.inspection.text_search import is_example, truth_of


@dataclass(frozen=True)
class KnownAnswer:
    """The answer to a text in the data, () if unknown, and whether the text is a whole example."""

    tokens: Any = ()
    truth: tuple[str, ...] = ()
    ends: bool = False


def known_answer(snapshot: engine.Snapshot, probe: NetworkInput, examples: Sequence[Examples]) -> KnownAnswer:
    """Look up the probe in the examples; runs in the background."""
    tokens = snapshot.codec.source_of(probe)
    return KnownAnswer(tokens, truth_of(tokens, examples), is_example(tokens, examples))
