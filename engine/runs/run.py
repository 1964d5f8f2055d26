"""A training run as a value: everything needed to use it, to continue it bit for bit, and to draw its history."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from engine.config import TrainingConfig
from engine.data.dataset import Dataset
from engine.errors import StorageError
from engine.models import restore_model
from engine.models.snapshot import Snapshot
from engine.network.states import StackStates
from engine.processes.split_batch import WorkerCount
from engine.runs.data_source import DataSource
from engine.runs.looked_at import LookedAt
from engine.runs.measured import Measured
from engine.training.batches import Windows
from engine.training.evaluation import Metrics
from engine.training.history import History
from engine.training.setting_change import SettingChanges, noted, used
from engine.training.trainer import Best, Trainer, step_of_weights
from engine.training.training_progress import TrainingProgress
from engine.types import FloatArray


@dataclass(frozen=True, eq=False)
class Run:
    """A training run without its data. All arrays are read-only.

    snapshot: the network as it is now, usable without the data. moments (P,): of the optimizer, by name. carry: the
    state carried along a running text. best: the best weights so far. timeline: earlier snapshots, for the window.
    path: the file it was read from. validated: the results of the weights kept at the end, on all validation examples;
    None before that. looked_at: the text that the window showed; None if it showed none that is kept. changes: of
    settings during the run.
    """

    snapshot: Snapshot
    training: TrainingConfig
    progress: TrainingProgress
    data: DataSource
    history: History
    moments: Mapping[str, FloatArray]
    carry: StackStates | None
    best: Best | None
    timeline: tuple[Snapshot, ...] = ()
    path: str | None = None
    tested: Measured | None = None
    validated: Measured | None = None
    looked_at: LookedAt | None = None
    changes: SettingChanges = ()

    @classmethod
    def of(cls, trainer: Trainer, timeline: Sequence[Snapshot] = ()) -> Self:
        """A copy of the run as it is now, which can be saved while training continues."""
        states = trainer.carry.states
        return cls(
            trainer.snapshot(),
            trainer.training,
            trainer.progress,
            DataSource.of(trainer.dataset),
            trainer.history.copy(),
            {name: moment.copy() for name, moment in trainer.optimizer.moments.items()},
            None if states is None else states.copy(),
            trainer.best,
            tuple(timeline),
            validated=_validated(trainer),
            changes=trainer.changes,
        )

    @property
    def files(self) -> tuple[str, ...]:
        """The files that this run names, on whatever machine it was saved: its data, a validation file, word vectors.

        If the run comes from a stranger, callers ask the user before reading them.
        """
        vectors = self.snapshot.config.vectors
        return (*self.data.files, *([vectors] if vectors else ()))

    @property
    def used_training(self) -> TrainingConfig:
        """The settings that the last step was made with: what was changed since has had no effect yet."""
        return used(self.training, self.changes, self.progress.step)

    def with_training(self, training: TrainingConfig) -> Self:
        """The same run with other settings for its next steps."""
        changes = noted(self.changes, self.progress.step, self.training, training)
        return dataclasses.replace(self, training=training, changes=changes)

    @property
    def weights_step(self) -> int:
        """The step of these weights: earlier than the last step if the best weights were restored."""
        return step_of_weights(self.snapshot.step, self.best, self.progress.finished, self.training)

    @property
    def epochs(self) -> int:
        """The epochs of the whole run: as many as are set, unless it was lengthened or its length was planned."""
        length = self.progress.steps_per_epoch
        return -(-self._steps_total // length) if length else self.training.epochs

    @property
    def ended_early(self) -> bool:
        """Whether patience ended the run before its last epoch."""
        now = self.progress
        return now.finished and (now.cooling_from > 0 or now.step < self._steps_total)

    @property
    def _steps_total(self) -> int:
        return self.progress.steps_planned or self.progress.steps_per_epoch * self.training.epochs

    @property
    def best_snapshot(self) -> Snapshot | None:
        """The network with the best weights."""
        if self.best is None:
            return None
        return dataclasses.replace(self.snapshot, step=self.best.step, weights=self.best.weights)

    def trainer(self, dataset: Dataset | None = None, epochs: int | None = None) -> Trainer:
        """A trainer that continues this run.

        dataset: the data of the run; None reads it from its original place. epochs: the total number, if it is to
        change. StorageError if the data is missing or has changed.
        """
        if dataset is None:
            dataset = self.data.load(self.path)
        else:
            self.data.check(dataset)
        model = restore_model(self.snapshot.config, dataset.codec, dataset.longest, self.snapshot.weights.copy())
        workers: WorkerCount = 2 if self.progress.workers == 2 else 1
        trainer = Trainer(model, dataset, self.training, self.progress.validation_limit, workers)
        trainer.run, trainer.history, trainer.changes = self.snapshot.run, self.history.copy(), self.changes
        if self.carry is not None:
            tracks = trainer.batches.tracks if isinstance(trainer.batches, Windows) else 0
            if self.carry.batch != tracks:
                raise StorageError("The state carried along the text does not fit the batch size of this run.")
            trainer.carry.states = self.carry.copy()
        trainer.continue_from(self.progress, self.moments, self.best)
        if self.validated is not None and self.progress.finished:
            known = self.validated
            trainer.final = Metrics(known.loss, known.examples, known.values, known.examples, known.predictions)
        trainer.change(epochs=epochs)
        return trainer


def _validated(trainer: Trainer) -> Measured | None:
    """The results of the weights kept at the end of the run."""
    final = trainer.final
    if final is None:
        return None
    return Measured("", trainer.weights_step, final.examples, final.loss, final.values, predictions=final.predictions)
