"""Settings proposed for a user's own file, from its kind, its unit and its size.

They are meant to train within a minute or two on one core. Every proposal stops early: once the validation loss has not
improved for a few epochs, training ends and the best weights are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.data.codec import Kind
from engine.data.dataset import Dataset

Settings = dict[str, Any]
PATIENCE = 4  # epochs without a better validation loss
LITTLE, MUCH = 100_000, 500_000  # symbols to train on: fewer than LITTLE get more dropout, MUCH a wider network


def proposed(dataset: Dataset) -> Settings:
    """Names of ModelConfig and TrainingConfig → values, for data that are no sample."""
    return {"patience": PATIENCE, **_PROPOSALS[dataset.kind](dataset)}


def _symbols(dataset: Dataset) -> int:
    return len(dataset.train.source.packed)


def _epochs(dataset: Dataset, batch: int, steps: int, least: int, most: int) -> Settings:
    """The batch size, and the number of epochs that makes about `steps` steps."""
    per_epoch = max(1, len(dataset.train) // batch)
    return {"batch_size": batch, "epochs": min(max(round(steps / per_epoch), least), most)}


def _sequences(dataset: Dataset) -> Settings:
    """Items to write more of. Small data sets are soon memorized, so they get more dropout."""
    return {
        "architecture": "one-to-many",
        "hidden_size": 128,
        "embedding_size": 64 if dataset.codec.reads_words else 32,
        "dropout": 0.4 if _symbols(dataset) < LITTLE else 0.2,
        "schedule": "cosine",
        **_epochs(dataset, 32, 8000, 5, 30),
    }


def _stream(dataset: Dataset) -> Settings:
    """Running text: a step reads `batch` places of `window` symbols."""
    symbols = _symbols(dataset)
    batch, window = (8 if symbols < LITTLE else 32), 64
    per_epoch = max(1, symbols // (batch * window))
    words = dataset.codec.reads_words
    return {
        "architecture": "one-to-many",
        "hidden_size": 256 if symbols >= MUCH else 128,
        "embedding_size": 128 if words else 64,
        "dropout": 0.5 if words or symbols < LITTLE else 0.1,
        "learning_rate": 3e-3,
        "schedule": "cosine",
        "batch_size": batch,
        "window": window,
        "epochs": min(max(round(3000 / per_epoch), 4), 30),
    }


def _labelled(dataset: Dataset) -> Settings:
    """Texts with labels. Words need far more regularization than letters: most of them are rare."""
    if not dataset.codec.reads_words:
        return {
            "architecture": "many-to-one",
            "hidden_size": 128,
            "embedding_size": 32,
            "bidirectional": True,
            "pooling": "max",
            "dropout": 0.3,
            "schedule": "cosine",
            **_epochs(dataset, 32, 4000, 5, 20),
        }
    return {
        "architecture": "many-to-one",
        "patience": 2,  # memorized within a few more epochs
        "embedding_size": 200,
        "bidirectional": True,
        "pooling": "max",
        "spelling": "affixes",
        "dropout": 0.5,
        "word_dropout": 1.0,
        "optimizer": "adamw",
        "learning_rate": 1e-3,
        "weight_decay": 1.0,
        **_epochs(dataset, 32, 2000, 5, 20),
    }


def _tagged(dataset: Dataset) -> Settings:
    """Words with tags: its beginning, ending and shape say much about a word that was never seen."""
    return {
        "architecture": "many-to-many",
        "hidden_size": 100,
        "embedding_size": 100,
        "bidirectional": True,
        "spelling": "affixes",
        "dropout": 0.5,
        "word_dropout": 0.25,
        "optimizer": "adamw",
        "weight_decay": 0.3,
        "schedule": "cosine",
        **_epochs(dataset, 32, 4500, 6, 15),
    }


def _pairs(dataset: Dataset) -> Settings:
    """Pairs, with attention to the source, which is read in both directions."""
    target = dataset.codec.target
    assert target is not None
    letters = not dataset.codec.reads_words
    steps = 3000.0 if letters else 2000 * min(1.0, 5000 / len(target))  # many words make a step long
    return {
        "architecture": "encoder-decoder",
        "cell": "gru",
        "hidden_size": 128,
        "embedding_size": 32 if letters else 128,
        "bidirectional": True,
        "attention": True,
        "dropout": 0.0 if letters else 0.3,
        "learning_rate": 3e-3,
        "schedule": "one-cycle",
        **_epochs(dataset, 64, round(steps), 4, 30),
    }


_PROPOSALS: dict[str, Callable[[Dataset], Settings]] = {  # kind of data → its proposal
    Kind.SEQUENCES: _sequences,
    Kind.STREAM: _stream,
    Kind.LABELLED: _labelled,
    Kind.TAGGED: _tagged,
    Kind.PAIRS: _pairs,
}
