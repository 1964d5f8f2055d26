"""CoNLL columns: a token and its tags a line, a blank line between sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from engine.data.bulk.dataset_builder import RowBatch
from engine.data.codec import Kind
from engine.data.config import AUTO, DataConfig
from engine.data.files.columns import Column
from engine.data.files.reader import Reader, Recognition
from engine.data.files.tag_schemes import looks_like_entities, scheme_of, split_tag
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
# Where so many of the tokens hold spaces, they are texts of a table and not tokens, unless the tags mark entities.
_SPACED_SHARE: Final = 0.5
_AGAIN: Final = 3
_LEAST_TOKENS: Final = 1.5  # in a sentence, on average
_REMARK: Final = re.compile(r"#\s*[\w.:-]+\s*=|#{2,}|#\s+\S+\s+\S+\s+\S+|#(begin|end)\s+document\b|#\s*new(doc|par)\b")
_DOCUMENT_MARK: Final = "-DOCSTART-"
_SAMPLE_LINES: Final = 20_000


class ConllReader(Reader):
    """Tagged sentences."""

    kinds: tuple[Kind, ...] = (Kind.TAGGED,)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        lines = excerpt.lines[:_SAMPLE_LINES]
        delimiter = config.delimiter if config.delimiter != AUTO else _delimiter(lines)
        forced = config.form == "conll"
        width = _width(lines, delimiter)
        if width is None:
            return None
        rows = [row for row in (split_row(line, delimiter) for line in lines if line[:1] != "#") if len(row) == width]
        rows = [row for row in rows if row[0] != _DOCUMENT_MARK]
        breaks = sum(not line.strip() for line in lines[:-1])
        if not rows or (not forced and not breaks):
            return None
        columns = [Column.of(f"column {i + 1}", [row[i] for row in rows]) for i in range(width)]
        names = tuple(column.name for column in columns)
        token = _chosen(names, config.source_column, 1 if width > 2 and columns[0].numbers > 0.9 else 0)
        tag = _chosen(names, config.target_column, _tag_column(columns, token))
        tags = columns[tag]
        entities = looks_like_entities(tags.values)
        few = tags.distinct <= max(_FEW_TAGS, _TAG_SHARE * tags.rows)
        few = few and tags.distinct < max(2, columns[token].distinct)
        if not forced and not (entities or (few and not _is_spaced(lines, columns[token]))):
            return None
        known = tuple(dict.fromkeys([*tags.values, *_tags_of_hashes(lines, delimiter, width, token, tag)]))
        scheme = scheme_of(_with_breaks(lines, delimiter, width, token, tag, frozenset(known)))
        what = f"{tags.distinct:,} distinct tags" + (f" ({scheme})" if scheme else "")
        return Recognition(
            "conll", Kind.TAGGED, f"{width} columns with blank lines between sentences; column {tag + 1} has {what}",
            names, tuple(column.preview for column in columns), names[token], names[tag], delimiter, scheme=scheme,
            values=known,
        )  # fmt: skip

    def expected(self) -> str:
        return "a token and its tag on each line and a blank line between sentences"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        token = recognition.place(recognition.source_column)
        tag = recognition.place(recognition.target_column)
        width, delimiter = len(recognition.columns), recognition.delimiter
        known = frozenset(recognition.values)
        spaced = delimiter == " "
        sentences = Sentences()
        number = 0
        for block in files[0].blocks():
            for line in block.removesuffix("\n").split("\n"):
                number += 1
                if not line or line.isspace() or (line[0] == "-" and line.startswith(_DOCUMENT_MARK)):
                    sentences.close()
                    continue
                if spaced and line.isascii():
                    row = line.split()
                    if len(row) != width:
                        row = split_row(line, delimiter)
                else:
                    row = split_row(line, delimiter)
                if line[0] == "#" and is_remark(line, row, width, token, tag, known, sentences.is_closed):
                    continue
                if len(row) != width:
                    raise DataError(f"Found {len(row)} column{'s' * (len(row) != 1)}; expected {width}, "
                                    "a token and its tags.", path=files[0].path, line=number)  # fmt: skip
                sentences.add(row[token], row[tag], number)
            yield sentences.take()
        sentences.close()
        yield sentences.take()


def is_remark(
    line: str, row: Sequence[str], width: int, token: int, tag: int, known: frozenset[str], at_begin: bool
) -> bool:  # fmt: skip
    """Whether a line that begins with # is a remark, and not a token such as # or #tag.

    A remark may happen to have as many columns as a token, but then what stands in the place of the tag is none:
    `known` are those of the other lines. at_begin: no token of a sentence precedes it.
    """
    if len(row) != width:
        return _REMARK.match(line) is not None or "\t" not in line
    if row[tag] in known or row[tag] == row[token]:
        return False
    letter, kind = split_tag(row[tag])
    if letter and kind:  # the tag of a rare entity
        return False
    return at_begin or looks_like_entities(known) or _REMARK.match(line) is not None


class Sentences:
    """Tokens and tags gathered into sentences."""

    def __init__(self) -> None:
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

    @property
    def is_closed(self) -> bool:
        """Whether no word has been added since the last sentence was closed."""
        return len(self._words) == self._begun

    def close(self) -> None:
        """The sentence ends here; nothing happens if it has no word."""
        length = len(self._words) - self._begun
        if length == 0:
            return
        self._lengths.append(length)
        self._lines.append(self._line)
        self._begun = len(self._words)

    def take(self) -> RowBatch:
        """The closed sentences; the open one stays."""
        begun = self._begun
        batch = RowBatch(self._words[:begun], self._tags[:begun], np.array(self._lengths, np.int64),
                      np.array(self._lines, np.int64))  # fmt: skip
        del self._words[:begun], self._tags[:begun]
        self._begun = 0
        self._lengths, self._lines = [], []
        return batch


def split_row(line: str, delimiter: str) -> list[str]:
    """The columns of a line. Only spaces (and tabs) of ASCII separate columns, any number of them where the delimiter
    is a space; other white space belongs to the token."""
    if delimiter == " ":
        row = (line.replace("\t", " ") if "\t" in line else line).split(" ")
        return [part for part in row if part] if "" in row else row
    if " " not in line:
        return line.split(delimiter)
    return [part.strip(" ") or part for part in line.split(delimiter)] if line.strip() else []


def _tags_of_hashes(
    lines: Sequence[str], delimiter: str, width: int, token: int, tag: int
) -> Iterator[str]:  # fmt: skip
    """Tags that come again beside tokens such as #fun, and perhaps nowhere else."""
    counts: Counter[str] = Counter()
    for line in lines:
        if line[:1] == "#" and not _REMARK.match(line):
            row = split_row(line, delimiter)
            if len(row) == width and " " not in row[token] and (row[token] != "#" or delimiter == "\t"):
                counts[row[tag]] += 1
    return (name for name, count in counts.items() if count >= _AGAIN)


def _with_breaks(
    lines: Sequence[str], delimiter: str, width: int, token: int, tag: int, known: frozenset[str]
) -> Iterator[str]:  # fmt: skip
    """The tags of the lines, "" between sentences."""
    at_begin = True
    for line in lines:
        row = split_row(line, delimiter)
        is_token = len(row) == width and row[0] != _DOCUMENT_MARK
        if is_token and line[:1] == "#" and is_remark(line, row, width, token, tag, known, at_begin):
            continue
        at_begin = not is_token
        yield row[tag] if is_token else ""


def _delimiter(lines: Sequence[str]) -> str:
    full = [line for line in lines if line.strip() and not line.startswith(("#", _DOCUMENT_MARK))]
    return "\t" if full and sum("\t" in line for line in full) >= _REGULAR * len(full) else " "


def _width(lines: Sequence[str], delimiter: str) -> int | None:
    """Number of columns of nearly all lines, None if there is none."""
    remarks = ("#", _DOCUMENT_MARK)
    widths = Counter(len(split_row(line, delimiter)) for line in lines if line.strip() and not line.startswith(remarks))
    if not widths:
        return None
    width, count = widths.most_common(1)[0]
    irregular = widths.total() - count
    regular = irregular <= max((1 - _REGULAR) * widths.total(), _BROKEN_LINES if count >= _ENOUGH_LINES else 0)
    return width if 2 <= width <= _WIDEST and regular else None


def _is_spaced(lines: Sequence[str], tokens: Column) -> bool:
    """Whether these are texts with blank lines between them, and not tokens, of which a few hold a space."""
    spaced = sum(" " in value for value in tokens.values) > _SPACED_SHARE * len(tokens.values)
    begins = sum(bool(b.strip()) and not a.strip() for a, b in zip(["", *lines], lines, strict=False))
    some = any(" " in value for value in tokens.values)
    return spaced or (some and len(tokens.values) < _LEAST_TOKENS * begins)


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
