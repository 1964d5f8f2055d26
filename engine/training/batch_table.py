"""The batch of a training step as a padded table: inputs, targets, and the padding that is never computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.config import TrainingConfig
from engine.data.dataset import Dataset
from engine.data.examples import Example
from engine.inspection.reading import read_text
from engine.models import Model
from engine.training.batches import batches_of


@dataclass(frozen=True)
class BatchBlock:
    """One side of the table, padded to `places` columns: the inputs of a part, or the targets.

    computed: places that the network computes or that count in the loss, out of `size` · `places` in the padded table.
    at_step (places,): how many of the examples have something at each place; empty if that has no meaning. rows: the
    right symbols. forced: the probability with which the right symbol is read from the second place on, drawn anew for
    every place of every example; otherwise the network reads its own answer from the step before.
    """

    title: str
    places: int
    computed: int
    at_step: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    forced: float = 1.0

    def forced_at(self, place: int) -> float:
        """The probability with which the right symbol is read at a place, counted from 0."""
        return self.forced if place else 1.0


@dataclass(frozen=True)
class BatchTable:
    """The first rows of the batch, longest text first. size: examples in the batch. step: counted from 0. hides:
    whether words that are read may be hidden, which is drawn only in the step itself."""

    step: int
    steps_per_epoch: int
    size: int
    blocks: tuple[BatchBlock, ...]
    hides: bool = False

    @property
    def computed(self) -> int:
        """The number of symbols that the network reads."""
        return sum(block.computed for block in self.blocks[:-1])

    @property
    def padded(self) -> int:
        """The number of empty places, which are not computed."""
        return sum(self.size * block.places - block.computed for block in self.blocks[:-1])

    @property
    def forced(self) -> float:
        """The teacher forcing of a part that reads its own answers; 1 if there is none."""
        return min(block.forced for block in self.blocks)


def batch_table(model: Model, dataset: Dataset, training: TrainingConfig, step: int, most: int) -> BatchTable:
    """The training batch of a step, counted from 0, with at most `most` of its examples as rows.

    The counts of computed symbols come from a real forward pass over the whole batch.
    """
    batches = batches_of(dataset, training, model.config.lag)
    batch = batches.batch(step)
    size = len(batch)
    lengths = np.asarray(batch.source.lengths)
    order = np.argsort(-lengths, kind="stable")
    examples = [batch[int(i)] for i in order[:most]]
    model.work.reset()
    done = model.forward(model.examples(batch), None, None)
    predicted = len(done.targets)
    parts = model.parts(done, examples[0])
    titles = [f"{part.name} reads".strip() for part in parts]
    computed = [part.tape.recurrent.packing.rows for part in parts]
    sizes = [_at_step(model, part.tape.recurrent.packing.batch_sizes) for part in parts]
    fed_back = {stage.name for stage in model.stages if stage.fed_back}
    forced = [training.teacher_forcing if part.name in fed_back else 1.0 for part in parts]
    if not parts:
        kept = np.minimum(lengths, model.longest)
        titles, computed, sizes = ["reads"], [int(kept.sum())], [_running(kept, model.longest)]
        forced = [1.0]
    shown = [_rows_of(model, example) for example in examples]
    blocks: list[BatchBlock] = []
    for i, (title, count, at, share) in enumerate(zip(titles, computed, sizes, forced, strict=True)):
        rows = tuple(row[i] for row in shown)
        blocks.append(BatchBlock(title, _places(at, rows, model, bool(parts)), count, at, rows, share))
    targets = [row[-1] for row in shown]
    last = blocks[-1]
    once = predicted == size and last.computed != size
    places = 1 if once else last.places
    blocks.append(BatchBlock("should answer", places, predicted, () if once else last.at_step, tuple(targets)))
    return BatchTable(step, batches.steps_per_epoch, size, tuple(blocks), model.hides_words(model.config))


def _at_step(model: Model, batch_sizes: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[int, ...]:
    """The number of texts still being read at each step; () for a network without memory."""
    return tuple(batch_sizes.tolist()) if model.remembers else ()


def _running(lengths: np.ndarray[tuple[int], np.dtype[np.int64]], places: int) -> tuple[int, ...]:
    return tuple(int((lengths > place).sum()) for place in range(places))


def _places(at: tuple[int, ...], rows: tuple[tuple[str, ...], ...], model: Model, steps: bool) -> int:
    return (len(at) or max(map(len, rows))) if steps else model.longest


def _rows_of(model: Model, example: Example) -> list[tuple[str, ...]]:
    """The inputs of each part for one example, then the targets."""
    reading = read_text(model, example)
    inputs = [part.inputs for part in reading.parts] or [model.shown(example.source)[: model.longest]]
    return [*inputs, reading.targets]
