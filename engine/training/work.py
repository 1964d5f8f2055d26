"""How much arithmetic a run is. It is counted and not measured, so the same data are always proposed the same run."""

from __future__ import annotations

import os

from engine.config import ModelConfig, TrainingConfig
from engine.data.dataset import Dataset
from engine.models import Model, model_class
from engine.network.parameters import learned_shapes, total_size
from engine.processes.shared_memory import has_room
from engine.processes.split_batch import WorkerCount
from engine.training.batches import batches_of

_PASSES = 6  # floating-point operations for each weight and symbol: two on the way forward, four on the way back
_SAMPLING = 2  # a row of the read-out that is drawn costs this many fixed ones: it is gathered, scattered and updated
_NUMBER_BYTES = 4  # networks train in float32
_LONG_STEP = 2e9  # operations from which two processes are far faster than one, whatever else the cores do


def work_of_an_epoch(config: ModelConfig, dataset: Dataset) -> float:
    """Floating-point operations of one pass over the training examples, give or take a third.

    Each weight works on every symbol of its own side.
    """
    model = model_class(config.architecture, dataset.kind).outline(config, dataset.codec, dataset.longest)
    symbols = model.symbols_read(dataset.train) / max(1, len(model.networks()))
    return _PASSES * weights_at_work(model) * symbols


def weights_at_work(model: Model, training: bool = True) -> float:
    """How many weights work on each symbol. In training, a sampled softmax leaves out those of symbols not drawn.

    Embeddings are only looked up, unless they are also the read-out; so are counted words.
    """
    shapes = learned_shapes(model.shapes())
    working = {
        name: shape
        for name, shape in shapes.items()
        if not name.endswith("embedding.weight") or name == model.output.weight
    }
    resting = 1 - min(1.0, _SAMPLING * model.scored_share) if training else 0.0
    return total_size(working) - resting * total_size({model.output.weight: shapes[model.output.weight]})


def worthwhile_workers(config: ModelConfig, training: TrainingConfig, dataset: Dataset) -> WorkerCount:
    """Two processes for each step where there are two cores and each has enough to do, else one."""
    steps = batches_of(dataset, training).steps_per_epoch
    layout = model_class(config.architecture, dataset.kind).layout(config, dataset.codec, dataset.longest)
    long_enough = work_of_an_epoch(config, dataset) >= _LONG_STEP * steps
    # Both processes share the weights and a gradient.
    return 2 if long_enough and (os.cpu_count() or 1) > 1 and has_room(2 * _NUMBER_BYTES * total_size(layout)) else 1
