"""CoNLL columns: a token and its tags on each line.

Sentences are separated by blank lines, or by a column that numbers them.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.files.column_names import LABEL_NAMES, TEXT_NAMES, mentions, words_in_name
from engine.data.files.columns import Column
from engine.data.files.header import header_cells, header_names
from engine.data.files.reader import Reader
from engine.data.files.recognition import Recognition
from engine.data.files.several_columns import columns_meant, word_forms
from engine.data.files.tag_schemes import looks_like_entities, scheme_of, split_tag
from engine.data.files.textfile import Excerpt, TextFile
from engine.errors import ConfigError, DataError

_WIDEST: Final = 40
_REGULAR: Final = 0.95
# In a short file, up to this many irregular lines are mistakes to report, not a sign of another form.
_BROKEN_LINES: Final = 2
_ENOUGH_LINES: Final = 10
# Tags are few: at most this share of the tokens, or this many.
_TAG_SHARE: Final = 0.25
_FEW_TAGS: Final = 12
# If more of the tokens than this contain spaces, they are the texts of a table, unless the tags mark entities.
_SPACED_SHARE: Final = 0.5
_AGAIN: Final = 3
# Average number of tokens in a sentence.
_NUMBERS: Final = 0.9  # of the cells of a column of numbers are some
_LEAST_TOKENS: Final = 1.5
_MOST_TOKENS: Final = 50
# A column where more values than this repeat the one above names documents or sentences; it does not hold tokens.
_STILL: Final = 0.7
_MARKS: Final = ("#", "%%", "//")  # a line that begins with one of these may be a comment
_REMARK: Final = re.compile(
    r"#\s*[\w.:-]+\s*=|#{2,}|#\s+\S+\s+\S+\s+\S+|#(begin|end)\s+document\b|#\s*new(doc|par)\b|%%|//"
)
_DOCUMENT_MARKS: Final = ("-DOCSTART-", "-DOCEND-")
_NO_TOKENS: Final = (*_MARKS, *_DOCUMENT_MARKS)
_SAMPLE_LINES: Final = 20_000
_LONGEST_HEADER: Final = 500
_TAG_NAMES: Final = LABEL_NAMES | {"ner", "pos", "upos", "xpos", "iob", "iob2", "bio", "chunk", "slot", "wortart"}
_TOKEN_NAMES: Final = frozenset({"word", "words", "token", "tokens", "form", "wort", "mot", "palabra", "слово", "词"})
_SENTENCE_NAMES: Final = frozenset(
    {"sentence", "sent", "satz", "satznummer", "satznr", "sentenceid", "sentid", "phrase", "предложение"}
)


def tags_counted(distinct: int, excerpt: Excerpt, lines: int) -> str:
    """How many distinct tags the first `lines` lines of an excerpt have; the rest of the file may have more."""
    least = "" if excerpt.complete and len(excerpt.lines) <= lines else "at least "
    return f"{least}{distinct:,} distinct tags"


class ConllReader(Reader):
    """Tagged sentences."""

    kinds: tuple[Kind, ...] = (Kind.TAGGED,)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        lines = excerpt.lines[:_SAMPLE_LINES]
        forced = config.form == "conll"
        blank = any(not line or line.isspace() for line in lines[:-1])
        if not forced and not blank and not _SENTENCE_NAMES & set(words_in_name(lines[0][:_LONGEST_HEADER])):
            return None
        full = [line for line in lines if line.strip() and not line.startswith(_NO_TOKENS)]
        delimiter = config.delimiter if config.delimiter != AUTO else _delimiter(full)
        width = _width(full, delimiter)
        if width is None:
            return None
        rows = [row for row in (split_row(line, delimiter) for line in lines if not line.startswith(_MARKS))
                if len(row) == width and row[0] not in _DOCUMENT_MARKS]  # fmt: skip
        if not rows:
            return None
        has_names = _names_columns(rows, config.header)
        names = tuple(header_names(rows[0] if has_names else [], width))
        body = rows[1:] if has_names else rows
        columns = [Column.of(name, values) for name, values in zip(names, zip(*body, strict=True), strict=True)]
        if not forced and blank and (_are_paradigms(lines, columns) or _are_dated_numbers(columns)):
            return None
        sentence = _sentence_column(columns) if has_names else -1
        if not forced and not _has_sentences(lines, len(body), delimiter, sentence):
            return None
        token = _chosen(names, config.source_column, _token_column(columns, sentence, has_names))
        tag = _chosen(names, config.target_column, _tag_column(columns, (token, sentence), has_names))
        if not config.source_column and not config.target_column and width == 2 and _are_swapped(columns):
            token, tag = 1, 0
        tags = columns[tag]
        entities = looks_like_entities(tags.values)
        few = tags.distinct <= max(_FEW_TAGS, _TAG_SHARE * tags.rows)
        few = few and tags.distinct < max(2, columns[token].distinct) and not _names_no_sentence(columns, sentence)
        if not forced and not (entities or (few and not _is_spaced(lines, columns[token]))):
            return None
        place = _TokenColumns(delimiter, width, token, tag)
        known = tuple(dict.fromkeys([*tags.values, *_tags_of_hashes(lines, place)]))
        scheme = scheme_of(_with_breaks(lines, place, frozenset(known)))
        what = tags_counted(tags.distinct, excerpt, _SAMPLE_LINES) + (f" ({scheme})" if scheme else "")
        between = "blank lines" if sentence < 0 else f"a new “{names[sentence]}”"
        shown = f"“{names[tag]}”" if has_names else f"column {tag + 1}"
        return Recognition(
            "conll", Kind.TAGGED, f"{width} columns with {between} between sentences; {shown} has {what}",
            names, tuple(column.preview for column in columns), names[token], names[tag], delimiter,
            has_header=has_names, scheme=scheme, values=known, sentence_column=names[sentence] if sentence >= 0 else "",
        )  # fmt: skip

    def expected(self) -> str:
        return "a token and its tag on each line and a blank line between sentences"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        token = recognition.place(recognition.source_column)
        tag = recognition.place(recognition.target_column)
        width, delimiter = len(recognition.columns), recognition.delimiter
        group = recognition.place(recognition.sentence_column) if recognition.sentence_column else -1
        place = _TokenColumns(delimiter, width, token, tag)
        header = (recognition.source_column, recognition.target_column) if recognition.has_header else None
        known = frozenset(recognition.values)
        spaced = delimiter == " "
        sentences = Sentences()
        number = 0
        of = ""  # the sentence, where a column names it
        for block in files[0].blocks():
            for line in block.removesuffix("\n").split("\n"):
                number += 1
                if not line or line.isspace() or (line[0] == "-" and line.startswith(_DOCUMENT_MARKS)):
                    sentences.close()
                    continue
                if spaced and line.isascii():
                    row = line.split()
                    if len(row) != width:
                        row = split_row(line, delimiter)
                else:
                    row = split_row(line, delimiter)
                if line[0] in "#%/" and is_remark(line, row, place, known, sentences.is_closed):
                    continue
                if len(row) != width:
                    raise DataError(f"Found {len(row)} column{'s' * (len(row) != 1)}; expected {width}, "
                                    "a token and its tags.", path=files[0].path, line=number)  # fmt: skip
                if header is not None and header == (row[token].lstrip("# "), row[tag]):
                    continue
                if group >= 0 and row[group] and row[group] != of:
                    sentences.close()
                    of = row[group]
                sentences.add(row[token], row[tag], number)
            yield sentences.take()
        sentences.close()
        yield sentences.take()


@dataclass(frozen=True)
class _TokenColumns:
    """Which columns hold the token and the tag."""

    delimiter: str
    width: int
    token: int
    tag: int


def is_remark(line: str, row: Sequence[str], place: _TokenColumns, known: frozenset[str], at_begin: bool) -> bool:
    """Whether a line that begins with #, %% or // is a comment rather than a token such as # or #tag.

    A comment may happen to have as many columns as a token, but then it has no tag where the tag should be. known: the
    tags of the other lines. at_begin: no token of the sentence comes before it.
    """
    if not line.startswith(_MARKS):
        return False
    if len(row) != place.width:
        return at_begin or _REMARK.match(line) is not None or "\t" not in line
    if row[place.tag] in known or row[place.tag] == row[place.token]:
        return False
    letter, kind = split_tag(row[place.tag])
    if letter and kind:  # the tag of a rare entity
        return False
    return at_begin or looks_like_entities(known) or _REMARK.match(line) is not None


class Sentences:
    """Tokens and tags gathered into sentences."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._tags: list[str] = []
        self._lengths: list[int] = []
        self._lines: list[int] = []  # of the tokens
        self._begun = 0  # tokens before the open sentence

    def add(self, word: str, tag: str, line: int) -> None:
        self._words.append(word)
        self._tags.append(tag)
        self._lines.append(line)

    @property
    def is_closed(self) -> bool:
        """Whether no word has been added since the last sentence was closed."""
        return len(self._words) == self._begun

    def close(self) -> None:
        """End the sentence here, if it has any words."""
        length = len(self._words) - self._begun
        if length == 0:
            return
        self._lengths.append(length)
        self._begun = len(self._words)

    def take(self) -> RowBatch:
        """Remove and return the closed sentences; the open one stays."""
        begun = self._begun
        lengths, lines = np.array(self._lengths, np.int64), np.array(self._lines[:begun], np.int64)
        first = lines[np.cumsum(lengths) - lengths]
        batch = RowBatch(self._words[:begun], self._tags[:begun], lengths, first, token_lines=lines)
        del self._words[:begun], self._tags[:begun], self._lines[:begun]
        self._begun = 0
        self._lengths = []
        return batch


def split_row(line: str, delimiter: str) -> list[str]:
    """The columns of a line. Only ASCII white space separates columns, any amount of it where the delimiter is a space;
    other white space belongs to the token. With commas and semicolons, fields may be quoted."""
    if delimiter == " ":
        row = (line.replace("\t", " ") if "\t" in line else line).split(" ")
        return [part for part in row if part] if "" in row else row
    if delimiter != "\t" and '"' in line:
        return next(csv.reader([line], delimiter=delimiter), [])
    if " " not in line:
        return line.split(delimiter)
    return [part.strip(" ") or part for part in line.split(delimiter)] if line.strip() else []


def _tags_of_hashes(lines: Sequence[str], place: _TokenColumns) -> Iterator[str]:
    """Tags that recur beside tokens such as #fun, and that may occur nowhere else."""
    counts: Counter[str] = Counter()
    for line in lines if place.tag else ():  # in the first column, the comment mark itself would be the tag
        if line.startswith(_MARKS) and not _REMARK.match(line):
            row = split_row(line, place.delimiter)
            token = row[place.token] if len(row) == place.width else " "
            if " " not in token and (token != "#" or place.delimiter == "\t"):
                counts[row[place.tag]] += 1
    return (name for name, count in counts.items() if count >= _AGAIN)


def _with_breaks(lines: Sequence[str], place: _TokenColumns, known: frozenset[str]) -> Iterator[str]:
    """The tags of the lines, "" between sentences."""
    at_begin = True
    for line in lines:
        row = split_row(line, place.delimiter)
        is_token = len(row) == place.width and row[0] not in _DOCUMENT_MARKS
        if is_token and line[0] in "#%/" and is_remark(line, row, place, known, at_begin):
            continue
        is_token = is_token and row[place.tag] in known
        at_begin = not is_token
        yield row[place.tag] if is_token else ""


def _delimiter(full: Sequence[str]) -> str:
    """Tab, comma or semicolon, if nearly every line contains it; otherwise a space."""
    if not full or sum("\t" in line.rstrip(" \t") for line in full) >= _REGULAR * len(full):
        return "\t" if full else " "
    for mark in ",;":
        if sum(mark in line for line in full) >= _REGULAR * len(full):
            # Tokens contain no spaces, but the name of the sentence, in the first column, may.
            spaced = sum(" " in line.partition(mark)[2] for line in full)
            return mark if spaced < _SPACED_SHARE * len(full) else " "
    return " "


def _width(full: Sequence[str], delimiter: str) -> int | None:
    """The number of columns that nearly all lines have; None if there is no such number."""
    widths = Counter(len(split_row(line, delimiter)) for line in full)
    if not widths:
        return None
    width, count = widths.most_common(1)[0]
    irregular = widths.total() - count
    regular = irregular <= max((1 - _REGULAR) * widths.total(), _BROKEN_LINES if count >= _ENOUGH_LINES else 0)
    return width if 2 <= width <= _WIDEST and regular else None


def _names_columns(rows: Sequence[Sequence[str]], wanted: str) -> bool:
    """Whether the first row names the columns: one for tokens and one for tags, whose name is not itself a tag."""
    if wanted != AUTO or len(rows) < 2:
        return wanted == "yes"
    cells = header_cells(rows[0])
    tokens = [i for i, cell in enumerate(cells) if mentions(cell, TEXT_NAMES)]
    tags = [i for i, cell in enumerate(cells) if mentions(cell, _TAG_NAMES)]
    return bool(tokens and tags) and not any(row[tags[-1]] == cells[tags[-1]] for row in rows[1:])


def _sentence_column(columns: Sequence[Column]) -> int:
    """The column that says which sentence a token belongs to, perhaps only at its first token; -1 if there is none."""
    for i, column in enumerate(columns):
        if not _SENTENCE_NAMES & set(words_in_name(column.name)):
            continue
        begins = sum(bool(b) and b != a for a, b in pairwise(("", *column.values)))
        if 0 < begins * _LEAST_TOKENS <= len(column.values):
            return i
    return -1


def _has_sentences(lines: Sequence[str], tokens: int, delimiter: str, sentence: int) -> bool:
    """Whether something separates sentences, and they have plausible lengths."""
    if sentence >= 0 or delimiter in "\t ":
        return True
    begins = _blocks(lines)
    return _LEAST_TOKENS * begins <= tokens <= _MOST_TOKENS * begins


def _blocks(lines: Sequence[str]) -> int:
    """How many groups of lines the blank ones separate."""
    return sum(bool(b.strip()) and not a.strip() for a, b in pairwise(("", *lines)))


def _are_paradigms(lines: Sequence[str], columns: Sequence[Column]) -> bool:
    """Whether the blank lines separate the forms of one word from those of the next."""
    found = word_forms(columns) if len(columns) > 2 else None
    if found is None:
        return False
    lemma = next(c for c in columns if c.name == columns_meant(found[0].name, [c.name for c in columns])[0])
    changes = sum(a != b for a, b in pairwise(lemma.values))
    return changes <= _blocks(lines)  # a header may stand above the first


def _are_dated_numbers(columns: Sequence[Column]) -> bool:
    """Whether the columns hold numbers and dates, perhaps below their names: a series under a title."""
    below = [Column.of(column.name, column.values[1:]) for column in columns]
    dated = [column.is_dates for column in below]
    return any(dated) and all(
        is_dated or column.numbers > _NUMBERS for is_dated, column in zip(dated, below, strict=True)
    )


def _are_swapped(columns: Sequence[Column]) -> bool:
    """Whether the tag comes before the token."""
    first, last = columns
    if looks_like_entities(last.values):
        return False
    few = first.distinct <= _TAG_SHARE * first.rows and 2 * first.distinct <= last.distinct
    return looks_like_entities(first.values) or few


def _is_spaced(lines: Sequence[str], tokens: Column) -> bool:
    """Whether these are texts with blank lines between them, not tokens a few of which contain a space."""
    spaced = sum(" " in value for value in tokens.values)
    if not spaced:
        return False
    return spaced > _SPACED_SHARE * len(tokens.values) or len(tokens.values) < _LEAST_TOKENS * _blocks(lines)


def _token_column(columns: Sequence[Column], sentence: int, has_names: bool) -> int:
    """The column named like tokens, otherwise the first that neither counts nor names the document or sentence."""
    if has_names:
        for names in (_TOKEN_NAMES, TEXT_NAMES):
            named = [i for i, column in enumerate(columns) if mentions(column.name, names) and i != sentence]
            exact = [i for i in named if len(words_in_name(columns[i].name)) == 1]
            if named:
                return (exact or named)[0]
    if len(columns) == 2:
        return 0
    telling = (i for i, column in enumerate(columns[:-1]) if column.numbers <= 0.9 and not _stands_still(column))
    return next(telling, 0)


def _names_no_sentence(columns: Sequence[Column], sentence: int) -> bool:
    """Whether the first of several columns hardly changes although it does not say which sentence a token is in."""
    return len(columns) > 2 and sentence != 0 and _stands_still(columns[0])


def _stands_still(column: Column) -> bool:
    return sum(a == b for a, b in pairwise(column.values)) > _STILL * len(column.values)


def _tag_column(columns: Sequence[Column], others: tuple[int, int], has_names: bool) -> int:
    """The column named like tags, otherwise the last one with more than one value."""
    free = [i for i in range(len(columns)) if i not in others]
    telling = [i for i in free if columns[i].distinct > 1] or free
    named = [i for i in telling if mentions(columns[i].name, _TAG_NAMES)] if has_names else []
    return (named or telling)[-1]


def _chosen(names: Sequence[str], wanted: str, otherwise: int) -> int:
    if not wanted:
        return otherwise
    if wanted not in names:
        raise ConfigError(f"There is no column {wanted!r}; the columns are {', '.join(map(repr, names))}.")
    return names.index(wanted)
