"""Explains the proposed settings: one sentence in plain words for each that differs from its default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.cells import CELLS
from engine.config import ModelConfig, TrainingConfig
from engine.data.codec import Codec, Kind
from engine.data.dataset import Dataset
from engine.data.samples import Sample
from engine.models import model_class
from engine.models.metrics import METRICS
from engine.number_text import counted
from engine.training.defaults import deciding_metrics
from engine.training.made_up import has_stems
from engine.training.season import season_of

OF_SAMPLE = "Chosen for this sample, which learns well with it within two minutes."
_STRONG = 0.3  # dropout
_OFTEN = 3  # occurrences of a word that is not rare
_MANY = 0.25  # of the words


def reasons(dataset: Dataset, sample: Sample | None, model: ModelConfig, training: TrainingConfig) -> dict[str, str]:
    """Setting → why it differs from its default. model, training: as proposed for these data."""
    found = {}
    for config in (model, training):
        for name in config.options():
            value = getattr(config, name)
            if value != config.default(name):
                why = _REASONS.get(name)
                found[name] = OF_SAMPLE if sample is not None or why is None else why(dataset, value)
    if model.vectors and "embedding_size" in found:
        found["embedding_size"] = "The word vectors that the network begins with have this length."
    if sample is None and "epochs" in found and not training.patience:
        held_out = f"{len(dataset.validation):,} held-out rows"
        found["epochs"] = f"{held_out} are too few to say when to stop: the length of the run is fixed."
    return found


def idle_training(training: TrainingConfig, config: ModelConfig, dataset: Dataset) -> dict[str, str]:
    """Training settings that have no effect on this network with these data, and why."""
    found, kind = training.idle(), dataset.kind
    if len(deciding_metrics(config, dataset)) == 1:
        found["best_by"] = "Only the loss is measured while this network trains."
    if not model_class(config.architecture, kind).feeds_back():
        found["teacher_forcing"] = "This network does not read its own output, so there is nothing to force."
    if not has_stems(dataset.codec):
        found["made_up"] = "There is no stem to replace unless words are spelled out on both sides."
    if not config.embedding_size or "embedding_size" in model_class(config.architecture, kind).unused:
        found["sparse_rows"] = "There is no embedding, whose rows could keep still."
    if not kind.is_running:
        found["window"] = "Only running text and series are cut; each row of this data is read from end to end."
    return found


def idle_settings(model: ModelConfig, training: TrainingConfig, dataset: Dataset) -> dict[str, str]:
    """All settings of a new run that have no effect, and why."""
    found = model.idle() | dict(model_class(model.architecture, dataset.kind).unused)
    found |= idle_training(training, model, dataset)
    if training.minutes:
        found["epochs"] = "The time budget says how long the run takes."
    return found


def _amount(dataset: Dataset) -> str:
    if dataset.kind == Kind.PICTURES:  # which have no steps
        return f"{counted(len(dataset.train), 'picture')} to train on"
    return f"{len(dataset.train.source.packed):,} {dataset.codec.symbol_name}s to train on"


def _material(dataset: Dataset) -> str:
    """What the network reads."""
    frames = dataset.codec.frames
    return "text" if frames is None else "sound" if frames.is_sound else "sequence"


def _little(dataset: Dataset) -> str:
    return f"Little {'text' if dataset.codec.frames is None else 'data'} ({_amount(dataset)})"


def _is_little(dataset: Dataset) -> bool:
    from engine.training.proposals import LITTLE  # not for samples, whose settings have a reason of their own

    return len(dataset.train.source.packed) < LITTLE


def _dropout(dataset: Dataset, value: Any) -> str:
    if _is_little(dataset):
        strong = "strong dropout" if value >= _STRONG else "dropout"
        return f"{_little(dataset)}: {strong} keeps the network from memorizing it."
    return "Dropout keeps the network from relying on single values."


def _hidden_size(dataset: Dataset, value: Any) -> str:
    from engine.training.proposals import WIDE

    if value >= WIDE and not _is_little(dataset):
        return f"A lot of text ({_amount(dataset)}): a wider network can make use of it."
    return "Wide enough for a file of this size, and still quick to train."


def _embedding_size(dataset: Dataset, value: Any) -> str:
    codec = dataset.codec
    embedded = codec.source if codec.frames is None else codec.vocabulary("target")
    name = codec.symbol_name if codec.frames is None else codec.target_symbol_name
    shorter = ", and is shorter than a one-hot row" if value < len(embedded) else ""
    what = counted(embedded.distinct, f"different {name}")
    return f"{what}: a learned vector for each lets those that are used alike be alike{shorter}."


def _spelling(dataset: Dataset, value: Any) -> str:
    words = dataset.codec.source
    rare = words.distinct - int((words.counts >= _OFTEN).sum())
    if rare >= _MANY * words.distinct:
        few = f"{rare:,} of {counted(words.distinct, 'different word')} occur fewer than {_OFTEN} times"
        return f"{few}: their spelling hints at what they are."
    return "A word that never occurs in training is still read by its spelling."


def _tied(dataset: Dataset, value: Any) -> str:
    table = f"One table of vectors for {_symbols(dataset.codec)}, read and written"
    return f"{table}: fewer weights to learn from few examples of each."


def _symbols(codec: Codec) -> str:
    """How many symbols a network that writes text may write."""
    if codec.kind.writes_text:
        return counted(codec.vocabulary("target").distinct, codec.target_symbol_name)
    return counted(codec.source.distinct, codec.symbol_name)


def _optimizer(dataset: Dataset, value: Any) -> str:
    return "AdamW also pulls the weights towards zero, which counters memorizing." if value == "adamw" else OF_DATA


def _schedule(dataset: Dataset, value: Any) -> str:
    if value == "cosine":
        return "The learning rate falls gently to zero, so that the last small steps settle the weights."
    if value == "adaptive":
        return "The rate stays high while the network improves, then falls: the run is as long as this file needs."
    return "The learning rate rises and then falls: few epochs are enough."


def _batch_size(dataset: Dataset, value: Any) -> str:
    if dataset.kind == Kind.SERIES:
        return f"Suits a series of {_amount(dataset)}: the number of windows that each step reads."
    if dataset.kind == Kind.STREAM and _is_little(dataset):
        return f"{_little(dataset)}: with fewer places read at once, each has more to read."
    if dataset.kind == Kind.STREAM:
        return f"{value} places of the text are read at once: a step then learns more in little more time."
    if value < TrainingConfig.default("batch_size"):
        return f"Few rows ({len(dataset.train):,}): small batches give more steps, and learning needs many."
    return "Short rows like these train faster with more of them in a step."


def _epochs(dataset: Dataset, value: Any) -> str:
    rows = f"{len(dataset.train):,}"
    what = _amount(dataset) if dataset.kind.is_running else f"{rows} rows to train on"
    return f"{what[0].upper()}{what[1:]}: an upper limit; the run ends when it no longer improves."


def _window(dataset: Dataset, value: Any) -> str:
    if dataset.kind != Kind.SERIES:
        return OF_DATA
    period = season_of(dataset)
    if not period:
        return "No season was found that recurs three times: windows of this length suit most series."
    if period > value:
        return f"A window holds a part of a season of {period:,} steps: longer windows take long to train."
    return f"A window holds about {counted(round(value / period), 'season')} of {counted(period, 'step')}."


OF_DATA = "Found to work well for this kind of data."
_REASONS: dict[str, Callable[[Dataset, Any], str]] = {
    "architecture": lambda dataset, value: "The shape that fits what the rows hold.",
    "cell": lambda dataset, value: CELLS[value].merit,
    "hidden_size": _hidden_size,
    "embedding_size": _embedding_size,
    "tied": _tied,
    "sampled_words": lambda dataset, value: (
        f"Scoring {_symbols(dataset.codec)} takes most of a step. {value:,} of them, drawn "
        "anew each time, teach almost as much in a third of the time; validation still scores all."
    ),
    "bidirectional": lambda dataset, value: (
        f"The whole {_material(dataset)} is known before the answer, so it is read from both ends."
    ),
    "attention": lambda dataset, value: (
        f"Each {dataset.codec.target_symbol_name} of the answer can look back at the source "
        f"{dataset.codec.symbol_name}s it comes from."
    ),
    "copying": lambda dataset, value: "The answers repeat most of their source, so the network may copy from it.",
    "read_out": lambda dataset, value: (
        "Tags mark entities of several words: deciding them jointly keeps each entity consistent."
    ),
    "lag": lambda dataset, value: (
        f"The level drifts, so the network learns the change from {value} step{'s' * (value > 1)} earlier."
    ),
    "dropout": _dropout,
    "pooling": lambda dataset, value: "The decisive part may be anywhere, so every state counts, not just the last.",
    "spelling": _spelling,
    "word_counts": lambda dataset, value: (
        "With few texts, counting the words and word pairs of each label already says a lot; the network adds to that."
    ),
    "word_dropout": lambda dataset, value: (
        "Words are sometimes hidden, rare ones most often, so that the network learns to cope with unknown ones."
    ),
    "optimizer": _optimizer,
    "weight_decay": lambda dataset, value: "Pulling the weights towards zero counters memorizing.",
    "learning_rate": lambda dataset, value: OF_DATA,
    "schedule": _schedule,
    "batch_size": _batch_size,
    "epochs": _epochs,
    "window": _window,
    "patience": lambda dataset, value: "Ends the run when validation no longer improves, and keeps the best weights.",
    "made_up": lambda dataset, value: (
        f"Few words ({len(dataset.train):,}): with made-up stems, the network learns to copy them."
    ),
    "best_by": lambda dataset, value: (
        f"The {METRICS[value].title} is what matters in the end, and it keeps rising after the loss stops falling."
    ),
}
