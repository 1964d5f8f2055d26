"""Whether data were learned from, judged without the validation data that belong to them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from engine.data.codec import Codec
from engine.data.data_config import DataConfig
from engine.data.dataset import Dataset
from engine.data.vocabulary import Vocabulary
from engine.errors import StorageError, UnrollError
from engine.runs.run import Run


def check_training_rows(run: Run, paths: Sequence[str | os.PathLike[str]], config: DataConfig) -> None:
    """StorageError if these files are plainly not those that a run with validation data of its own was trained on.

    The fingerprint needs the validation data too; but vocabularies with their counts, and the scales of numbers, come
    from the training rows alone.
    """
    # As validation data, which take nothing away from the training rows, the same rows will do.
    whole = replace(config, validation_file=os.fspath(paths[0]), test_file="")
    fits = partial(_learned_from, run.snapshot.codec)
    try:
        dataset = run.data.read(paths, whole, fits)
    except UnrollError:
        if len(paths) > 1:  # one of several files need not be able to stand for all of them
            return
        raise
    if not fits(dataset):
        raise StorageError(
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
