"""Parallel files: line 17 of one goes with line 17 of the other (x.en and x.de; seq.in and seq.out)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Final

import numpy as np

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.column_names import SIDE_CODES
from engine.data.files.columns import Column
from engine.data.files.reader import Reader
from engine.data.files.readers.table import tagged_batch
from engine.data.files.recognition import Recognition
from engine.data.files.roles import choose_roles
from engine.data.files.several_columns import columns_meant
from engine.data.files.textfile import Excerpt, TextFile
from engine.errors import DataError

_ROWS_A_BATCH: Final = 8192
# Long sentences have long translations: lines whose lengths correlate less than this are unrelated.
_CORRELATION: Final = 0.3
_HIGH_CORRELATION: Final = 0.6
_WORDS_A_SENTENCE: Final = 2.5
# If lengths correlate although one file is this much shorter, the files are parallel and lines were lost.
_ENOUGH_LINES: Final = 20
_LOST_LINES: Final = 3
_LOST_SHARE: Final = 0.01
_PARTS: Final = re.compile(r"([.\-_])")  # separators of the words in a file's name, kept when it is split
# Extensions that name a side: language codes, and what tools call the two sides.
_SIDES: Final = SIDE_CODES | {"src", "tgt", "trg", "source", "target", "in", "out", "input", "output"}


class ParallelReader(Reader):
    """A table whose columns are files."""

    kinds: tuple[Kind, ...] = (Kind.PAIRS, Kind.TAGGED, Kind.LABELLED)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        return None

    def recognise_files(self, files: Sequence[TextFile], config: DataConfig) -> Recognition | None:
        heads = [file.excerpt for file in files]
        names = tuple(file.path.name for file in files)
        forced = config.form == "parallel" or are_sides(names)
        lengths = [_length(excerpt) for excerpt in heads]
        unequal = all(e.complete for e in heads) and len(set(lengths)) > 1
        if not forced and unequal and not _lack_a_few(lengths):
            return None
        rows = min(lengths)
        columns = [Column.of(name, e.head[:rows]) for name, e in zip(names, heads, strict=True)]
        roles = choose_roles(columns, config, all(excerpt.complete for excerpt in heads))
        if roles is None or roles.target is None:
            return None
        if not forced and roles.kind == Kind.PAIRS and not _belong(roles.source, roles.target):
            return None
        return Recognition(
            "parallel", roles.kind,
            f"lines of {roles.source.name} and {roles.target.name} belong together; "
            f"{roles.reason}{_unread(names, roles.source.name, roles.target.name)}",
            names, tuple(column.preview for column in columns), roles.source.name, roles.target.name,
        )  # fmt: skip

    def members(self, given: Sequence[Path], like: Recognition) -> Sequence[Path]:
        """The sides in the order of the training files: for train.en and train.de, test.en and then test.de. One of
        them finds the other beside it."""
        sides = _words_that_differ(like.columns)
        if not sides:
            return given
        if len(given) == 1:
            names = _other_names(given[0].name, sides)
            files = [given[0].with_name(name) for name in names]
            missing = [file.name for file in files if not file.exists()]
            if len(missing) == len(files):  # the one that was named is missed, not the first side
                return given
            if missing:
                expected = f"expected {' and '.join(missing)} beside it, or one file with both sides"
                raise DataError(f"This is one side of parallel files; {expected}.", path=given[0])
            return files
        order = [_side(file.name, sides) for file in given]
        return [given[order.index(i)] for i in range(len(given))] if sorted(order) == [*range(len(given))] else given

    def expected(self) -> str:
        return "files in which each line belongs to the same line of the other"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        sides = [files[recognition.place(name)] for name in (recognition.source_column, recognition.target_column)]
        rows = zip_longest(*map(_lines, sides))
        first = 1
        while batch := list(islice(rows, _ROWS_A_BATCH)):
            if None in batch[-1]:
                end = next(i for i, row in enumerate(batch) if None in row)
                surplus = chain(batch[end:], rows)
                counts = _counts(first + end - 1, surplus)
                if counts[0] != counts[1]:
                    short, long = sides if counts[0] < counts[1] else sides[::-1]
                    raise DataError(f"The file ends after {min(counts):,} lines but {long.path.name} goes on to "
                                    f"{max(counts):,}; expected as many lines in both, because every line after a "
                                    "missing one would be paired wrongly.",
                                    path=short.path, line=min(counts) + 1)  # fmt: skip
                batch = batch[:end]
            lines = np.arange(first, first + len(batch))
            sources, targets = [row[0] for row in batch], [row[1] for row in batch]
            yield (
                tagged_batch(sources, targets, lines, ())
                if recognition.kind == Kind.TAGGED
                else RowBatch(sources, targets, None, lines)
            )
            first += len(batch)


def _unread(names: Sequence[str], source: str, target: str) -> str:
    """The files that none of the two columns is in, as the end of a reason."""
    others = [name for name in names if name not in (*columns_meant(source, names), target)]
    return f"; {' and '.join(others)} {'is' if len(others) == 1 else 'are'} not read" if others else ""


def have_few_lines(files: Sequence[TextFile]) -> bool:
    """Whether two files have as many lines each, but too few for their lengths to show whether they are parallel."""
    heads = [file.excerpt for file in files]
    lengths = {_length(excerpt) for excerpt in heads}
    return len(heads) == 2 and all(e.complete for e in heads) and len(lengths) == 1 and max(lengths) < _ENOUGH_LINES


def _lack_a_few(lengths: Sequence[int]) -> bool:
    """Whether one file is only a few lines shorter than the other."""
    return min(lengths) >= _ENOUGH_LINES and max(lengths) - min(lengths) <= max(_LOST_LINES, _LOST_SHARE * max(lengths))


def are_sides(names: Sequence[str]) -> bool:
    """Whether the names of two files mark them as the two sides of pairs: train.en and train.de."""
    if len(names) != 2:
        return False
    parts = [name.removesuffix(".gz").removesuffix(".txt").replace("-", ".").replace("_", ".").split(".")
             for name in names]  # fmt: skip
    if len(parts[0]) != len(parts[1]):
        return False
    differing = [(a.lower(), b.lower()) for a, b in zip(*parts, strict=True) if a != b]
    sides = _SIDES if len(parts[0]) > 1 else _SIDES - SIDE_CODES  # en.txt and de.txt may be labels
    return len(differing) == 1 and all(part in sides for part in differing[0])


def are_sides_like(names: Sequence[str], like: Recognition) -> bool:
    """Whether files are called like the sides that a network has learned from: test.old and test.new."""
    sides = _words_that_differ(like.columns) if like.form == "parallel" else []
    return bool(sides) and sorted(_side(name, sides) for name in names) == [*range(len(sides))]


def _words_that_differ(names: Sequence[str]) -> list[str]:
    """What tells the names of parallel files apart: en and de, of train.en.txt and train.de.txt; [] if more does."""
    parts = [_PARTS.split(name) for name in names]
    if len({len(words) for words in parts}) != 1:
        return []
    differing = [[*words] for words in zip(*parts, strict=True) if len(set(words)) > 1]
    return differing[0] if len(differing) == 1 and len(set(differing[0])) == len(names) else []


def _side(name: str, sides: Sequence[str]) -> int:
    """Which of the sides a file is; -1 for none of them."""
    return next((sides.index(word) for word in reversed(_PARTS.split(name)) if word in sides), -1)


def _other_names(name: str, sides: Sequence[str]) -> list[str]:
    """The names of all sides of which `name` is one; [] if it is none."""
    side, parts = _side(name, sides), _PARTS.split(name)
    if side < 0:
        return []
    at = max(i for i, word in enumerate(parts) if word == sides[side])
    return ["".join([*parts[:at], word, *parts[at + 1 :]]) for word in sides]


def _length(excerpt: Excerpt) -> int:
    """The number of lines at the beginning of the file, not counting trailing blank ones."""
    full = [i for i, line in enumerate(excerpt.head) if line.strip()]
    return full[-1] + 1 if full else 0


def _counts(common: int, surplus: Iterable[Sequence[str | None]]) -> list[int]:
    """The number of lines in both files up to the last one that is not blank; the first `common` are in both."""
    counts = [common, common]
    for number, row in enumerate(surplus, common + 1):
        for side, line in enumerate(row):
            if line is not None and line.strip():
                counts[side] = number
    return counts


def _lines(file: TextFile) -> Iterator[str]:
    return chain.from_iterable(block.removesuffix("\n").split("\n") for block in file.blocks())


def _belong(a: Column, b: Column) -> bool:
    """Whether two files are parallel: they share a stem (x.en, x.de) or both hold sentences, and lengths correlate; or
    lines that recur do so together."""
    if _recur_together(a, b):
        return True
    one_name = a.name.split(".")[0] == b.name.split(".")[0]
    sentences = min(a.words, b.words) >= _WORDS_A_SENTENCE
    return _correlation(a, b) >= (_CORRELATION if one_name else _HIGH_CORRELATION) and (one_name or sentences)


def _recur_together(a: Column, b: Column) -> bool:
    """Whether most lines occur again beside the same line of the other file."""
    together = Counter(zip(a.values, b.values, strict=True))
    again = sum(count for count in together.values() if count > 1)
    return min(a.distinct, b.distinct) > 1 and again > len(a.values) / 2


def _correlation(a: Column, b: Column) -> float:
    """Pearson correlation of the lengths of two columns of texts; 1 if all lengths of a side are equal."""
    x, y = (np.array([len(value) for value in column.values], float) for column in (a, b))
    if len(x) < 3 or x.std() == 0 or y.std() == 0:
        return 1.0
    return float(np.corrcoef(x, y)[0, 1])
