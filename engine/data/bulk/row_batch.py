"""Rows as the readers of files pass them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.text_array import Texts
from engine.data.report import Skipped


@dataclass(frozen=True)
class RowBatch:
    """A batch of rows as a reader finds them.

    source (n,) texts; target (n,) labels or target texts, empty for sequences and streams. Tagged rows are flat:
    source (N,) words, target (N,) tags, lengths (n,). lines (n,): where each row begins, counted from 1. skipped: rows
    that the reader left out; mended: rows that it repaired. token_lines (N,): where each word is, if words have lines
    of their own.
    """

    source: Sequence[str]
    target: Sequence[str] = ()
    lengths: NDArray[np.int64] | None = None
    lines: NDArray[np.int64] | None = None
    skipped: Sequence[Skipped] = ()
    mended: Sequence[Skipped] = ()
    token_lines: NDArray[np.int64] | None = None

    def without(self, first: bool, names: Sequence[str] | None) -> RowBatch:
        """The batch without the header row, if the first row is one, and without rows that repeat it."""
        if self.lines is None or self.lengths is not None:
            raise ValueError("only rows of a table have a header")
        source, target = Texts.of(self.source), Texts.of(self.target)
        keep = np.ones(len(source), bool)
        keep[:1] = not first
        if names is not None:
            name = names[0].encode("utf-8", "surrogatepass")
            for i in np.flatnonzero(keep & (source.sizes == len(name))).tolist():
                if source[i] == names[0] and (len(names) == 1 or target[i] == names[1]):
                    keep[i] = False
        if keep.all():
            return self
        rest = np.flatnonzero(keep)
        return replace(
            self, source=source.take(rest), target=target.take(rest) if len(target) else (), lines=self.lines[rest]
        )

    def line(self, i: int) -> int | None:
        """Where row i begins, counted from 1, if the reader knows."""
        return None if self.lines is None else int(self.lines[i])
