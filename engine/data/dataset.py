"""A data set: examples of one kind with their vocabularies, split into training and validation."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from engine.data.bulk.dataset_builder import DatasetBuilder
from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import KINDS, SEPARATOR, UNITS, Codec, Kind, Unit
from engine.data.data_config import KEEP, DataConfig
from engine.data.examples import Examples
from engine.data.files.file_stamps import FileStamps
from engine.data.files.normal_form import compose
from engine.data.files.recognition import Recognition
from engine.data.report import Report
from engine.errors import ConfigError, DataError

if TYPE_CHECKING:
    from engine.data.numbers.number_rows import NumberRows

FEW_LABELLED = 20_000  # rows; with more, a network learns what words mean from the rows themselves


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples of one kind with their vocabularies, split into training and validation; immutable.

    `path`: the file or folder; None for rows, samples, and several files that were opened together, which are
    `together`. `series_times` (n,): of each series, the time of each step as the file writes it: of each that has been
    held out whole, or else of each that is trained on, up to the end of what is held out; () if unknown.
    `is_folder`: whether `path` is a folder, as data of the same form then are. `stamps`: sizes
    and times of change of its files and of its validation files, as they were before they were read.
    """

    name: str
    kind: Kind
    codec: Codec
    train: Examples
    validation: Examples
    report: Report
    config: DataConfig
    recognition: Recognition
    path: str | None = None
    series_times: tuple[tuple[str, ...], ...] = ()
    together: tuple[str, ...] = ()
    is_folder: bool = False
    stamps: FileStamps = ()

    def __getstate__(self) -> dict[str, Any]:
        """A copy: another thread may look something up, which is then remembered, while this is pickled. Without the
        times, which no training in another process needs."""
        return {**vars(self), "series_times": ()}

    @property
    def times(self) -> tuple[str, ...]:
        """(T,) the times of a single series; () if there are several, or if they are unknown."""
        return self.series_times[0] if len(self.series_times) == 1 else ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The file or folder, or the files that were opened together; empty for rows and samples."""
        return self.together if self.path is None else (self.path,)

    @property
    def files(self) -> tuple[str, ...]:
        """All files that it is read from: those, a validation file, and a test file."""
        return tuple(path for path in (*self.paths, self.config.validation_file, self.config.test_file) if path)

    @cached_property
    def test(self) -> Examples | None:
        """The examples of the test file, read on demand; None if none was named. DataError if it cannot be read."""
        if not self.config.test_file:
            return None
        from engine.data.examples_file import load_examples  # reads files of all forms; most data needs none of that

        return load_examples(self.config.test_file, self.codec, self.config, self.recognition).examples

    def tested_on(self, path: str) -> Self:
        """The same data with another test file, "" for none; what was found out about the rows is kept."""
        other = replace(self, config=replace(self.config, test_file=path))
        known = {
            name: value for name, value in self.__getstate__().items() if name not in vars(other) and name != "test"
        }
        vars(other).update(known)
        return other

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels or tags, the most frequent first; () where the kind has none."""
        return self.codec.target.symbols if self.kind.has_classes and self.codec.target else ()

    @cached_property
    def longest(self) -> int:
        """Symbols in the longest text (of either side, for pairs): the upper limit for an answer."""
        texts = [] if self.kind == Kind.PICTURES else [part.source for part in (self.train, self.validation)]
        if self.kind.writes_text:
            texts += [part.target for part in (self.train, self.validation)]
        return max(int(rows.lengths.max(initial=0)) for rows in texts)

    @cached_property
    def holds_tunes(self) -> bool:
        """Whether its texts are tunes, judged by the first one."""
        if self.kind.is_running or self.kind.reads_numbers or not len(self.train):
            return False
        from engine.data.music.tune import tune_of  # most data needs none of that

        return bool(tune_of(self.codec.join(self.train[0].source)))

    @property
    def running_lengths(self) -> tuple[int, int]:
        """Number of steps of running text or series: to train on, and to predict for validation, without those that are
        read before. Of a validation file of its own all steps count, as of the training file."""
        continues = self.kind == Kind.SERIES and not self.config.validation_file
        held_out = self.validation.target if continues else self.validation.source
        return int(self.train.source.lengths.sum()), int(held_out.lengths.sum())

    @cached_property
    def vectors_beside(self) -> Path | None:
        """A file of word vectors beside the data, if it may help: for small sets of labelled or tagged words."""
        if self.path is None or not self.kind.has_classes or not self.codec.reads_words:
            return None
        from engine.data.files.vectors_beside import vectors_beside

        return vectors_beside(Path(self.path)) if len(self.train) < FEW_LABELLED else None

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that change when any example, symbol or the split changes."""
        digest = hashlib.blake2b(digest_size=8)
        codec = self.codec
        digest.update(repr((str(self.kind), self.codec.unit, self.codec.target_unit, self.codec.lowercase)).encode())
        for numbers in (codec.frames, codec.values):
            if numbers is not None:
                digest.update(repr(numbers.identity).encode())
        for vocabulary in (self.codec.source, self.codec.target):
            if vocabulary is not None:
                digest.update(repr((vocabulary.symbols, vocabulary.extra)).encode())
        for part in (self.train, self.validation):
            for rows in (part.source, part.target):
                digest.update(np.ascontiguousarray(rows.offsets).data)
                digest.update(np.ascontiguousarray(rows.packed).data)
        return digest.hexdigest()


def make_dataset(
    rows: Iterable[Any],
    kind: str,
    *,
    unit: Unit | None = None,
    target_unit: Unit | None = None,
    validation: float | Iterable[Any] | None = None,
    seed: int | None = None,
    name: str = "data",
    config: DataConfig | None = None,
    reason: str = "",
    columns: Sequence[str] = (),
    recipe: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Dataset:
    """A data set from Python rows.

    rows: texts (sequences, stream), (text, label), (words, tags), (source text, target text), or (text, number);
    an array of numbers (series), or several; (array, label) or (array, text), see `NumberRows`.
    validation: the share of rows held back, or separate rows. columns, recipe: of numbers, their names and how a file
    becomes such numbers, see `NumberRows`. changes: further fields of DataConfig.
    DataError if there are too few rows or they do not fit the kind; ConfigError for a setting out of range.
    """
    if kind not in KINDS:
        raise ConfigError(f"kind is {kind!r}; expected one of {', '.join(repr(str(known)) for known in KINDS)}.")
    kind = Kind(kind)
    for chosen in (unit, target_unit):
        if chosen is not None and chosen not in UNITS:
            raise ConfigError(f"unit is {chosen!r}; expected one of {', '.join(map(repr, UNITS))}.")
    own_rows = None
    if isinstance(validation, (int, float)):
        changes["validation"] = float(validation)
    elif validation is not None:
        own_rows = [validation] if isinstance(validation, str) else list(validation)
    for field_name, value in (("seed", seed), ("unit", unit), ("target_unit", target_unit)):
        if value is not None:
            changes[field_name] = value
    config = replace(config or DataConfig(), **changes)
    if kind.reads_numbers:
        from engine.data.numbers.number_rows import NumberRows  # text needs none of it

        of_numbers = replace(NumberRows.of(rows, kind), names=tuple(columns), recipe=dict(recipe or {}))
        apart = None if own_rows is None else NumberRows.of(own_rows, kind)
        return number_dataset(of_numbers, kind, config, name, reason=reason, validation=apart)
    texts: list[Any] = [rows] if isinstance(rows, str) else list(rows)
    composed = config.normal_form != KEEP
    first = batch_of_rows(texts, kind, composed)
    config_unit, config_target_unit = choose_units(first, kind, config)
    builder = DatasetBuilder(kind, config_unit, config_target_unit, config)
    builder.add(first)
    if own_rows is not None:
        builder.validation_follows()
        builder.add(batch_of_rows(own_rows, kind, composed))
    codec, train, held_out, report = builder.finish()
    recognition = Recognition("rows", kind, reason or f"{report.rows:,} rows of {kind.in_words}")
    return Dataset(name, kind, codec, train, held_out, report, config, recognition)


def number_dataset(
    rows: NumberRows,
    kind: Kind,
    config: DataConfig,
    name: str,
    *,
    recognition: Recognition | None = None,
    reason: str = "",
    validation: NumberRows | None = None,
    path: str | None = None,
) -> Dataset:
    """A data set of rows of numbers. recognition: how a file was recognised; None if the rows come from Python."""
    from engine.data.numbers.number_dataset import build_numbers

    named = recognition is None or bool(config.source_column)  # whoever passes numbers means all of them
    codec, train, held_out, report = build_numbers(rows, kind, config, validation, named)
    if recognition is None:
        recognition = Recognition("rows", kind, reason or f"{report.rows:,} rows of {kind.in_words}")
    elif codec.frames is not None and set(codec.frames.names) < set(recognition.sources):
        recognition = replace(recognition, source_column=SEPARATOR.join(codec.frames.names))
    times = _series_times(rows, validation) if kind == Kind.SERIES else ()
    return Dataset(name, kind, codec, train, held_out, report, config, recognition, path, times)


def _series_times(rows: NumberRows, validation: NumberRows | None) -> tuple[tuple[str, ...], ...]:
    """See `Dataset.series_times`. A single series in a file of its own continues a single one to train on."""
    from engine.data.numbers.number_dataset import SHORTEST_SERIES

    long, later = (
        tuple(times for times in part.times if len(times) >= SHORTEST_SERIES) if part is not None else ()
        for part in (rows, validation)
    )
    if validation is None:
        return long
    return ((*long[0], *later[0]),) if len(long) == len(later) == 1 else later


def choose_units(sample: RowBatch, kind: Kind, config: DataConfig) -> tuple[Unit, Unit]:
    """The units of both sides: as configured, else as the sample of rows suggests."""
    if kind == Kind.TAGGED and config.unit == "piece":
        raise ConfigError(
            "unit is 'piece', but each tag belongs to a whole word; spelling shows its parts to a tagger."
        )
    if kind == Kind.TAGGED:
        return "word", "word"
    unit = config.unit if config.unit in UNITS else _guessed_unit(sample.source, kind)
    if not kind.writes_text:
        return unit, "word"
    if config.target_unit in UNITS:
        return unit, config.target_unit
    if unit == "mixed":  # a word form, even one of several words
        return unit, "character"
    return unit, _guessed_unit(sample.target, kind)


def _guessed_unit(texts: Sequence[str], kind: Kind) -> Unit:
    from engine.data.files.guess_unit import guess_unit  # a sample names its units: not at the start

    return guess_unit(texts, kind)


def batch_of_rows(rows: Sequence[Any], kind: Kind, composed: bool = True) -> RowBatch:
    """Python rows as a reader would deliver them; DataError for a row of the wrong shape."""

    def clean(text: str) -> str:
        # NUL, which no text needs, separates the rows while they are encoded.
        text = text.replace("\x00", "\ufffd") if "\x00" in text else text
        return compose(text) if composed else text

    if kind == Kind.STREAM:
        return RowBatch([clean("\n".join(_text(row, i) for i, row in enumerate(rows)))])
    if kind == Kind.SEQUENCES:
        return RowBatch([clean(_text(row, i)) for i, row in enumerate(rows)])
    for i, row in enumerate(rows):
        if isinstance(row, str) or not isinstance(row, Sequence) or len(row) != 2:
            raise DataError(f"Row {i + 1:,} is {row!r}; expected two values.")
    if kind != Kind.TAGGED:
        if kind == Kind.RATED:
            rows = [(row[0], _number(row[1], i)) for i, row in enumerate(rows)]
        return RowBatch(
            [clean(_text(row[0], i)) for i, row in enumerate(rows)],
            [clean(_text(row[1], i)) for i, row in enumerate(rows)],
        )
    full = [(words, tags) for words, tags in rows if len(words) or len(tags)]
    for i, (words, tags) in enumerate(full):
        if len(words) != len(tags):
            raise DataError(f"Row {i + 1:,} has {len(words)} words and {len(tags)} tags; expected a tag for each word.")
    return RowBatch(
        [clean(word) for words, _ in full for word in words],
        [clean(tag) for _, tags in full for tag in tags],
        np.array([len(words) for words, _ in full], np.int64),
    )


def _text(value: object, i: int) -> str:
    if not isinstance(value, str):
        raise DataError(f"Row {i + 1:,} holds {value!r}; expected text.")
    return value


def _number(value: object, i: int) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise DataError(f"Row {i + 1:,} holds {value!r}; expected a finite number.")
    return repr(float(value))
