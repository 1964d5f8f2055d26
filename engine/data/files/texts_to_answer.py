"""The rows of a file for a trained network to answer, read as its training data were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from engine.data.bulk.text_array import EDGES
from engine.data.codec import FEATURE_ENDS, SEPARATOR, Codec, Kind
from engine.data.data_config import KEEP, DataConfig
from engine.data.files.all_rows import RowCells, all_rows
from engine.data.files.readers import READERS
from engine.data.files.recognise import recognise
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import OnProgress, TextFile
from engine.errors import DataError

_KNOWN_SHARE: Final = 0.5  # of the features in a column
Input = str | tuple[str, ...]  # a text, or the tokens of a sentence


@dataclass(frozen=True)
class AskedRow:
    """A row of a file to be answered. cells: all that it holds. text: what the network reads; "" if there is none."""

    cells: tuple[str, ...]
    text: Input


@dataclass(frozen=True)
class AskedFile:
    """The rows of a file, in its order, and the names of their columns."""

    columns: tuple[str, ...]
    rows: Sequence[AskedRow]

    @property
    def texts(self) -> list[Input]:
        """What the network reads, without the rows that hold no text."""
        return [row.text for row in self.rows if row.text]


def read_inputs(
    path: str | Path, codec: Codec, like: Recognition | None = None, progress: OnProgress | None = None
) -> AskedFile:  # fmt: skip
    """The texts of a file, or its sentences as tuples of tokens, beside all columns. Labels are not needed.

    like: how the network's training data were recognised; a column of the same name is used. DataError if the file
    cannot be read or holds no text.
    """
    where = Path(path)
    config = DataConfig(normal_form="NFC" if codec.composed else KEEP)
    rows: Sequence[RowCells] | None = None
    columns: tuple[str, ...] = ()
    with TextFile(where, progress=progress, composed=codec.composed) as file:
        if codec.kind == Kind.TAGGED and _has_a_token_a_line(file):
            texts: list[tuple[int, Input]] = [(0, sentence) for sentence in _sentences(file)]
        else:
            found, config = _recognise(file, config, codec, like, where)
            texts = list(_texts(file, found, config))
            if found.kind != Kind.TAGGED:
                rows, columns = all_rows(file, found), found.columns
    if not any(text for _, text in texts):
        raise DataError("The file contains no text.", path=where)
    if rows is None:  # nothing but texts
        full = [text for _, text in texts if text]
        return AskedFile(("text",), [AskedRow((_joined(text, codec),), text) for text in full])
    return AskedFile(columns, list(_beside(rows, texts)))


def _joined(text: Input, codec: Codec) -> str:
    return text if isinstance(text, str) else codec.join(text)


def _beside(rows: Sequence[RowCells], texts: Sequence[tuple[int, Input]]) -> Iterator[AskedRow]:
    """The rows with their texts. Both are in the order of the file, in which some rows have no text."""
    at = 0
    for line, cells in rows:
        while at < len(texts) and texts[at][0] < line:
            at += 1
        found = at < len(texts) and texts[at][0] == line
        yield AskedRow(cells, texts[at][1] if found else "")
        at += found


def _texts(file: TextFile, found: Recognition, config: DataConfig) -> Iterator[tuple[int, Input]]:
    """What the reader finds in each row, and on which line that begins; a text of white space is empty."""
    for batch in READERS[found.form].read([file], found, config):
        if batch.lengths is None:
            lines = batch.lines.tolist() if batch.lines is not None else [0] * len(batch.source)
            for line, text in zip(lines, map(str, batch.source), strict=True):
                yield line, text if text.strip(EDGES) else ""
            continue
        words, at = list(batch.source), 0
        for length in batch.lengths.tolist():
            yield 0, tuple(words[at : at + length])
            at += length


def _has_a_token_a_line(file: TextFile) -> bool:
    """Whether the lines are single tokens, with blank lines between sentences."""
    lines = [line.strip() for line in file.excerpt.lines]
    full = [line for line in lines if line]
    ends = sum(not b and bool(a) for a, b in pairwise(lines))
    return ends > 0 and len(full) > ends and not any(" " in line or "\t" in line for line in full)


def _sentences(file: TextFile) -> Iterator[tuple[str, ...]]:
    tokens: list[str] = []
    for block in file.blocks():
        for line in block.removesuffix("\n").split("\n"):
            if line.strip():
                tokens.append(line.strip())
            elif tokens:
                yield tuple(tokens)
                tokens = []
    if tokens:
        yield tuple(tokens)


def _recognise(
    file: TextFile, config: DataConfig, codec: Codec, like: Recognition | None, path: Path
) -> tuple[Recognition, DataConfig]:  # fmt: skip
    """How to read the texts: as tokens if the file has tokens with tags, else one text per row."""
    found = recognise(file.excerpt, config, path)
    if like is not None and found.misses_header(like, frozenset(like.sources)):
        config = replace(config, form="table", header="yes")
        found = recognise(file.excerpt, config, path)
    if found.kind == Kind.TAGGED and found.form in ("conll", "conllu"):
        if like is not None and like.form == found.form and like.source_column in found.columns:
            found = replace(found, source_column=like.source_column)
        return found, config
    if _ending(path) in ("json", "jsonl", "ndjson") and found.form not in ("json", "jsonl"):
        raise DataError("This is not JSON, as its name says; expected an array, or an object on each line.", path=path)
    if found.form in ("prose", "pronunciation"):  # a text on each line
        config = replace(config, form="lines")
        return recognise(file.excerpt, config, path), config
    if len(found.columns) < 2:
        return replace(found, kind=Kind.SEQUENCES, target_column=""), config
    column = found.source_column
    if like is not None and set(like.sources) <= set(found.columns):
        column = like.source_column
    elif like is not None and len(like.sources) == len(found.columns) > 1 and not found.has_header:
        column = SEPARATOR.join(found.columns)  # the same columns, without the answers
    elif codec.unit == "mixed" and (joined := columns_with_features(found, codec)):
        column = joined
    elif _may_be_lines(found, path):
        config = replace(config, form="lines")
        return recognise(file.excerpt, config, path), config
    if found.kind == Kind.TAGGED and column == found.source_column:
        return found, config
    mended = column == found.source_column and found.values  # labels tell which rows have separators in their text
    target = found.target_column if mended else ""
    values = found.values if mended else ()
    return replace(found, kind=Kind.SEQUENCES, source_column=column, target_column=target, values=values), config


def columns_with_features(found: Recognition, codec: Codec) -> str:
    """The first column and those whose features the network knows, as one source; "" if there are none."""

    def known(values: Sequence[str]) -> bool:
        given = [feature for value in values for feature in FEATURE_ENDS.split(value) if feature]
        return sum(codec.source.index(feature) is not None for feature in given) > _KNOWN_SHARE * len(given)

    features = [name for name, values in zip(found.columns, found.previews, strict=True) if known(values)]
    words = [name for name in found.columns if name not in features]
    return SEPARATOR.join([words[0], *features]) if words and features else ""


def _may_be_lines(found: Recognition, path: Path) -> bool:
    """Whether a text file without a header may simply hold one text per line, with commas in it."""
    plain = found.form == "table" and not found.has_header and not found.quoted and found.delimiter != "\t"
    return plain and _ending(path) not in ("csv", "tsv", "tab")


def _ending(path: Path) -> str:
    return path.name.lower().removesuffix(".gz").rpartition(".")[2]


def tokens_of(row: Input, codec: Codec) -> tuple[str, ...]:
    """The symbols of a row as the network reads them: in lower case if it was trained without capitals."""
    if isinstance(row, str):
        return codec.tokenize(row.strip(EDGES))
    return tuple(token.lower() for token in row) if codec.lowercase else row
