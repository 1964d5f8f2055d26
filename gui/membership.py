"""Whether a text is one of the data: known from training, seen in validation only, or new."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

import engine

Ids = NDArray[np.int32]
MOST_COMPARED = 300_000  # symbols of training texts: about 10 ms a comparison
TRAIN, VALIDATION, NEW = "in training data", "in validation data", "new"


class Membership:
    """Asks after texts of one data set. The first question takes a moment: it belongs in the background."""

    def __init__(self, dataset: engine.Dataset) -> None:
        self.dataset = dataset

    def __call__(self, tokens: Sequence[str]) -> str:
        """TRAIN, VALIDATION or NEW; "" where the data are not there."""
        if not self._train:
            return ""
        key = self.dataset.codec.source.encode(tokens).tobytes()
        return TRAIN if key in self._train else VALIDATION if key in self._validation else NEW

    def nearest(self, tokens: Sequence[str]) -> tuple[str, int] | None:
        """The training text that the fewest changes of single symbols turn into this one, and how many they are.

        None where the data are too long or too many to compare with at once.
        """
        table = self._table
        if table is None:
            return None
        distances = edit_distances(self.dataset.codec.source.encode(tokens), *table)
        best = int(distances.argmin())
        return self.dataset.codec.join(self.dataset.train[best].source), int(distances[best])

    @cached_property
    def _table(self) -> tuple[Ids, Ids] | None:
        """Ids of all training texts (N, longest), padded with −1, and their lengths (N,)."""
        source = self.dataset.train.source
        lengths = np.asarray(source.lengths, np.int32)
        longest = int(lengths.max(initial=0))
        if not len(lengths) or len(lengths) * longest > MOST_COMPARED:
            return None
        table = np.full((len(lengths), longest), -1, np.int32)
        table[np.arange(longest) < lengths[:, None]] = source.values
        return table, lengths

    @cached_property
    def _train(self) -> frozenset[bytes]:
        return _keys(self.dataset.train)

    @cached_property
    def _validation(self) -> frozenset[bytes]:
        return _keys(self.dataset.validation)


def edit_distances(ids: Ids, table: Ids, lengths: Ids) -> Ids:
    """ids (L,), table (N, M) padded, lengths (N,) → (N,) Levenshtein distances, all rows at once.

    Within a row of the usual scheme, d[j] = min(best[j], d[j−1] + 1) is j + the running minimum of best[j] − j.
    """
    places = np.arange(table.shape[1] + 1, dtype=np.int32)
    before = np.tile(places, (len(table), 1))
    for i, symbol in enumerate(ids.tolist(), 1):
        row = np.empty_like(before)
        row[:, 0] = i
        np.minimum(before[:, :-1] + (table != symbol), before[:, 1:] + 1, out=row[:, 1:])
        before = np.minimum.accumulate(row - places, axis=1) + places
    return np.asarray(before[np.arange(len(table)), lengths])


def _keys(examples: engine.Examples) -> frozenset[bytes]:
    """The ids of each text as bytes: they compare and hash fast, and share nothing that changes."""
    values = np.ascontiguousarray(examples.source.values, np.int32)
    data, offsets = values.tobytes(), (examples.source.offsets * values.itemsize).tolist()
    return frozenset(data[a:b] for a, b in pairwise(offsets))
