"""Whether a text is one of the data: known from training, seen in validation only, or new."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

import engine

TRAIN, VALIDATION, NEW = "in training data", "in validation data", "new"


class Membership:
    """Asks after texts of one data set. The first question takes a moment: it belongs in the background."""

    def __init__(self, dataset: engine.Dataset) -> None:
        self.dataset = dataset

    def __call__(self, tokens: Sequence[str]) -> str:
        """TRAIN, VALIDATION or NEW."""
        key = self.dataset.codec.source.encode(tokens).tobytes()
        return TRAIN if key in self._train else VALIDATION if key in self._validation else NEW

    @cached_property
    def _train(self) -> frozenset[bytes]:
        return _keys(self.dataset.train)

    @cached_property
    def _validation(self) -> frozenset[bytes]:
        return _keys(self.dataset.validation)


def _keys(examples: engine.Examples) -> frozenset[bytes]:
    """The ids of each text as bytes: they compare and hash fast, and share nothing that changes."""
    values = np.ascontiguousarray(examples.source.values, np.int32)
    data, offsets = values.tobytes(), (examples.source.offsets * values.itemsize).tolist()
    return frozenset(data[a:b] for a, b in pairwise(offsets))
