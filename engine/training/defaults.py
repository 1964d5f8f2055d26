"""Sensible settings: for new data, and to keep settings fitting each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import engine
from engine.data.samples import Sample
from engine.training import proposals

FIRST_SAMPLE = "names"  # what is there at the start
KEPT = ("cell",)  # what the user chose and any data can be trained with
BOTH_DIRECTIONS = ("many-to-one", "many-to-many", "encoder-decoder")  # the whole input is known before it is used
PROBE_LENGTHS = range(5, 13)  # symbols; long enough to see something, short enough to see each
PROBE_CANDIDATES = 200


def fitting(config: engine.ModelConfig) -> engine.ModelConfig:
    """The same settings without those that the architecture cannot use."""
    return replace(
        config,
        bidirectional=config.bidirectional and config.architecture in BOTH_DIRECTIONS,
        attention=config.attention and config.architecture == "encoder-decoder",
    )


def first_trainable(dataset: engine.Dataset, wanted: str) -> str:
    """The wanted architecture if the data can train it, else the first that they can."""
    reasons = engine.trainable(dataset)
    if not reasons.get(wanted, ""):
        return wanted
    return next((name for name, reason in reasons.items() if not reason), wanted)


def settings_for(
    dataset: engine.Dataset,
    sample: Sample | None,
    chosen_model: dict[str, Any],
    chosen_training: dict[str, Any],
) -> tuple[engine.ModelConfig, engine.TrainingConfig]:
    """Settings for data that have just come, keeping what the user chose where it still fits."""
    settings = (
        proposals.proposed(dataset) if sample is None else {"architecture": sample.architecture, **sample.settings}
    )
    model: dict[str, Any] = {name: value for name, value in settings.items() if name in engine.ModelConfig.options()}
    training: dict[str, Any] = {
        name: value for name, value in settings.items() if name in engine.TrainingConfig.options()
    }
    model.update({name: value for name, value in chosen_model.items() if name in KEPT})
    training.update({name: value for name, value in chosen_training.items() if name == "seed"})
    model["architecture"] = first_trainable(dataset, model["architecture"])
    return fitting(engine.ModelConfig(**model)), engine.TrainingConfig(**training)


def probe_for(dataset: engine.Dataset, sample: Sample | None, architecture: str) -> tuple[str, str | None]:
    """A text to look at while training, and its label when the network starts from one."""
    labelled = dataset.kind == "labelled" and architecture == "one-to-many"
    if sample is not None and sample.probe:
        return sample.probe, (sample.label or dataset.labels[0]) if labelled else None
    examples = dataset.validation if len(dataset.validation) else dataset.train
    if not len(examples):  # a run without its data: any text that the network can read
        text = dataset.codec.join(dataset.codec.source.symbols[2 : 2 + PROBE_LENGTHS.start])
        return text, dataset.labels[0] if labelled else None
    if dataset.kind == "stream":
        ids = examples.source.part(0, PROBE_LENGTHS.stop * 2)
        return dataset.codec.join(dataset.codec.source.decode(ids)).strip(), None
    lengths = examples.source.lengths[:PROBE_CANDIDATES]
    fitting_ones = [i for i, length in enumerate(lengths) if length in PROBE_LENGTHS]
    best = examples[fitting_ones[0] if fitting_ones else int(lengths.argmin())]
    return dataset.codec.join(best.source), best.target[0] if labelled else None
