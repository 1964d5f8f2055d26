"""Parallel files: line 17 of one belongs to line 17 of the other (x.en and x.de; seq.in and seq.out)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice, zip_longest
from typing import Final

import numpy as np

from engine.data.bulk.dataset_builder import Batch
from engine.data.codec import Kind
from engine.data.config import DataConfig
from engine.data.files.columns import Column, choose_roles
from engine.data.files.reader import Reader, Recognition
from engine.data.files.readers.table import tagged_batch
from engine.data.files.textfile import Excerpt, TextFile
from engine.errors import DataError

_ROWS_A_BATCH: Final = 8192
# Translations of long sentences are long: below this correlation of lengths, lines have nothing to do with each other.
_CORRELATION: Final = 0.3
_HIGH_CORRELATION: Final = 0.6
_WORDS_A_SENTENCE: Final = 2.5


class ParallelReader(Reader):
    """A table whose columns are files."""

    kinds: tuple[Kind, ...] = ("pairs", "tagged", "labelled")

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        return None

    def recognise_files(self, files: Sequence[TextFile], config: DataConfig) -> Recognition | None:
        heads = [file.excerpt for file in files]
        forced = config.form == "parallel"
        if not forced and all(e.complete for e in heads) and len({len(e.head) for e in heads}) > 1:
            return None
        rows = min(len(excerpt.head) for excerpt in heads)
        names = tuple(file.path.name for file in files)
        columns = [Column.of(name, e.head[:rows]) for name, e in zip(names, heads, strict=True)]
        roles = choose_roles(columns, config)
        if roles is None or roles.target is None:
            return None
        if not forced and roles.kind == "pairs" and not _belong(roles.source, roles.target):
            return None
        return Recognition(
            "parallel", roles.kind,
            f"lines of {roles.source.name} and {roles.target.name} belong together; {roles.reason}",
            names, tuple(column.preview for column in columns), roles.source.name, roles.target.name,
        )  # fmt: skip

    def expected(self) -> str:
        return "files of which each line belongs to the same line of the other"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[Batch]:
        sides = [files[recognition.place(name)] for name in (recognition.source_column, recognition.target_column)]
        rows = zip_longest(*map(_lines, sides))
        first = 1
        while batch := list(islice(rows, _ROWS_A_BATCH)):
            if None in batch[-1]:
                line = first + next(i for i, row in enumerate(batch) if None in row)
                short, long = (sides[0], sides[1]) if batch[-1][0] is None else (sides[1], sides[0])
                raise DataError(f"The file ends after {line - 1:,} lines but {long.path.name} goes on; expected as "
                                "many lines in both.", path=short.path, line=line)  # fmt: skip
            lines = np.arange(first, first + len(batch))
            sources, targets = [row[0] for row in batch], [row[1] for row in batch]
            yield (
                tagged_batch(sources, targets, lines, ())
                if recognition.kind == "tagged"
                else Batch(sources, targets, None, lines)
            )
            first += len(batch)


def _lines(file: TextFile) -> Iterator[str]:
    return chain.from_iterable(block.removesuffix("\n").split("\n") for block in file.blocks())


def _belong(a: Column, b: Column) -> bool:
    """Whether two files are translations: of one name (x.en, x.de) or both of sentences, and of like lengths."""
    one_name = a.name.split(".")[0] == b.name.split(".")[0]
    sentences = min(a.words, b.words) >= _WORDS_A_SENTENCE
    return _correlation(a, b) >= (_CORRELATION if one_name else _HIGH_CORRELATION) and (one_name or sentences)


def _correlation(a: Column, b: Column) -> float:
    """Pearson correlation of the lengths of two columns of texts; 1 if all lengths of a side are equal."""
    x, y = (np.array([len(value) for value in column.values], float) for column in (a, b))
    if len(x) < 3 or x.std() == 0 or y.std() == 0:
        return 1.0
    return float(np.corrcoef(x, y)[0, 1])
