"""Estimates the memory a network needs for training, before allocating any of it.

Three things count: copies of all weights (gradient, moments, the best so far, snapshots), the arrays of one step for
the largest batch, and the window's copies. `tests/engine/training/test_memory_estimate.py` compares the sum with
measured peaks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from engine.config import ModelConfig, TrainingConfig
from engine.data.codec import Kind
from engine.data.dataset import Dataset
from engine.errors import ConfigError
from engine.models import Model, Prediction, model_class
from engine.network.parameters import total_size
from engine.network.recurrent import RecurrentLayer
from engine.network.sequence_network import SymbolNetwork
from engine.training.optimizers import OPTIMIZERS
from engine.types import IntArray

_NUMBER_BYTES = 4  # networks train in float32
_SPARE = 0.1  # share of the free memory left for everything else
CGROUPS = (  # limit and use of the container, version 2 and 1
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"), Path("/sys/fs/cgroup/memory/memory.usage_in_bytes")),
)


@dataclass(frozen=True)
class MemoryEstimate:
    """Bytes. weights: one copy of all weights. training: in the training process, of which `step` is for the arrays of
    the largest batch. looking: copies kept by the program that shows the run."""

    weights: int
    step: int
    training: int
    looking: int

    @property
    def total(self) -> int:
        """Bytes in both processes together."""
        return self.training + self.looking


@dataclass(frozen=True)
class _SideSize:
    """Number of symbols on one side of a batch, ends included. ragged: whether the texts differ in length."""

    count: int
    ragged: bool = False


@dataclass(frozen=True)
class LargestBatch:
    """The largest batch that the data can give: its number of examples, and the rows of their sources and targets."""

    examples: int
    source: _SideSize
    target: _SideSize

    @classmethod
    def of(cls, dataset: Dataset, training: TrainingConfig) -> Self:
        """Find it by going through the lengths of all examples once."""
        train = dataset.train
        if dataset.kind == Kind.STREAM:
            symbols = min(training.batch_size * training.window, len(train.source.packed))
            return cls(training.batch_size, _SideSize(symbols), _SideSize(0))
        if dataset.kind == Kind.SERIES:
            longest = min(training.window, int(train.source.lengths.max()))
            return cls(training.batch_size, _SideSize(training.batch_size * longest), _SideSize(0))
        count = min(training.batch_size, len(train))
        source, target = (_longest(np.asarray(rows.lengths), count) for rows in (train.source, train.target))
        return cls(count, source, target)


def _longest(lengths: IntArray, count: int) -> _SideSize:
    """The `count` longest texts; counted by length, which takes a few milliseconds for millions of them."""
    often = np.bincount(lengths)[::-1]
    used = np.diff(np.minimum(np.cumsum(often), count), prepend=0)
    sizes = np.arange(len(often))[::-1]
    return _SideSize(int((used * sizes).sum()) + count, bool((used > 0).sum() > 1))


def estimate_memory(
    config: ModelConfig, training: TrainingConfig, dataset: Dataset, largest: LargestBatch | None = None
) -> MemoryEstimate:
    """Estimate the memory of a run at its largest batch, which is searched for if not given. ConfigError if no such
    network is possible.
    """
    model = model_class(config.architecture, dataset.kind).outline(config, dataset.codec, dataset.longest)
    weights = total_size(model.shapes()) * _NUMBER_BYTES
    step = _step_numbers(model, largest or LargestBatch.of(dataset, training)) * _NUMBER_BYTES
    # The weights, their gradient, the first and the best ones, a snapshot on its way; and the moments.
    copies = 5 + len(OPTIMIZERS[training.optimizer].names)
    return MemoryEstimate(weights, step, copies * weights + step, 2 * weights)


def free_memory(containers: Sequence[tuple[Path, Path]] = CGROUPS) -> int:
    """Free memory in bytes: that of the machine, or of the container if that allows less.

    containers: the files that hold the limit and the use of one, where the system has them.
    """
    import psutil  # slow to load, and the window should open quickly

    free = int(psutil.virtual_memory().available)
    for limit, used in containers:
        try:
            free = min(free, int(limit.read_text()) - int(used.read_text()))
        except (OSError, ValueError):  # no such file; "max" where there is no limit
            continue
    return max(0, free)


def require_memory(
    config: ModelConfig, training: TrainingConfig, dataset: Dataset, free: int | None = None
) -> MemoryEstimate:
    """How much memory a run with these settings needs. ConfigError that says what would fit, unless it fits into the
    free memory (bytes; None: measured now)."""
    allowed = (1 - _SPARE) * (free_memory() if free is None else free)
    whole = estimate_memory(config, training, dataset)
    needed = whole.total
    if needed <= allowed:
        return whole
    size, batch = config.hidden_size, training.batch_size
    advice = "Close other programs, or set a smaller “Longest row”."
    while size > 1 or batch > 1:
        # Halve the larger part first: the weights by fewer units, the arrays of a step by a smaller batch.
        estimate = estimate_memory(
            dataclasses.replace(config, hidden_size=size), dataclasses.replace(training, batch_size=batch), dataset
        )
        if estimate.total <= allowed:
            changes = [f"{size:,} hidden units"] * (size < config.hidden_size)
            changes += [f"batches of {batch:,}"] * (batch < training.batch_size)
            advice = f"{' and '.join(changes).capitalize()} would fit."
            break
        if batch > 1 and (estimate.step > estimate.total - estimate.step or size == 1):
            batch //= 2
        else:
            size //= 2
    needs, left = in_bytes(needed), in_bytes(allowed)
    raise ConfigError(f"This network needs about {needs} of memory for training; {left} is free. {advice}")


def in_bytes(count: float) -> str:
    """ "1.2 GB", "45 MB"."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"


def _step_numbers(model: Model, largest: LargestBatch) -> int:
    """Count of the numbers in all arrays of a training step on the largest batch."""
    batch, source, target = largest.examples, largest.source, largest.target
    config, numbers, read = model.config, 0, source
    for network, stage in zip(model.networks().values(), model.stages, strict=True):
        writes_target = stage.fed_back and model.predicts is Prediction.TARGET_SYMBOL
        read = target if writes_target else source
        numbers += _network_numbers(network, read, batch)
    predictions = batch if model.predicts.is_one else read.count
    silenced = 2 if config.dropout else 0  # the mask, and the states it leaves
    scored, size = model.output.output_size, model.output.input_size
    if model.scored_share < 1:  # the drawn symbols and the targets, whose rows of weights and gradients are gathered
        scored = min(scored, round(model.scored_share * scored) + predictions)
        numbers += 2 * scored * size
    numbers += predictions * (scored + (1 + silenced) * size)
    if config.word_counts and "word_counts" not in model.unused:  # counts of each word and pair, and what follows
        numbers += 8 * source.count * scored
    if config.attention:
        weights = source.count * target.count // max(1, batch)
        numbers += 4 * weights + (4 * target.count + 3 * source.count) * model.output.input_size
    return numbers


def _network_numbers(network: SymbolNetwork, rows: _SideSize, batch: int) -> int:
    """Embedding and recurrent layers, forwards and backwards."""
    recurrent, count, numbers = network.recurrent, rows.count, 0
    if network.embedding is not None:
        # looked up, with its dropout; the gradient, sorted by symbol
        numbers += (4 if network.dropout else 2) * count * recurrent.layers[0][0].input_size
    for depth, layer in enumerate(recurrent.layers):
        symbols = depth == 0 and network.embedding is None and not network.numbers
        numbers += sum(_layer_numbers(part, rows, batch, symbols) for part in layer)
        if depth and recurrent.dropout:
            numbers += 2 * count * recurrent.output_size
        if len(layer) > 1:  # both directions side by side, and the rows turned round for the backward one
            numbers += count * (recurrent.output_size + 3 * recurrent.hidden_size)
    return numbers


def _layer_numbers(layer: RecurrentLayer, rows: _SideSize, batch: int, symbols: bool) -> int:
    cell, size, inputs, count = layer.cell, layer.hidden_size, layer.input_size, rows.count
    gates, states = len(cell.gates), len(cell.states)
    # gates, states with their gradients, what the cell saves, ∂ pre-activations; of ragged rows the states before.
    # A gate that is the state has no memory of its own.
    planes = len(cell.inner_gates()) + 2 * states + cell.saved_arrays + cell.planes + rows.ragged
    folded = gates * size * (min(inputs, count) if symbols else inputs)
    recurrent = 2 * gates * size * (size + 16) if layer.memory else 0
    going_back = count * size if symbols else min(gates, 2) * count * inputs + size * inputs
    each_step = 2 * (gates + states) * batch * size
    return count * size * planes + folded + recurrent + going_back + each_step
