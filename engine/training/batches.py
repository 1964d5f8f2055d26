"""Which examples a step looks at. Their order depends on seed and epoch alone: any step of a run can be found again."""

from __future__ import annotations

import numpy as np

from engine.data.bulk.ragged import Ragged
from engine.data.codec import Kind
from engine.data.dataset import Dataset
from engine.data.examples import Examples


class Shuffled:
    """Batches of separate examples, in a new order each epoch."""

    def __init__(self, examples: Examples, batch_size: int, seed: int) -> None:
        self.examples, self.batch_size, self.seed = examples, batch_size, seed
        self.steps_per_epoch = -(-len(examples) // batch_size)
        self._epoch, self._order = -1, np.zeros(0, np.int32)

    def batch(self, step: int) -> Examples:
        """The batch of a step, counted from 0 over all epochs."""
        epoch, place = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch:
            self._epoch = epoch
            self._order = np.arange(len(self.examples), dtype=np.int32)
            np.random.default_rng([self.seed, 1, epoch]).shuffle(self._order)
        return self.examples.take(self._order[place * self.batch_size : (place + 1) * self.batch_size])

    def restarts(self, step: int) -> bool:
        """Separate examples never carry a state on."""
        return True


class Windows:
    """Running text in `tracks` parallel parts, each read window by window; the state goes from window to window.

    A window of T steps is T + 1 symbols: its first input to its last target.
    """

    def __init__(self, examples: Examples, tracks: int, window: int) -> None:
        self.codec = examples.codec
        self.ids = examples.source.packed  # as narrow as they are stored: a whole running text is in it
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


Batches = Shuffled | Windows


def batches_of(dataset: Dataset, batch_size: int, window: int, seed: int) -> Batches:
    """The training batches of a data set."""
    if dataset.kind == Kind.STREAM:
        return Windows(dataset.train, batch_size, window)
    return Shuffled(dataset.train, batch_size, seed)
