"""Sensible settings for new data, and settings made consistent with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from engine.config import ModelConfig, TrainingConfig
from engine.data.codec import Codec, Kind
from engine.data.dataset import Dataset
from engine.data.examples import Examples
from engine.data.numbers.recording import NetworkInput, Recording
from engine.data.vocabulary import FIRST_ID, UNKNOWN_ID
from engine.errors import ConfigError
from engine.models import MODELS, model_class, representative, trainable
from engine.models.metrics import METRICS
from engine.options import Config

if TYPE_CHECKING:
    from engine.data.samples import Sample

C = TypeVar("C", bound=Config)
FIRST_SAMPLE = "names"  # loaded when the program starts
KEPT = ("cell",)  # chosen by the user, and valid for any data
PROBE_LENGTHS = range(5, 13)  # symbols; long enough to see something, short enough to see each
PROBE_CANDIDATES = 200
PROBE_STEPS = 24  # of a series


def fitting(config: ModelConfig) -> ModelConfig:
    """The same settings with unusable ones reset: switches that no network of the architecture uses, and settings whose
    requirement is off."""
    models = MODELS[config.architecture]
    unused = [name for name in models[0].unused if all(name in model.unused for model in models)]
    switched_off: dict[str, Any] = {name: False for name in unused if getattr(config, name) is True}
    switched_off |= {name: config.default(name) for name in config.unmet()}
    return replace(config, **switched_off)


def quick_metrics(config: ModelConfig, dataset: Dataset) -> tuple[str, ...]:
    """The metrics, besides the loss, by which such a network on these data is measured while it trains."""
    try:
        model = model_class(config.architecture, dataset.kind).outline(config, dataset.codec, dataset.longest)
    except ConfigError:  # no such network is possible; building it will say why
        return ()
    return model.metrics() if model.predicts.is_number else (*model.metrics(), "perplexity")


def deciding_metrics(config: ModelConfig, dataset: Dataset) -> tuple[str, ...]:
    """The metrics of such a network on these data that may decide which weights are best."""
    return tuple(name for name in ("loss", *quick_metrics(config, dataset)) if METRICS[name].decides)


def fitting_training(training: TrainingConfig, config: ModelConfig, dataset: Dataset) -> TrainingConfig:
    """The same settings, with `best_by` replaced if this network does not have that metric."""
    measured = deciding_metrics(config, dataset)
    return training if training.best_by in measured else replace(training, best_by=measured[0])


def first_trainable(dataset: Dataset, wanted: str) -> str:
    """The wanted architecture if the data can train it, otherwise the first that fits."""
    reasons = trainable(dataset)
    if not reasons.get(wanted, ""):
        return wanted
    return next((name for name, reason in reasons.items() if not reason), wanted)


def settings_for(
    dataset: Dataset,
    sample: Sample | None,
    chosen_model: dict[str, Any],
    chosen_training: dict[str, Any],
) -> tuple[ModelConfig, TrainingConfig]:
    """Settings for newly loaded data, keeping the user's choices that still fit."""
    if sample is None:
        from engine.training.proposals import proposed  # slow to load, and not needed for samples

        settings = proposed(dataset)
    else:
        settings = {"architecture": sample.architecture, **sample.settings}
    model: dict[str, Any] = {name: value for name, value in settings.items() if name in ModelConfig.options()}
    training: dict[str, Any] = {name: value for name, value in settings.items() if name in TrainingConfig.options()}
    model.update({name: value for name, value in chosen_model.items() if name in KEPT})
    training.update({name: value for name, value in chosen_training.items() if name == "seed"})
    model["architecture"] = first_trainable(dataset, model["architecture"])
    return fitting(ModelConfig(**model)), TrainingConfig(**training)


def followed(
    model: ModelConfig, training: TrainingConfig, before: Dataset, now: Dataset, sample: Sample | None
) -> tuple[ModelConfig, TrainingConfig]:
    """Settings for data that is read in another way: those that were as proposed follow the new proposal, and those
    that somebody chose stay."""
    old, old_training = settings_for(before, sample, {}, {})
    new, new_training = settings_for(now, sample, {}, {})
    model = _moved(model, old, new)
    if trainable(now).get(model.architecture, ""):
        model = replace(model, architecture=new.architecture)
    return fitting(model), _moved(training, fitting_training(old_training, old, before), new_training)


def _moved(config: C, old: C, new: C) -> C:
    """The settings with each one that is as in `old` set as in `new`."""
    same = [name for name in config.options() if getattr(config, name) == getattr(old, name)]
    return replace(config, **{name: getattr(new, name) for name in same})


def example_name(place: int, names: Sequence[str] = ()) -> str:
    """What a recording among the examples is called. place: from 0; names: of all of them, where they have names."""
    return names[place] if names else f"example {place + 1}"


def name_in(examples: Examples, place: int) -> str:
    """What an example is called in a list: its text or, where numbers are read, its name, or else "example 3"."""
    codec = examples.codec
    return codec.join(examples[place].source) if codec.frames is None else example_name(place, examples.names)


def given_in(examples: Examples, place: int) -> NetworkInput:
    """The text or recording a person would enter so that the network reads this example."""
    example, numbers = examples[place], examples.codec.frames
    if numbers is None:
        return examples.codec.join(example.source)
    if examples.codec.reads_recordings:
        return Recording(example_name(place, examples.names), example.source)
    # The last steps before the predicted ones; few enough to be read and edited.
    known = len(example.source) - len(example.target)
    return numbers.typed(example.source[max(0, known - PROBE_STEPS) :][:PROBE_STEPS])


def probe_for(dataset: Dataset, sample: Sample | None, architecture: str) -> tuple[NetworkInput, str | None]:
    """The example to look at while training, and its label if the network starts from one. That of a sample only if
    these data know all of it: they may be of another version, or be read in another way."""
    labelled = representative(architecture).label_is_input and dataset.kind == Kind.LABELLED
    if sample is not None and sample.probe and _knows_all(dataset.codec, sample.probe):
        return sample.probe, (sample.label or dataset.labels[0]) if labelled else None
    examples = dataset.validation if len(dataset.validation) else dataset.train
    if not len(examples):  # a run without its data: anything that the network can read
        return _made_up(dataset.codec), dataset.labels[0] if labelled else None
    if dataset.kind == Kind.STREAM:
        ids = examples.source.part(0, PROBE_LENGTHS.stop * 2)
        return dataset.codec.join(dataset.codec.source.decode(ids)).strip(), None
    lengths = examples.source.lengths[:PROBE_CANDIDATES]
    fitting_ones = [i for i, length in enumerate(lengths) if length in PROBE_LENGTHS]
    best = fitting_ones[0] if fitting_ones else int(lengths.argmin())
    return given_in(examples, best), examples[best].target[0] if labelled else None


def _knows_all(codec: Codec, text: str) -> bool:
    if codec.frames is not None or not codec.source.has_specials:
        return True
    return bool((codec.encode(codec.tokenize(text)) != UNKNOWN_ID).all())


def _made_up(codec: Codec) -> NetworkInput:
    """The first symbols of the vocabulary; for numbers, their mean repeated."""
    numbers = codec.frames
    if numbers is None:
        return codec.join(codec.source.symbols[FIRST_ID : FIRST_ID + PROBE_LENGTHS.start])
    values = np.zeros((1 if numbers.shape else PROBE_LENGTHS.start, numbers.size))
    return Recording("the mean", numbers.given(values))
