"""Examples with their answers from a file that the network was not trained on: a test file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from os import PathLike
from os.path import isdir
from pathlib import Path

import numpy as np

from engine.data.bulk.belonging import STRANGE_SHARE, check_language
from engine.data.bulk.row_batch import RowBatch
from engine.data.bulk.text_array import EDGES
from engine.data.codec import SEPARATOR, Codec, Kind
from engine.data.data_config import KEEP, DataConfig
from engine.data.examples import Example, Examples, SideValue
from engine.data.files.column_names import OTHER_NAMES, mean_the_same, mentions, role_of
from engine.data.files.readers import READERS
from engine.data.files.readers.folder import files_of
from engine.data.files.recognise import recognise, recognise_like
from engine.data.files.recognition import SEVERAL_FILES, Recognition
from engine.data.files.tag_schemes import SchemeKeeper
from engine.data.files.text_source import OnProgress
from engine.data.files.textfile import TextFile
from engine.data.files.texts_to_answer import columns_with_features, read_inputs, recognise_together
from engine.data.music.tune_loader import melodies, midi_files
from engine.data.numbers.known_mark import KnownMark
from engine.data.numbers.loaders import LOADERS
from engine.data.numbers.number_rows import NumberRows
from engine.data.numbers.number_scaling import NumberScaling
from engine.data.numbers.parse import number_of
from engine.data.numbers.rated_texts import mark_of
from engine.data.numbers.recipes import DECIMAL
from engine.errors import ConfigError, DataError, UnknownAnswersError, quoted
from engine.number_text import counted

_EMPTY = "The file contains no examples to evaluate on."
_SHOWN = 5  # labels listed in a message
_WITH_ANSWER = (Kind.LABELLED, Kind.PAIRS, Kind.RATED)
# What a file of each kind may lack, and what is expected of it.
_LACKS = {
    Kind.LABELLED: ("labels", "a label beside each text"),
    Kind.TAGGED: ("tags", "a tag for each {symbol}"),
    Kind.PAIRS: ("answers", "the answer beside each text"),
    Kind.RATED: ("numbers to predict", "a number beside each text"),
}
# What is not found in a file that is no data of these kinds, and what is expected.
_FILES_OF = {
    Kind.LABELLED_SERIES: "series with labels; expected a folder of files for each label, or a table with them",
    Kind.SPEECH: "sounds with transcripts; expected a table such as spoken.csv, with the columns file and transcript",
    Kind.PICTURES: "pictures with captions; expected a table such as captions.csv, with the columns file and caption",
}


@dataclass(frozen=True)
class ExamplesFile:
    """The examples of a file, in its order, as seen by a network that knows `examples.codec`.

    rows: all rows of the file. left_out: how many cannot be evaluated, by reason. unknown_share: the share of the
    text's symbols that the network does not know. target: the column of the answers, "" if it has no name. remark:
    which sheet of a workbook was read, if there was a choice, and how a series was read, if that needs words.
    """

    examples: Examples
    rows: int
    left_out: dict[str, int]
    unknown_share: float
    target: str = ""
    remark: str = ""


def load_examples(
    path: str | PathLike[str],
    codec: Codec,
    config: DataConfig | None = None,
    like: Recognition | None = None,
    progress: OnProgress | None = None,
) -> ExamplesFile:
    """Read a file or folder of the same kind of data, to evaluate on.

    config: how the training data were read. like: how they were recognised; columns of the same names are used.
    DataError if the file cannot be read, holds another kind of data, or answers that the network has never learned.
    """
    where = Path(path)
    chosen = config or DataConfig()
    config = replace(
        chosen, kind=codec.kind, validation_file="", test_file="", encoding="auto", delimiter="auto",
        form="auto", header="no" if chosen.header == "no" else "auto", source_column="", target_column="",
        sheet=chosen.sheet or ("" if like is None else like.one_of_sheets),
    )  # fmt: skip
    if codec.frames is not None:
        return _of_numbers(where, codec, codec.frames, config, progress)
    if codec.kind == Kind.SEQUENCES and (tunes := midi_files([where])):
        texts, unread = melodies(tunes)
        return _collect(iter([RowBatch(texts, skipped=unread)]), codec, config, where)
    members: Sequence[Path] = files_of(where) if isdir(where) else [where]
    if like is not None and like.form in READERS:
        members = READERS[like.form].members(members, like)
    with ExitStack() as stack:
        composed = config.normal_form != KEEP
        usual = "" if like is None else like.encoding
        files = [
            stack.enter_context(TextFile(one, "auto", progress, composed, config.sheet, usual=usual)) for one in members
        ]
        if like is None and len(files) == 1:
            like = _as_chosen(files[0], chosen, config, where)
        if like is not None and codec.target is not None and codec.kind == Kind.TAGGED:
            like = replace(like, values=codec.target.symbols)
        try:
            found = (
                recognise_together(files, config, codec, like, where) if len(files) > 1
                else recognise_like(files, config, like, where) if like is not None and like.form in READERS
                else recognise(files[0].excerpt, config, where)
            )  # fmt: skip
        except DataError as error:
            raise (_lacks_answers(where, codec, like, config) if len(files) == 1 else None) or error from None
        if like is None and codec.unit == "mixed" and SEPARATOR not in found.source_column:
            source = columns_with_features(found, codec)
            answers = [name for name in found.columns if name not in source.split(SEPARATOR)]
            if source and answers:
                found = replace(found, source_column=source, target_column=answers[0])
        if found.problem:
            raise DataError(found.problem, path=where)
        if like is not None and not _may_hold_answers(found, codec, like):
            lacks = _lacks_answers(where, codec, like, config)
            if lacks is not None:
                raise lacks
        try:
            read = _collect(READERS[found.form].read(files, found, config), codec, config, where, found.delimiter)
            if not len(read.examples):
                lacks = _lacks_answers(where, codec, like, config) if "no answer" in read.left_out else None
                raise lacks or DataError(_EMPTY, path=where)
            check_language(read.examples, str(where))
            target = found.target_column if found.has_header else ""
            return replace(read, target=target, remark=files[0].about_sheet(config.sheet))
        except DataError as error:
            raise error.in_file(where) from None


def _of_numbers(
    path: Path, codec: Codec, numbers: NumberScaling, config: DataConfig, progress: OnProgress | None
) -> ExamplesFile:
    """Series, sounds or pictures; rows with a label that was never learned are left out."""
    rows = _number_rows(path, codec, config, progress)
    if rows is None:
        series, remarks = numbers.read_series(path)
        whole = [one.values for one in series if len(one.values) > 1]
        if not whole:
            which = "Each series" if len(series) > 1 else "The series"
            raise DataError(f"{which} has one step; expected two or more, as a step is predicted from those before.",
                            path=path)  # fmt: skip
        short = {"the series has one step": len(series) - len(whole)} if len(whole) < len(series) else {}
        examples = Examples.of(codec, [(values, values[1:]) for values in whole])
        return ExamplesFile(examples, len(series), short, 0.0, remark=" ".join(remarks))
    left_out = Counter(skipped.reason for skipped in rows.skipped)
    kept = []
    if codec.kind == Kind.SERIES:
        kept = [Example(frames, frames[1:]) for frames in rows.frames if len(frames) > 1]
    else:
        for frames, target in zip(rows.frames, rows.targets, strict=True):
            example = Example(frames, codec.tokenize(target.strip(), "target"))
            if _never_learned(example, codec):
                left_out[f"labels never learned: {target!r}"] += 1
            else:
                kept.append(example)
    if not kept:
        raise DataError(_EMPTY, path=path)
    return ExamplesFile(Examples.of(codec, kept), len(rows.frames) + len(rows.skipped), dict(left_out), 0.0)


def _number_rows(path: Path, codec: Codec, config: DataConfig, progress: OnProgress | None) -> NumberRows | None:
    """The rows of a folder or a table; None for a table of series without labels, which is read by its columns."""
    for loader in LOADERS.values():
        found = loader.recognise([path], config) if codec.kind in loader.kinds else None
        if found is not None:
            return loader.read([path], found, config, progress)
    if codec.values is not None:
        return None
    if codec.kind == Kind.LABELLED_SERIES and not isdir(path):
        with TextFile(path, "auto", progress, sheet=config.sheet) as file:
            table = recognise(file.excerpt, config, path)
            if table.kind == Kind.LABELLED_SERIES:
                return READERS[table.form].numbers(file, replace(table, decimal=_known_mark(codec)))
    raise DataError(f"Found no {_FILES_OF[codec.kind]}.", path=path)


def _known_mark(codec: Codec) -> KnownMark:
    return KnownMark() if codec.frames is None else KnownMark(str(codec.frames.recipe.get(DECIMAL, "")))


def _as_chosen(file: TextFile, chosen: DataConfig, config: DataConfig, path: Path) -> Recognition | None:
    """The file read from the columns that were chosen for training; None if none were, or it does not have them."""
    with_columns = replace(config, source_column=chosen.source_column, target_column=chosen.target_column)
    if with_columns == config:
        return None
    with suppress(ConfigError, DataError):
        return recognise(file.excerpt, with_columns, path)
    return None


def _collect(
    batches: Iterable[RowBatch], codec: Codec, config: DataConfig, path: Path, delimiter: str = ""
) -> ExamplesFile:
    left_out: Counter[str] = Counter()
    strange: Counter[str] = Counter()
    kept: list[Example] = []
    rows = 0
    decimal = ""
    if codec.kind == Kind.RATED and codec.values is not None:
        batches = list(batches)  # the whole column tells how its numbers are written
        decimal = mark_of((str(cell) for batch in batches for cell in batch.target), codec.values, delimiter)
    for example in _examples(batches, codec, left_out, decimal):
        rows += 1
        if not example.source or (codec.kind in _WITH_ANSWER and not len(example.target)):
            left_out["no text" if not example.source else "no answer"] += 1
            continue
        if config.longest and codec.kind != Kind.STREAM and len(example.source) > config.longest:
            if not codec.kind.answers_once:
                left_out[f"longer than {counted(config.longest, codec.symbol_name)}"] += 1
                continue
            example = replace(example, source=example.source[: config.longest])  # as the training rows were cut
        unknown = _never_learned(example, codec)
        if unknown:
            strange[unknown] += 1
            continue
        kept.append(example)
    word = "tag" if codec.kind == Kind.TAGGED else "label"
    named = ", ".join(repr(label) for label, _ in strange.most_common(_SHOWN))
    if strange.total() >= STRANGE_SHARE * max(1, rows):
        assert codec.target is not None
        learned = ", ".join(map(repr, codec.target.symbols[:_SHOWN]))
        raise UnknownAnswersError(
            f"These are answers to another question: {strange.total():,} of {rows:,} rows have a {word} that the "
            f"network has never learned, such as {named}; it knows {learned}.",
            path=path,
        )
    if strange:
        left_out[f"{word}s never learned: {named}"] += strange.total()
    examples = Examples.of(codec, kept)
    counts = codec.source.has_specials and len(kept) > 0
    unknown_share = float((codec.source.known(examples.source.values) == 0).mean()) if counts else 0.0
    return ExamplesFile(examples, len(kept) + left_out.total(), dict(left_out), unknown_share)


def _may_hold_answers(found: Recognition, codec: Codec, like: Recognition) -> bool:
    """Whether the column taken for the answers may be one: it is called as the training data's was, or means the same,
    or holds labels that the network knows. Beside a text, any other column may be taken for one, such as its number."""
    name = found.target_column
    if not name or not (found.has_names and like.has_names) or found.form in SEVERAL_FILES:
        return True
    numbers_rows = mentions(name, OTHER_NAMES)  # a sample's answers may be called anything else
    if mean_the_same(name, like.target_column) if like.target_column else (role_of(name) and not numbers_rows):
        return True
    if codec.kind.has_classes and codec.target is not None:
        given = [label for cell in found.previews[found.place(name)] for label in codec.tokenize(cell, "target")]
        known = sum(codec.target.index(label) is not None for label in given)
        return known >= STRANGE_SHARE * max(1, len(given))
    return not like.target_column and not numbers_rows


def _lacks_answers(path: Path, codec: Codec, like: Recognition | None, config: DataConfig) -> DataError | None:
    """What to say about a file that holds texts, but not the answers that the network's are to be compared with; None
    if it holds no texts either."""
    if codec.kind not in _LACKS:
        return None
    try:
        texts = read_inputs(path, codec, like, chosen=config).texts
    except (ConfigError, DataError):
        return None
    answers, expected = _LACKS[codec.kind]
    expected = expected.format(symbol=codec.symbol_name)
    first = texts[0] if isinstance(texts[0], str) else codec.join(texts[0])
    known = codec.target.symbols[:_SHOWN] if codec.kind.has_classes and codec.target is not None else ()
    such = f", such as {', '.join(map(repr, known))}" if known else ""
    found = counted(len(texts), "text")
    return DataError(f"The file has no {answers}: found {found}, such as {quoted(first)}; expected {expected}{such}.",
                     path=path)  # fmt: skip


def _never_learned(example: Example, codec: Codec) -> str:
    """The first label or tag that the network has never seen; "" if it knows all."""
    if not codec.kind.has_classes or codec.target is None:
        return ""
    return next((label for label in example.target if codec.target.index(label) is None), "")


def _examples(batches: Iterable[RowBatch], codec: Codec, left_out: Counter[str], decimal: str) -> Iterator[Example]:
    """The rows as symbols; what the reader left out is counted. decimal: the mark before decimals, if it is known."""
    schemes = SchemeKeeper(codec.target.symbols if codec.target is not None else ())
    stream: list[str] = []
    for batch in batches:
        for skipped in batch.skipped:
            left_out[skipped.reason] += 1
        if codec.kind == Kind.STREAM:
            stream += map(str, batch.source)
        elif codec.kind == Kind.TAGGED:
            yield from _sentences(schemes.keep(batch), codec)
        else:
            targets = batch.target if len(batch.target) else [""] * len(batch.source)
            for source, target in zip(batch.source, targets, strict=True):
                yield Example(
                    codec.tokenize(str(source).strip(EDGES)), _answer(str(target).strip(EDGES), codec, decimal)
                )
    if stream:
        yield Example(codec.tokenize("".join(stream)))


def _answer(target: str, codec: Codec, decimal: str) -> SideValue:
    if codec.kind == Kind.RATED:
        number = number_of(target, decimal)
        return np.array([number]) if np.isfinite(number) else ()
    return codec.tokenize(target, "target") if target and codec.target is not None else ()


def _sentences(batch: RowBatch, codec: Codec) -> Iterator[Example]:
    assert batch.lengths is not None
    words, tags, at = list(map(str, batch.source)), list(map(str, batch.target)), 0
    for length in batch.lengths.tolist():
        tokens = words[at : at + length]
        yield Example(
            tuple(token.lower() for token in tokens) if codec.lowercase else tuple(tokens),
            tuple(tag.strip(EDGES) for tag in tags[at : at + length]),
        )
        at += length
