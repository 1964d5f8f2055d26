"""CoNLL columns: a token and its tags a line, a blank line between sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from engine.data.bulk.dataset_builder import Batch
from engine.data.codec import Kind
from engine.data.config import AUTO, DataConfig
from engine.data.files.columns import Column
from engine.data.files.reader import Reader, Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.errors import ConfigError, DataError

_WIDEST: Final = 20
_REGULAR: Final = 0.95
# In a short file so many broken lines are mistakes to be named, and not another form.
_BROKEN_LINES: Final = 2
_ENOUGH_LINES: Final = 10
# Tags are few: distinct ones as a share of the tokens, or so many at most.
_TAG_SHARE: Final = 0.25
_FEW_TAGS: Final = 12
_COMMENT: Final = re.compile(r"#\s*[\w.:-]+\s*=|#{2,}|#\s+\S+\s+\S+\s+\S+")
_DOCUMENT_MARK: Final = "-DOCSTART-"
_SAMPLE_LINES: Final = 20_000


class ConllReader(Reader):
    """Tagged sentences. IOB1 tags are rewritten as IOB2, so that a span always begins with B-."""

    kinds: tuple[Kind, ...] = ("tagged",)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        lines = excerpt.lines[:_SAMPLE_LINES]
        delimiter = config.delimiter if config.delimiter != AUTO else _delimiter(lines)
        forced = config.form == "conll"
        width = _width(lines, delimiter)
        if width is None:
            return None
        rows = [row for row in (split_row(line, delimiter) for line in lines) if len(row) == width]
        breaks = sum(not line.strip() for line in lines[:-1])
        if not forced and (not rows or not breaks or any(" " in row[0] for row in rows[:100])):
            return None
        columns = [Column.of(f"column {i + 1}", [row[i] for row in rows]) for i in range(width)]
        names = tuple(column.name for column in columns)
        token = _chosen(names, config.source_column, 1 if width > 2 and columns[0].numbers > 0.9 else 0)
        tag = _chosen(names, config.target_column, _tag_column(columns, token))
        tags = columns[tag]
        few = tags.distinct <= max(_FEW_TAGS, _TAG_SHARE * tags.rows)
        few = few and tags.distinct < max(2, columns[token].distinct)
        if not forced and not (few or _looks_bio(tags.values)):
            return None
        every = (split_row(line, delimiter) for line in lines)
        scheme = _scheme(row[tag] if len(row) == width else "" for row in every)
        what = f"{tags.distinct:,} distinct tags" + (f" ({scheme})" if scheme else "")
        return Recognition(
            "conll", "tagged", f"{width} columns with blank lines between sentences; column {tag + 1} has {what}",
            names, tuple(column.preview for column in columns), names[token], names[tag], delimiter, scheme=scheme,
        )  # fmt: skip

    def expected(self) -> str:
        return "a token and its tag on each line and a blank line between sentences"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[Batch]:
        token = recognition.place(recognition.source_column)
        tag = recognition.place(recognition.target_column)
        width, delimiter = len(recognition.columns), recognition.delimiter
        sentences = Sentences(recognition.scheme == "IOB1")
        number = 0
        for block in files[0].blocks():
            for line in block.removesuffix("\n").split("\n"):
                number += 1
                if not line or line.isspace():
                    sentences.close()
                    continue
                row = split_row(line, delimiter)
                if len(row) == width:
                    if row[token] != _DOCUMENT_MARK:
                        sentences.add(row[token], row[tag], number)
                elif not is_comment(line):
                    raise DataError(f"Found {len(row)} column{'s' * (len(row) != 1)}; expected {width}, "
                                    "a token and its tags.", path=files[0].path, line=number)  # fmt: skip
            yield sentences.take()
        sentences.close()
        yield sentences.take()


class Sentences:
    """Tokens and tags gathered into sentences."""

    def __init__(self, from_iob1: bool = False) -> None:
        self._from_iob1 = from_iob1
        self._words: list[str] = []
        self._tags: list[str] = []
        self._lengths: list[int] = []
        self._lines: list[int] = []
        self._begun = 0  # tokens before the sentence that is open
        self._line = 0

    def add(self, word: str, tag: str, line: int) -> None:
        if len(self._words) == self._begun:
            self._line = line
        self._words.append(word)
        self._tags.append(tag)

    def close(self) -> None:
        """The sentence ends here; nothing happens if it has no word."""
        length = len(self._words) - self._begun
        if length == 0:
            return
        if self._from_iob1:
            self._tags[self._begun :] = to_iob2(self._tags[self._begun :])
        self._lengths.append(length)
        self._lines.append(self._line)
        self._begun = len(self._words)

    def take(self) -> Batch:
        """The closed sentences; the open one stays."""
        begun = self._begun
        batch = Batch(self._words[:begun], self._tags[:begun], np.array(self._lengths, np.int64),
                      np.array(self._lines, np.int64))  # fmt: skip
        del self._words[:begun], self._tags[:begun]
        self._begun = 0
        self._lengths, self._lines = [], []
        return batch


def split_row(line: str, delimiter: str) -> list[str]:
    """The columns of a line; white space of any length where the delimiter is a space."""
    if delimiter == " ":
        return line.split()
    return [part.strip() for part in line.rstrip("\n").split(delimiter)] if line.strip() else []


def is_comment(line: str) -> bool:
    """A line of remarks; only lines that do not have the columns of a token are asked for."""
    return line.startswith("#") and (_COMMENT.match(line) is not None or "\t" not in line)


def to_iob2(tags: Sequence[str]) -> list[str]:
    """IOB1 tags of a sentence (B- only between neighbouring spans of one type) as IOB2 (B- at each begin)."""
    result: list[str] = []
    before = "O"
    for tag in tags:
        if tag[:2] == "I-" and (before == "O" or before[2:] != tag[2:]):
            result.append("B-" + tag[2:])
        else:
            result.append(tag)
        before = tag
    return result


def _delimiter(lines: Sequence[str]) -> str:
    full = [line for line in lines if line.strip() and not line.startswith("# ")]
    return "\t" if full and sum("\t" in line for line in full) >= _REGULAR * len(full) else " "


def _width(lines: Sequence[str], delimiter: str) -> int | None:
    """Number of columns of nearly all lines, None if there is none."""
    remarks = ("# ", _DOCUMENT_MARK)
    widths = Counter(len(split_row(line, delimiter)) for line in lines if line.strip() and not line.startswith(remarks))
    if not widths:
        return None
    width, count = widths.most_common(1)[0]
    irregular = widths.total() - count
    regular = irregular <= max((1 - _REGULAR) * widths.total(), _BROKEN_LINES if count >= _ENOUGH_LINES else 0)
    return width if 2 <= width <= _WIDEST and regular else None


def _tag_column(columns: Sequence[Column], token: int) -> int:
    """The last column, unless it says nothing and another one does."""
    others = [i for i in range(len(columns)) if i != token]
    telling = [i for i in others if columns[i].distinct > 1]
    return telling[-1] if telling else others[-1]


def _chosen(names: Sequence[str], wanted: str, otherwise: int) -> int:
    if not wanted:
        return otherwise
    if wanted not in names:
        raise ConfigError(f"There is no column {wanted!r}; the columns are {', '.join(map(repr, names))}.")
    return names.index(wanted)


def _looks_bio(tags: Iterable[str]) -> bool:
    return all(tag == "O" or tag[1:2] == "-" for tag in set(tags))


def _scheme(tags: Iterable[str]) -> str:
    """ "IOB1", "IOB2", "BIOES", or "" for tags that do not mark spans; "" in `tags` stands between sentences."""
    prefixes: Counter[str] = Counter()
    inside_starts = 0
    before = "O"
    for tag in tags:
        prefix = tag[:1] if tag[1:2] == "-" else tag
        if prefix:
            prefixes[prefix] += 1
        if prefix == "I" and before[2:] != tag[2:]:
            inside_starts += 1
        before = tag or "O"
    if not prefixes or not set(prefixes) <= set("OBIESLU") or set(prefixes) == {"O"}:
        return ""
    if set(prefixes) & set("ESLU"):
        return "BIOES"
    return "IOB1" if inside_starts > prefixes["B"] else "IOB2"
