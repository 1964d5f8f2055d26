"""The rows that a run was trained on, without the validation data that belong to them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from engine.data.codec import Codec
from engine.data.data_config import DataConfig
from engine.data.dataset import Dataset
from engine.data.vocabulary import Vocabulary
from engine.errors import OtherDataError, UnrollError
from engine.runs.run import Run


def check_training_rows(run: Run, paths: Sequence[str | os.PathLike[str]], config: DataConfig) -> None:
    """OtherDataError if these files are plainly not those that a run with validation data of its own was trained on.

    The fingerprint needs the validation data too; but vocabularies with their counts, and the scales of numbers, come
    from the training rows alone.
    """
    try:
        dataset = _read_alone(run, paths, config)
    except UnrollError:
        if len(paths) > 1:  # one of several files need not be able to stand for all of them
            return
        raise
    _check(run, dataset)


def with_training_rows(run: Run, paths: Sequence[str | os.PathLike[str]]) -> Dataset:
    """The data of a run in these files, for all that is asked of their training rows: validation data that are not
    there are not needed. UnrollError if the files cannot be read or hold other data."""
    settings = run.data.settings_at(run.path)
    if run.data.lacks_validation(run.path):
        dataset = _read_alone(run, paths, settings)
        _check(run, dataset)
    else:
        dataset = run.data.read(paths, settings)
        run.data.check(dataset)
    return dataset


def _read_alone(run: Run, paths: Sequence[str | os.PathLike[str]], config: DataConfig) -> Dataset:
    """The files without the validation data that belong to them."""
    # As validation data, which take nothing away from the training rows, the same rows will do.
    whole = replace(config, validation_file=os.fspath(paths[0]), test_file="")
    return run.data.read(paths, whole, partial(_learned_from, run.snapshot.codec))


def _check(run: Run, dataset: Dataset) -> None:
    if not _learned_from(run.snapshot.codec, dataset):
        raise OtherDataError(
            f"The data {dataset.name!r} is not that of this run: its examples or symbols have changed. To train on it, "
            "start a new run."
        )


def _learned_from(codec: Codec, dataset: Dataset) -> bool:
    """Whether the training rows of a data set have given these symbols and scales."""
    other = dataset.codec
    return (
        (codec.kind, codec.unit, codec.target_unit, codec.lowercase)
        == (other.kind, other.unit, other.target_unit, other.lowercase)
        and _occurring(codec.source) == _occurring(other.source)
        and _occurring(codec.target) == _occurring(other.target)
        and all(
            (None if one is None else one.identity) == (None if two is None else two.identity)
            for one, two in ((codec.frames, other.frames), (codec.values, other.values))
        )
    )


def _occurring(vocabulary: Vocabulary | None) -> dict[str, int]:
    """How often each symbol that the model knows occurs; labels may be known that are in the validation data only."""
    if vocabulary is None:
        return {}
    counts = zip(vocabulary.symbols, vocabulary.counts.tolist(), strict=True)
    return {symbol: count for symbol, count in counts if count}
