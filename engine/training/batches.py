"""Chooses the examples of each step. Their order depends only on seed and epoch, so any step of a run can be
reconstructed."""

from __future__ import annotations

import numpy as np

from engine.config import TrainingConfig
from engine.data.bulk.ragged import Ragged
from engine.data.codec import Kind
from engine.data.dataset import Dataset
from engine.data.examples import Examples
from engine.training.made_up import MadeUpStems, has_stems
from engine.types import IntArray

_OVERLAPPING = 8  # number of windows that contain the same value of a series


class Shuffled:
    """Batches of separate examples, in a new order each epoch. stems: replaces the stems of some of them."""

    def __init__(self, examples: Examples, batch_size: int, seed: int, stems: MadeUpStems | None = None) -> None:
        self.examples, self.batch_size, self.seed, self.stems = examples, batch_size, seed, stems
        self.steps_per_epoch = -(-len(examples) // batch_size)
        self._epoch, self._order = -1, np.zeros(0, np.int32)

    def batch(self, step: int) -> Examples:
        """The batch of a step, counted from 0 over all epochs."""
        epoch, place = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch:
            self._epoch = epoch
            self._order = np.arange(len(self.examples), dtype=np.int32)
            np.random.default_rng([self.seed, 1, epoch]).shuffle(self._order)
        chosen = self._order[place * self.batch_size : (place + 1) * self.batch_size]
        batch = self.examples.take(chosen)
        return batch if self.stems is None else self.stems.replace(batch, chosen, step)

    def restarts(self, step: int) -> bool:
        """False: separate examples never carry a state over."""
        return True


class Windows:
    """Running text in `tracks` parallel parts, each read window by window; the state goes from window to window.

    A window of T steps is T + 1 symbols: its first input to its last target.
    """

    def __init__(self, examples: Examples, tracks: int, window: int) -> None:
        self.codec = examples.codec
        self.ids = examples.source.packed  # in the narrow dtype of the data, because it holds a whole running text
        size = len(self.ids)
        self.window = min(window, max(1, size - 1))
        self.tracks = max(1, min(tracks, (size - 1) // self.window))
        self.length = (size - 1) // self.tracks
        self.steps_per_epoch = -(-self.length // self.window)

    def batch(self, step: int) -> Examples:
        """The windows of a step, counted from 0 over all epochs."""
        begin = (step % self.steps_per_epoch) * self.window
        size = min(self.window, self.length - begin) + 1
        rows = np.arange(self.tracks)[:, None] * self.length + begin + np.arange(size)
        offsets = np.arange(self.tracks + 1, dtype=np.int64) * size
        nothing = Ragged(np.zeros(0, np.int32), np.zeros(self.tracks + 1, np.int64))
        return Examples(self.codec, Ragged(np.asarray(self.ids[rows.ravel()], np.int32), offsets), nothing)

    def restarts(self, step: int) -> bool:
        """Whether the step starts the text over, from a zero state."""
        return step % self.steps_per_epoch == 0


class Stretches:
    """Windows of series, each read from an empty memory, in a new order each epoch.

    A window of T steps is T + 1 values: its first input to its last target. Windows overlap: each begins an eighth of a
    window after the one before, and where the first one begins is drawn for each epoch. A shorter series is one window.
    context: how many values before each window are read with it without counting in the loss, unless the series is too
    short: a network that predicts the change from an earlier value has no such value in the first steps.
    """

    def __init__(self, examples: Examples, batch_size: int, window: int, seed: int, context: int = 0) -> None:
        self.examples, self.batch_size, self.seed = examples, batch_size, seed
        lengths = np.asarray(examples.source.lengths)
        self.sizes = np.minimum(window + 1 + context, lengths)
        self.counts = np.where(self.sizes - 1 >= 2 * context, self.sizes - 1 - context, self.sizes - 1)
        self.stride = max(1, window // _OVERLAPPING)
        self.room = lengths - self.sizes  # the last place where a window can begin
        self.count = int((self.room // self.stride + 1).sum())
        self.steps_per_epoch = -(-self.count // batch_size)
        self._epoch = -1
        self._windows: tuple[IntArray, IntArray] = np.zeros(0, np.int64), np.zeros(0, np.int64)

    def _draw(self, epoch: int) -> tuple[IntArray, IntArray]:
        """The series and the first value of each window of an epoch, shuffled."""
        rng = np.random.default_rng([self.seed, 1, epoch])
        each = self.room // self.stride + 1
        series = np.repeat(np.arange(len(each)), each)
        place = np.arange(len(series)) - np.repeat(np.cumsum(each) - each, each)
        begins = np.minimum(place * self.stride + rng.integers(0, self.stride), self.room[series])
        order = rng.permutation(len(series))
        return series[order], begins[order]

    def batch(self, step: int) -> Examples:
        """The windows of a step, counted from 0 over all epochs."""
        epoch, place = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch:
            self._epoch, self._windows = epoch, self._draw(epoch)
        chosen = slice(place * self.batch_size, (place + 1) * self.batch_size)
        series, begins = (part[chosen] for part in self._windows)
        sizes = self.sizes[series]
        first = np.asarray(self.examples.source.offsets)[series] + begins
        packed = self.examples.source.packed
        inputs = np.concatenate([packed[a : a + n] for a, n in zip(first.tolist(), sizes.tolist(), strict=True)])
        ends, counts = first + sizes, self.counts[series]
        targets = np.concatenate([packed[z - n : z] for z, n in zip(ends.tolist(), counts.tolist(), strict=True)])
        return Examples(self.examples.codec, Ragged.of_lengths(inputs, sizes), Ragged.of_lengths(targets, counts))

    def restarts(self, step: int) -> bool:
        """False: each window begins with an empty memory anyway."""
        return True


Batches = Shuffled | Windows | Stretches


def batches_of(dataset: Dataset, training: TrainingConfig, lag: int = 0) -> Batches:
    """The training batches of a data set. lag: of the network, see `ModelConfig`."""
    train, size, seed = dataset.train, training.batch_size, training.seed
    if dataset.kind == Kind.STREAM:
        return Windows(train, size, training.window)
    if dataset.kind == Kind.SERIES:
        return Stretches(train, size, training.window, seed, lag)
    made_up = training.made_up > 0 and has_stems(dataset.codec)
    return Shuffled(train, size, seed, MadeUpStems(train, training.made_up, seed) if made_up else None)
