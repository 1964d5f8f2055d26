"""The rows of a file for a trained network to answer, read as its training data were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from os.path import isdir
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from engine.data.bulk.row_batch import RowBatch
from engine.data.bulk.text_array import EDGES
from engine.data.codec import FEATURE_ENDS, SEPARATOR, Codec, Kind
from engine.data.data_config import AUTO, KEEP, DataConfig
from engine.data.files.all_rows import RowCells, all_rows, names_as_written
from engine.data.files.as_trained import as_trained
from engine.data.files.readers import READERS
from engine.data.files.readers.conll import Sentences
from engine.data.files.readers.folder import files_of, label_names
from engine.data.files.readers.parallel import are_sides, are_sides_like
from engine.data.files.recognise import recognise, recognise_files, recognise_like
from engine.data.files.recognition import SEVERAL_FILES, Recognition
from engine.data.files.several_columns import lacks_columns
from engine.data.files.table_style import NO_TABLE, TableStyle, style_of
from engine.data.files.text_source import OnProgress
from engine.data.files.textfile import TextFile
from engine.data.files.token_lines import TokenLines, lines_for_tokens, sentences_with_lines
from engine.errors import ConfigError, DataError

_KNOWN_SHARE: Final = 0.5  # of the features in a column
_TOKEN_A_LINE: Final = Recognition("conll", Kind.TAGGED, "", ("token",), source_column="token", delimiter="\t")
Input = str | tuple[str, ...]  # a text, or the tokens of a sentence


@dataclass(frozen=True)
class AskedRow:
    """A row of a file to be answered. cells: all that it holds; () if `lines` has it. text: what the network reads, ""
    if there is none. lines: where its tags are written; None unless the answers are tags. file: which of several files
    it stands in; "" if there is only one, or if the row stands in all of them."""

    cells: tuple[str, ...]
    text: Input
    lines: TokenLines | None = None
    file: str = ""


@dataclass(frozen=True)
class AskedFile:
    """The rows of a file, in its order, and the names of their columns. remark: which sheet of a workbook was read, ""
    if there was no choice. style: how a single file is written."""

    columns: tuple[str, ...]
    rows: Sequence[AskedRow]
    remark: str = ""
    style: TableStyle = NO_TABLE

    @property
    def texts(self) -> list[Input]:
        """What the network reads, without the rows that hold no text."""
        return [row.text for row in self.rows if row.text]


class _TextInRow(NamedTuple):
    """What is read in a row: on which line that begins, 0 if unknown; the text, and its tags if the file has them."""

    line: int
    text: Input
    tags: tuple[str, ...] = ()


def read_inputs(
    path: str | Path, codec: Codec, like: Recognition | None = None, progress: OnProgress | None = None, *,
    chosen: DataConfig | None = None,
) -> AskedFile:  # fmt: skip
    """The texts of a file, or its sentences as tuples of tokens, beside all columns; of a folder, those of all files.
    Labels are not needed.

    like: how the network's training data were recognised; a file with these columns is read in the same layout. chosen:
    how they were to be read; of a workbook, the sheet that was chosen, or else the one of several that was read, is
    read if it has it. DataError if the file cannot be read or holds no text.
    """
    where = Path(path)
    chosen = chosen or DataConfig()
    sheet = chosen.sheet or ("" if like is None else like.one_of_sheets)
    config = DataConfig(normal_form="NFC" if codec.composed else KEEP, sheet=sheet)
    members: Sequence[Path] = files_of(where) if isdir(where) else [where]
    if like is not None and len(members) > 1:
        members = READERS[like.form].members(members, like)
    if len(members) > 1 and belong_together(members, codec, like):
        asked = _of_folder(members, replace(config, kind=codec.kind), codec, like, progress, where)
    elif len(members) > 1:
        asked = _one_by_one(members, replace(config, header=chosen.header), codec, like, progress)
    else:
        asked = _of_file(where, replace(config, header=chosen.header), codec, like, progress)
    if not asked.texts:
        raise DataError("The file contains no text.", path=where)
    return asked


def _of_folder(
    members: Sequence[Path], config: DataConfig, codec: Codec, like: Recognition | None, progress: OnProgress | None,
    where: Path,
) -> AskedFile:  # fmt: skip
    """The rows of several files that belong together: each for a label, or the sides of pairs."""
    if codec.kind == Kind.RATED:  # its texts may have any labels
        config = replace(config, kind=Kind.LABELLED)
    with ExitStack() as stack:
        files = [stack.enter_context(_opened(one, config, codec, like, progress)) for one in members]
        found = recognise_together(files, config, codec, like, where)
        rows = [
            AskedRow((_joined(text.text, codec), answer), text.text, _lines(text, (), codec))
            for batch in READERS[found.form].read(files, found, config)
            for text, answer in zip(_texts(batch), _answers(batch), strict=True)
        ]
    return AskedFile((found.source_column, found.target_column), rows)


def _one_by_one(
    members: Sequence[Path], config: DataConfig, codec: Codec, like: Recognition | None, progress: OnProgress | None
) -> AskedFile:
    """The rows of all files, one file after another, each with the name of its file before its columns; with nothing
    but their texts if the columns differ."""
    found = [(one.name, _of_file(one, config, codec, like, progress)) for one in members]
    alike = len({asked.columns for _, asked in found}) == 1
    rows = [
        replace(row, cells=(name, *(row.cells if alike else (_joined(row.text, codec),))), file=name)
        for name, asked in found
        for row in asked.rows
    ]
    remark = " ".join(asked.remark for _, asked in found if asked.remark)
    return AskedFile(("file", *(found[0][1].columns if alike else ("text",))), rows, remark)


def belong_together(members: Sequence[Path], codec: Codec, like: Recognition | None) -> bool:
    """Whether the names of files say that they are one for each label that the network knows, or the sides of pairs;
    else each holds texts of its own, and as many lines are mere chance."""
    labels = codec.target.symbols if codec.kind == Kind.LABELLED and codec.target is not None else ()
    names = [file.name for file in members]
    return (
        {*label_names(members)} <= {*labels} or are_sides(names) or (like is not None and are_sides_like(names, like))
    )


def recognise_together(
    files: Sequence[TextFile], config: DataConfig, codec: Codec, like: Recognition | None, path: Path
) -> Recognition:
    """How to read several files for a network whose training data were recognised as `like`."""
    names = label_names([file.path for file in files])
    if codec.kind == Kind.LABELLED and codec.target is not None and {*names} <= {*codec.target.symbols}:
        return recognise_files(files, replace(config, form="folder"), path)
    if like is not None and like.form in SEVERAL_FILES:
        return recognise_like(files, config, like, path)
    return recognise_files(files, config, path)


def _opened(
    path: Path, config: DataConfig, codec: Codec, like: Recognition | None, progress: OnProgress | None
) -> TextFile:  # fmt: skip
    usual = "" if like is None else like.encoding
    return TextFile(path, progress=progress, composed=codec.composed, sheet=config.sheet, usual=usual)


def _of_file(
    where: Path, config: DataConfig, codec: Codec, like: Recognition | None, progress: OnProgress | None
) -> AskedFile:  # fmt: skip
    with _opened(where, config, codec, like, progress) as file:
        if codec.kind == Kind.TAGGED and _has_a_token_a_line(file):
            return _of_tokens(file, _TOKEN_A_LINE, [_lone_tokens(file)], like)
        found, config = _recognise(file, config, codec, like, where)
        batches = READERS[found.form].read([file], found, config)
        if codec.kind == Kind.TAGGED and found.form in ("conll", "conllu"):
            return _of_tokens(file, found, batches, like)
        asked = _of_rows(file, found, batches, codec)
        style = style_of(file, found, [row.cells for row in asked.rows])
        return replace(asked, remark=file.about_sheet(config.sheet), style=style)


def _of_tokens(file: TextFile, found: Recognition, batches: Iterable[RowBatch], like: Recognition | None) -> AskedFile:
    """The sentences of a file with a token on each line."""
    rows = [AskedRow((), *sentence) for sentence in sentences_with_lines(file, found, batches, like)]
    return AskedFile((), rows, style=style_of(file, found, ()))


def _of_rows(file: TextFile, found: Recognition, batches: Iterable[RowBatch], codec: Codec) -> AskedFile:
    """The rows of a table or a list."""
    texts = [text for batch in batches for text in _texts(batch)]
    rows = all_rows(file, found)
    if rows is None:  # nothing but texts
        full = [text for text in texts if text.text]
        asked = [AskedRow((_joined(text.text, codec),), text.text, _lines(text, (), codec)) for text in full]
        return AskedFile(("text",), asked)
    return AskedFile(names_as_written(file, found), list(_beside(rows, texts, found, codec)))


def _joined(text: Input, codec: Codec) -> str:
    return text if isinstance(text, str) else codec.join(text)


def _beside(
    rows: Sequence[RowCells], texts: Sequence[_TextInRow], found: Recognition, codec: Codec
) -> Iterator[AskedRow]:
    """The rows with their texts. Both are in the order of the file, in which some rows have no text."""
    at = 0
    place = found.place(found.source_column) if len(found.sources) == 1 else -1
    other = [(column, name) for column, name in enumerate(found.columns) if name not in found.sources]
    for line, cells in rows:
        while at < len(texts) and texts[at].line < line:
            at += 1
        read = _TextInRow(line, "")
        if at < len(texts) and texts[at].line == line:
            read = texts[at]
            at += 1
        elif line and place >= 0:  # its answer is missing, or one of several: that is no reason not to answer it
            read = _TextInRow(line, cells[place].strip(EDGES))
        yield AskedRow(cells, read.text, _lines(read, ((name, cells[column]) for column, name in other), codec))


def _lines(read: _TextInRow, remarks: Iterable[tuple[str, str]], codec: Codec) -> TokenLines | None:
    """Lines for the tags of a text found in a row; None where the answer is not tags."""
    if codec.kind != Kind.TAGGED:
        return None
    tokens = tokens_of(read.text, codec) if isinstance(read.text, str) else read.text
    return lines_for_tokens(tokens, read.tags, remarks)


def _texts(batch: RowBatch) -> Iterator[_TextInRow]:
    """What the reader found in each row; a text of white space is empty."""
    rows = len(batch.source) if batch.lengths is None else len(batch.lengths)
    lines = batch.lines.tolist() if batch.lines is not None else [0] * rows
    if batch.lengths is None:
        for line, text in zip(lines, map(str, batch.source), strict=True):
            yield _TextInRow(line, text if text.strip(EDGES) else "")
        return
    words, tags, at = list(batch.source), list(batch.target), 0
    for line, length in zip(lines, batch.lengths.tolist(), strict=True):
        yield _TextInRow(line, tuple(words[at : at + length]), tuple(tags[at : at + length]))
        at += length


def _answers(batch: RowBatch) -> Iterator[str]:
    """What stands beside each of these texts."""
    if batch.lengths is None:
        yield from map(str, batch.target)
        return
    ends = np.cumsum(batch.lengths).tolist()
    yield from (" ".join(batch.target[start:end]) for start, end in pairwise([0, *ends]))


def _has_a_token_a_line(file: TextFile) -> bool:
    """Whether the lines are single tokens, with blank lines between sentences."""
    lines = [line.strip() for line in file.excerpt.lines]
    full = [line for line in lines if line]
    ends = sum(not b and bool(a) for a, b in pairwise(lines))
    return ends > 0 and len(full) > ends and not any(" " in line or "\t" in line for line in full)


def _lone_tokens(file: TextFile) -> RowBatch:
    sentences = Sentences()
    for number, line in enumerate(file.lines(), 1):
        if line.strip():
            sentences.add(line.strip(), "", number)
        else:
            sentences.close()
    sentences.close()
    return sentences.take()


def _recognise(
    file: TextFile, config: DataConfig, codec: Codec, like: Recognition | None, path: Path
) -> tuple[Recognition, DataConfig]:  # fmt: skip
    """How to read the texts: as tokens if the file has tokens with tags, else one text per row."""
    found = None if like is None else as_trained(file, config, like)
    config = replace(config, header=AUTO)
    found = found or recognise(file.excerpt, config, path)
    if like is not None and found.form == like.form and not like.read <= {*found.columns}:
        found = _with_columns_of(like, file, config, path) or found
    if like is not None and found.misses_header(like, frozenset(like.sources)):
        if sum(bool(line.strip()) for line in file.excerpt.lines) == 1:
            raise DataError("The file contains no text below the names of its columns.", path=path)
        config = replace(config, form="table", header="yes")
        found = recognise(file.excerpt, config, path)
    if _ending(path) in ("json", "jsonl", "ndjson") and found.form not in ("json", "jsonl"):
        raise DataError("This is not JSON, as its name says; expected an array, or an object on each line.", path=path)
    if codec.kind == Kind.TAGGED and found.form not in ("conll", "conllu"):
        found = _as_learned(file, config, codec, like, path) or found
    if codec.kind == Kind.TAGGED and found.form == "table":
        found = _as_tokens(file, config, path) or found
    if found.kind == Kind.TAGGED and found.form in ("conll", "conllu"):
        if like is not None and like.form == found.form and like.source_column in found.columns:
            found = replace(found, source_column=like.source_column)
            if found.form == "conllu":  # all its files have the same columns
                found = replace(found, target_column=like.target_column)
        return found, config
    if found.form in ("prose", "pronunciation") or _are_joined(file, like):  # a text on each line
        config = replace(config, form="lines")
        return recognise(file.excerpt, config, path), config
    if len(found.columns) < 2:
        return replace(found, kind=Kind.SEQUENCES, target_column=""), config
    column = found.source_column
    alike = like is not None and (found.delimiter == like.delimiter or not _may_be_lines(found, path))
    if like is not None and alike and set(like.sources) <= set(found.columns):
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


def _with_columns_of(like: Recognition, file: TextFile, config: DataConfig, path: Path) -> Recognition | None:
    """A file with the columns of the training file, answers included, although it is too short to show them."""
    with suppress(DataError, ConfigError):
        found = recognise(file.excerpt, replace(config, form=like.form, kind=like.kind), path)
        return found if like.read <= {*found.columns} else None
    return None


def _as_learned(
    file: TextFile, config: DataConfig, codec: Codec, like: Recognition | None, path: Path
) -> Recognition | None:  # fmt: skip
    """A token in each row, as in the training file, with tags that the network knows: too few of them to look like tags
    on their own. None for anything else."""
    if like is None or like.form != "conll" or codec.target is None:
        return None
    with suppress(DataError, ConfigError):
        found = recognise(file.excerpt, replace(config, form="conll"), path)
        if len(found.columns) == len(like.columns) and like.read <= {*found.columns}:
            tags = [tag for tag in found.previews[found.place(like.target_column)] if tag.strip()]
            return found if tags and all(codec.target.index(tag) is not None for tag in tags) else None
    return None


def _as_tokens(file: TextFile, config: DataConfig, path: Path) -> Recognition | None:
    """A table that holds a token in each row, although nothing in it looks like tags: with a column of sentences, or
    with tabs and blank lines between sentences. None for a table of texts."""
    with suppress(DataError, ConfigError):
        found = recognise(file.excerpt, replace(config, form="conll"), path)
        lines = [line.strip() for line in file.excerpt.lines]
        separated = found.delimiter == "\t" and "" in lines[1:-1]
        if found.sentence_column or separated:
            tokens = found.previews[found.place(found.source_column)]
            return None if any(" " in token for token in tokens) else found
    return None


def columns_with_features(found: Recognition, codec: Codec) -> str:
    """The first column and those whose features the network knows, as one source; "" if there are none."""

    def known(values: Sequence[str]) -> bool:
        given = [feature for value in values for feature in FEATURE_ENDS.split(value) if feature]
        return sum(codec.source.index(feature) is not None for feature in given) > _KNOWN_SHARE * len(given)

    features = [name for name, values in zip(found.columns, found.previews, strict=True) if known(values)]
    words = [name for name in found.columns if name not in features]
    return SEPARATOR.join([words[0], *features]) if words and features else ""


def _are_joined(file: TextFile, like: Recognition | None) -> bool:
    """Whether each line is a text made of several columns, as the network was trained on: "walk + V;PST"."""
    if like is None or len(like.sources) < 2:
        return False
    lines = [line for line in file.excerpt.lines if line.strip()]
    return not any("\t" in line or lacks_columns(line, like.sources) for line in lines)


def _may_be_lines(found: Recognition, path: Path) -> bool:
    """Whether a text file without a header may simply hold one text per line, with commas in it."""
    plain = found.form == "table" and not found.has_header and not found.quoted and found.delimiter != "\t"
    return plain and _ending(path) not in ("csv", "tsv", "tab")


def _ending(path: Path) -> str:
    return path.name.lower().removesuffix(".gz").rpartition(".")[2]


def tokens_of(row: Input, codec: Codec, longest: int = 0) -> tuple[str, ...]:
    """The symbols of a row as the network reads them: in lower case if it was trained without capitals, and only the
    first `longest` of a text with one answer, as the training rows were cut; 0 keeps all."""
    if isinstance(row, str):
        tokens = codec.tokenize(row.strip(EDGES))
    else:
        tokens = tuple(token.lower() for token in row) if codec.lowercase else row
    return tokens[:longest] if longest and codec.kind.answers_once else tokens
