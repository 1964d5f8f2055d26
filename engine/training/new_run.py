"""Creates a new run from data and a few chosen settings; the rest is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.config import ModelConfig, TrainingConfig
from engine.data.dataset import Dataset
from engine.data.samples import Sample
from engine.models import build_model
from engine.processes.split_batch import WorkerCount
from engine.training import defaults
from engine.training.memory_estimate import require_memory
from engine.training.trainer import Trainer


def new_settings(
    dataset: Dataset, sample: Sample | None, model: Mapping[str, Any], training: Mapping[str, Any]
) -> tuple[ModelConfig, TrainingConfig]:
    """The chosen settings, completed by those the window would propose for these data.

    sample: the sample the data come from, if any. ConfigError for a name or a value that does not exist.
    """
    proposed, learning = defaults.settings_for(dataset, sample, {}, {})
    shaped = replace(proposed, architecture=model.get("architecture", proposed.architecture))
    return replace(defaults.fitting(shaped), **model), replace(learning, **training)


def new_trainer(dataset: Dataset, config: ModelConfig, training: TrainingConfig, workers: WorkerCount = 1) -> Trainer:
    """A trainer at step 0. ConfigError if the settings do not fit the data or need more memory than there is."""
    require_memory(config, training, dataset)
    return Trainer(build_model(config, dataset, training.seed), dataset, training, workers=workers)
