"""How often each symbol follows each other symbol: counted in the training data, and according to the network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.data.codec import Kind
from engine.data.dataset import Dataset
from engine.data.vocabulary import END_ID, FIRST_ID
from engine.models.snapshot import Snapshot
from engine.types import DoubleArray

MOST_SYMBOLS = 30  # only the most frequent ones, so that the table stays readable


@dataclass(frozen=True, eq=False)
class Counted:
    """shares (R, C): how often each column's symbol follows each row's. frequency (R,): share of each row. Symbols: ""
    is the start.

    columns: ids of what follows.
    """

    rows: tuple[str, ...]
    columns: tuple[int, ...]
    shares: DoubleArray
    frequency: DoubleArray


class Bigrams:
    """Counts of one data set. The first call is slow and belongs in the background."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    @cached_property
    def counted(self) -> Counted:
        """The table of the most frequent symbols, from the training part."""
        codec, source = self.dataset.codec, self.dataset.train.source
        size = len(codec.source)
        running = codec.kind == Kind.STREAM
        ids = np.asarray(codec.source.known(source.values), np.int64)
        before = np.concatenate([[size], ids[:-1]]) if len(ids) else ids
        after = ids
        if not running and len(ids):
            offsets = np.asarray(source.offsets)
            filled = np.asarray(source.lengths) > 0
            before[offsets[:-1][filled]] = size  # the start of a text
            before = np.concatenate([before, ids[offsets[1:][filled] - 1]])
            after = np.concatenate([ids, np.full(int(filled.sum()), END_ID)])
        elif running:
            before, after = ids[:-1], ids[1:]
        frequent = range(FIRST_ID, min(size, FIRST_ID + MOST_SYMBOLS))
        shown = np.array(sorted(frequent, key=lambda i: codec.source.symbols[i]), np.int64)
        columns = shown if running else np.append(shown, END_ID)
        rows = shown if running else np.append(size, shown)
        row_of, column_of = np.full(size + 1, -1), np.full(size + 1, -1)
        row_of[rows], column_of[columns] = np.arange(len(rows)), np.arange(len(columns))
        row, column = row_of[before], column_of[after]
        totals = np.bincount(row[row >= 0], minlength=len(rows)).astype(np.float64)
        both = (row >= 0) & (column >= 0)
        counts = np.bincount(row[both] * len(columns) + column[both], minlength=len(rows) * len(columns))
        shares = counts.reshape(len(rows), len(columns)) / np.maximum(totals, 1)[:, None]
        names = tuple("" if i == size else codec.source.symbols[i] for i in rows.tolist())
        return Counted(names, tuple(columns.tolist()), shares, totals / max(1.0, float(totals.sum())))


@dataclass(frozen=True, eq=False)
class Compared:
    """Both tables and their difference, from 0 to 1: the total variation, weighted by the frequency of each row.

    network: the probabilities, in the shape of `counted.shares`.
    """

    counted: Counted
    network: DoubleArray
    difference: float


def compare_with_bigrams(snapshot: Snapshot, bigrams: Bigrams) -> Compared | None:
    """The network's table beside the counted one. Runs in the background."""
    counted = bigrams.counted
    after_each = snapshot.model().after_each(counted.rows) if counted.rows else None
    if after_each is None:
        return None
    network = after_each[:, counted.columns].astype(np.float64)
    rest = np.abs(
        network.sum(axis=1) - counted.shares.sum(axis=1)
    )  # everything outside the columns, as one more column
    apart = 0.5 * (np.abs(network - counted.shares).sum(axis=1) + rest)
    return Compared(counted, network, float(apart @ counted.frequency))
