"""Builds a data set from rows of numbers: splits and standardises them, and makes the vocabulary of their labels or
texts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.data.codec import SPLITS, UNITS, Codec, Kind, Unit
from engine.data.data_config import KEEP, DataConfig
from engine.data.examples import Examples
from engine.data.files.guess_unit import guess_unit
from engine.data.files.normal_form import compose
from engine.data.numbers.number_rows import VALUE, NumberRows
from engine.data.numbers.number_scaling import NumberScaling
from engine.data.numbers.recipes import table_recipe
from engine.data.numbers.same_stretch import shared_steps
from engine.data.report import FIRST_SKIPPED, Report, Skipped
from engine.data.split import Repeats, split_rows, stream_cut
from engine.data.vocabulary import SPECIALS, Vocabulary
from engine.errors import ConfigError, DataError
from engine.number_text import counted

SHORTEST_SERIES: Final = 10
CONTEXT: Final = 500  # values before the predicted ones that a validation example includes
PIECE: Final = 500  # values of a validation series that are predicted by one example
NO_WORDS: Final = Vocabulary(SPECIALS)

BuiltDataset = tuple[Codec, Examples, Examples, Report]


def build_numbers(
    rows: NumberRows, kind: Kind, config: DataConfig, validation: NumberRows | None = None, every_column: bool = True
) -> BuiltDataset:  # fmt: skip
    """Codec, training examples, validation examples, report. DataError if rows are too few or differ in shape.

    validation: separate rows to validate on, instead of a share of `rows`. every_column: whether all columns of a table
    are meant, so that one whose numbers never vary is a DataError; otherwise it is left out.
    """
    rows = _named(_checked(rows, kind, config), kind)
    if validation is not None:
        validation = _named(_checked(validation, kind, config), kind)
        if {frames.shape[1:] for frames in validation.frames} != {frames.shape[1:] for frames in rows.frames}:
            names, wanted = (", ".join(map(repr, each.names)) for each in (validation, rows))
            found = f": found {names}, expected {wanted}" if names and wanted else ""
            raise DataError(f"The validation rows have different columns from the training rows{found}.",
                            path=config.validation_file or None)  # fmt: skip
    build = _series if kind == Kind.SERIES else _pairs
    return build(rows, kind, config, validation, every_column)


def _checked(rows: NumberRows, kind: Kind, config: DataConfig) -> NumberRows:
    """Rows that have both an input and an answer, all of one shape; long ones are cut where the answer allows it."""
    if not rows.frames:
        raise DataError("There are no rows of numbers.")
    wanted = rows.frames[0].shape[1:] if kind != Kind.PICTURES else rows.frames[0].shape
    kept, skipped = [], list(rows.skipped)
    for i, frames in enumerate(rows.frames):
        shape = frames.shape[1:] if kind != Kind.PICTURES else frames.shape
        if shape != wanted:
            raise DataError(f"Row {i + 1:,} has the shape {frames.shape}; the first has {rows.frames[0].shape}.")
        if kind != Kind.SERIES and not rows.targets[i].strip():
            skipped.append(Skipped(None, "no label" if kind.has_classes else "no text"))
        elif frames.size == 0:
            skipped.append(Skipped(None, "no numbers"))
        elif config.longest and len(frames) > config.longest and kind == Kind.SPEECH:
            skipped.append(Skipped(None, f"{len(frames):,} steps are more than {config.longest:,}"))
        else:
            kept.append(i)
    rows = rows.only(kept)
    frames_of = rows.frames
    if kind == Kind.LABELLED_SERIES and config.longest:
        frames_of = [frames[: config.longest] for frames in frames_of]
    targets = [target.strip() for target in rows.targets] if kind != Kind.SERIES else ()
    return replace(rows, frames=frames_of, targets=targets, skipped=skipped)


def _named(rows: NumberRows, kind: Kind) -> NumberRows:
    """The same rows, with made-up names for unnamed columns. Rows without a recipe get that of a table with these
    columns."""
    if kind == Kind.PICTURES or not rows.frames:
        return rows
    size = rows.frames[0].shape[1]
    names = rows.names or ((VALUE,) if size == 1 else tuple(f"column {k + 1}" for k in range(size)))
    return replace(rows, names=names, recipe=rows.recipe or table_recipe(names))


def _report(rows: NumberRows, lengths: Sequence[int], **more: Any) -> Report:
    skipped = tuple(rows.skipped)
    return Report(
        rows_read=len(lengths) + len(skipped),
        rows=len(lengths),
        skipped=len(skipped),
        skipped_first=skipped[:FIRST_SKIPPED],
        lengths=np.bincount(np.array(lengths, np.int64)),
        remarks=rows.told,
        **more,
    )


def _varying(
    rows: NumberRows, train: Sequence[NDArray[Any]], validation: NumberRows | None
) -> tuple[NumberRows, NumberRows | None]:
    """Rows and validation rows without the columns of a table that are the same in every training row, with a remark
    for each; unless all are, which is an error.

    Sensors that report nothing and days when a shop never closed are in many tables, and there is nothing to learn
    from them.
    """
    if "columns" not in rows.recipe:
        return rows, validation
    constant = np.flatnonzero(np.all([(frames == train[0][0]).all(axis=0) for frames in train], axis=0)).tolist()
    if not 0 < len(constant) < len(rows.names):
        return rows, validation
    same = "the same number in every training row, so it is left out."
    remarks = [f"The column “{rows.names[k]}” holds {float(train[0][0, k]):g}, {same}" for k in constant]
    fewer = replace(rows.without(constant), remarks=(*remarks, *rows.remarks))
    return fewer, None if validation is None else validation.without(constant)


def _series(
    rows: NumberRows, kind: Kind, config: DataConfig, validation: NumberRows | None, every_column: bool
) -> BuiltDataset:
    """Series are split in time: the last part is for validation, with the values before it as context."""
    if not rows.frames or (validation is not None and not validation.frames):
        raise DataError("There are no rows of numbers.")
    rows, validation = _long_enough(rows), None if validation is None else _long_enough(validation)
    cuts = [len(f) if validation is not None else stream_cut(len(f), config.validation) for f in rows.frames]
    train = [frames[:cut] for frames, cut in zip(rows.frames, cuts, strict=True)]
    if not every_column:
        rows, validation = _varying(rows, train, validation)
        train = [frames[:cut] for frames, cut in zip(rows.frames, cuts, strict=True)]
    numbers = NumberScaling.fit(train, rows.names, (), rows.recipe)
    codec = _codec(kind, config, "word", None, numbers, numbers)
    held_out: list[tuple[NDArray[Any], NDArray[Any]]] = []
    names = [] if validation is None else [*validation.row_names]
    if validation is not None:
        held_out = [(frames, frames[1:]) for frames in validation.frames]
    for place, (frames, cut) in enumerate(zip(rows.frames, cuts, strict=True)):
        begins = range(cut, len(frames), PIECE)
        for begin in begins:
            stop = min(begin + PIECE, len(frames))
            held_out.append((frames[max(0, begin - CONTEXT) : stop], frames[begin:stop]))
        names += _piece_names(rows.row_names[place], len(begins)) if rows.row_names else []
    report = _report(rows, [len(frames) for frames in rows.frames])
    if validation is not None and (shared := shared_steps(validation.frames, rows.frames)):
        steps = f"{shared:,} of {counted(sum(map(len, validation.frames)), 'validation step')}"
        known = f"{steps} {'is' if shared == 1 else 'are'} also in the training series, with the same values around."
        report = replace(report, remarks=(*report.remarks, known))
    trained = Examples.of(codec, [(frames, frames[1:]) for frames in train], rows.row_names)
    return codec, trained, Examples.of(codec, held_out, names), report


def _long_enough(rows: NumberRows) -> NumberRows:
    """The series without those of a few steps, with a remark about each. DataError if all are as short."""
    short = [place for place, frames in enumerate(rows.frames) if len(frames) < SHORTEST_SERIES]
    told = [
        f"has {counted(len(rows.frames[place]), 'row')} of numbers; at least {SHORTEST_SERIES} are needed"
        for place in short
    ]
    if len(short) == len(rows.frames):
        raise DataError(f"The series {told[0]}.")
    names = rows.row_names or tuple(str(place + 1) for place in range(len(rows.frames)))
    remarks = [f"The series “{names[place]}” is left out: it {what}." for place, what in zip(short, told, strict=True)]
    if not short:
        return rows
    kept = [place for place in range(len(rows.frames)) if place not in short]
    return replace(rows.only(kept), remarks=(*rows.remarks, *remarks))


def _piece_names(name: str, pieces: int) -> list[str]:
    """What the validation examples of a series are called."""
    return [name] if pieces == 1 else [f"{name}, part {piece}" for piece in range(1, pieces + 1)]


def _pairs(
    rows: NumberRows, kind: Kind, config: DataConfig, validation: NumberRows | None, every_column: bool
) -> BuiltDataset:
    """Rows of numbers, each with a label or a text."""
    chosen = _choose(rows, kind, config, validation)
    if not every_column:
        train = [frames for frames, held in zip(rows.frames, chosen[: len(rows.frames)], strict=True) if not held]
        rows, validation = _varying(rows, train, validation)
    leaks = 0
    if validation is not None:
        known = set(map(_fingerprint, rows.frames))
        leaks = sum(_fingerprint(frames) in known for frames in validation.frames)
        rows = replace(
            rows,
            frames=[*rows.frames, *validation.frames],
            targets=[*rows.targets, *validation.targets],
            skipped=[*rows.skipped, *validation.skipped],
            row_names=(*rows.row_names, *validation.row_names) if rows.row_names and validation.row_names else (),
        )
    flat = [frames.reshape(1, -1) if kind == Kind.PICTURES else frames for frames in rows.frames]
    shape = rows.frames[0].shape if kind == Kind.PICTURES else ()
    numbers = NumberScaling.fit(
        [f for f, held in zip(flat, chosen, strict=True) if not held], rows.names, shape, rows.recipe
    )
    unit, symbols = _symbols(rows.targets, kind, config)
    vocabulary = _vocabulary([s for s, held in zip(symbols, chosen, strict=True) if not held], symbols, kind, config)
    codec = _codec(kind, config, unit, vocabulary, numbers, None)
    sides = tuple(
        Examples.of(
            codec,
            [
                (rows.frames[i], symbols[i])
                for i in np.flatnonzero(chosen == held).tolist()
            ],
            rows.only(np.flatnonzero(chosen == held).tolist()).row_names,
        )
        for held in (False, True)
    )  # fmt: skip
    counts = dict(Counter(rows.targets).most_common()) if kind.has_classes else {}
    lengths = [len(symbol) for symbol in symbols]
    report = _report(
        rows,
        [len(frames) for frames in flat],
        leaks=leaks,
        label_counts=MappingProxyType(counts),
        target_lengths=np.bincount(np.array(lengths, np.int64)),
    )
    return codec, sides[0], sides[1], report


def _choose(
    rows: NumberRows, kind: Kind, config: DataConfig, validation: NumberRows | None
) -> NDArray[np.bool_]:  # fmt: skip
    """(n,) a mask of the validation rows; those that were given separately come last."""
    count = len(rows.frames)
    if kind.has_classes and len(set(rows.targets)) < 2:
        raise DataError(f"Every row has the same label, {rows.targets[0]!r}; at least two different ones are needed."
                        if count else "There are no rows with a label.")  # fmt: skip
    if validation is not None:
        if not count or not validation.frames:
            raise DataError(f"There are no {'validation' if count else 'training'} rows.")
        return np.arange(count + len(validation.frames)) >= count
    if count < 2:
        raise DataError(f"There {'is only one row' if count else 'are no rows'} to train on; at least two are needed, "
                        "one to train on and one to validate on.")  # fmt: skip
    hashes = map(_fingerprint, rows.frames)
    repeats = Repeats.of(np.array([int.from_bytes(digest, "little") for digest in hashes], np.uint64))
    strata = np.unique(np.array(rows.targets), return_inverse=True)[1] if kind.has_classes else None
    return split_rows(count, repeats, config.validation, np.random.default_rng(config.seed), strata)


def _fingerprint(frames: NDArray[Any]) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(frames).tobytes(), digest_size=8).digest()


def _symbols(targets: Sequence[str], kind: Kind, config: DataConfig) -> tuple[Unit, list[tuple[str, ...]]]:
    """The unit of the texts, and the symbols of each; a label is one symbol."""
    if kind.has_classes:
        return "word", [(label,) for label in targets]
    texts = [compose(text) if config.normal_form != KEEP else text for text in targets]
    texts = [text.lower() for text in texts] if config.lowercase else texts
    wanted = config.target_unit
    if wanted == "piece":
        raise ConfigError(
            "target_unit is 'piece', but pieces of words are learned only where texts are read; expected 'character', "
            "'word' or 'token' for texts beside sounds and pictures."
        )
    unit: Unit = wanted if wanted in UNITS else guess_unit(texts, Kind.SEQUENCES)
    return unit, [tuple(SPLITS[unit](text)) for text in texts]


def _vocabulary(
    train: Sequence[tuple[str, ...]], every: Sequence[tuple[str, ...]], kind: Kind, config: DataConfig
) -> Vocabulary:
    counts = Counter(symbol for row in train for symbol in row)
    symbols = sorted({symbol for row in every for symbol in row} - set(SPECIALS))
    fewest = 1 if kind.has_classes else max(1, config.min_count)
    numbers = [counts[symbol] for symbol in symbols]
    return Vocabulary.from_counts(symbols, numbers, min_count=fewest, has_specials=not kind.has_classes)


def _codec(
    kind: Kind,
    config: DataConfig,
    unit: Unit,
    target: Vocabulary | None,
    frames: NumberScaling | None,
    values: NumberScaling | None,
) -> Codec:
    composed = config.normal_form != KEEP
    return Codec(kind, unit, unit, config.lowercase, NO_WORDS, target, composed, frames, values)
