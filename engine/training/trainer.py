"""Training as an iterator: each `next` is one step. Pausing is not asking for the next one."""

from __future__ import annotations

import dataclasses
import math
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.config import TrainingConfig
from engine.data.codec import Kind
from engine.data.dataset import Dataset
from engine.errors import ConfigError
from engine.models import Carry, Model
from engine.models.metrics import METRICS
from engine.models.snapshot import Snapshot
from engine.network.parameters import clip_factor
from engine.processes.split_batch import WorkerCount, Workers
from engine.training.batches import batches_of
from engine.training.evaluation import Metrics, beginning, evaluate, mean_training_loss, measurable
from engine.training.history import History
from engine.training.last_good import LastGood
from engine.training.optimizers import OPTIMIZERS, Optimizer, VectorPart
from engine.training.schedules import (
    COOLING_SHARE,
    LOW_FACTOR,
    PLATEAU_FACTOR,
    PLATEAU_PATIENCE,
    SCHEDULES,
    falling,
)
from engine.training.setting_change import SettingChanges, noted
from engine.training.time_budget import steps_within
from engine.training.training_progress import TrainingProgress
from engine.training.update import Update
from engine.training.validation_plan import ValidationPlan
from engine.types import FloatArray

_FALLEN_BACK = 1.02  # above this multiple of the best loss, a run returns to its best weights before the rate falls


@dataclass(frozen=True, eq=False)
class Best:
    """The best weights so far, judged on the validation examples.

    weights (P,). value: of the metric that decides (`TrainingConfig.best_by`), which is the loss unless another was
    chosen.
    """

    step: int
    loss: float
    weights: FloatArray
    value: float


def step_of_weights(last: int, best: Best | None, finished: bool, training: TrainingConfig) -> int:
    """The step of a run's weights: that of the best ones if they were put back when it ended, else its last."""
    return best.step if best is not None and finished and training.patience > 0 else last


class Trainer(Iterator[Update]):
    """Trains a model on the training split of a data set.

    Everything random depends on seed and step alone: batch order, dropout, the decoder's own inputs. So the state of a
    run is its weights, the optimizer's moments, the state carried along a running text, and its `TrainingProgress`.
    """

    def __init__(
        self,
        model: Model,
        dataset: Dataset,
        training: TrainingConfig | None = None,
        validation_limit: int = TrainingProgress.validation_limit,
        workers: WorkerCount = 1,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """validation_limit: examples of each validation, evenly spaced, the same ones each time; 0 takes all.

        workers: processes that compute each step's gradient; see `Workers`. clock: returns seconds, for the time
        budget.
        """
        training = training or TrainingConfig()
        if dataset.kind != model.codec.kind:
            reads, holds = model.codec.kind.in_words, dataset.kind.in_words
            raise ConfigError(f"The network reads {reads}; the data set holds {holds}.")
        if training.best_by not in ("loss", *model.metrics()):
            offered = ", ".join(repr(name) for name in ("loss", *model.metrics()) if METRICS[name].decides)
            raise ConfigError(
                f"best_by is {training.best_by!r}, which is not measured for this network and data; expected {offered}."
            )
        if len(dataset.validation):
            measurable(model, dataset.validation)  # before anything is trained that could not be judged
        self.model, self.dataset, self.training = model, dataset, training
        self.run = uuid.uuid4().hex
        self.batches = batches_of(dataset, training, model.config.lag)
        self.workers = Workers(model, workers)
        self.optimizer = self._new_optimizer()
        self.steps_per_epoch = self.batches.steps_per_epoch
        self.validation_plan = ValidationPlan(model, dataset, self.steps_per_epoch, validation_limit)
        self._clock = clock
        self._progress = TrainingProgress(validation_limit=validation_limit)
        self.carry = Carry()
        self.best: Best | None = None
        self.final: Metrics | None = None  # of the weights kept at the end, on all validation examples
        self.train_loss: float | None = None  # of the same weights, on some training examples and without dropout
        self._last_good = LastGood(model.parameters.flat)
        self.history = History()
        self.changes: SettingChanges = ()  # of settings during the run

    @property
    def progress(self) -> TrainingProgress:
        """How far the run has come, to be saved."""
        workers = 2 if self.workers.count == 2 else 1
        steps, length = self.optimizer.steps, self.steps_per_epoch
        return dataclasses.replace(self._progress, workers=workers, optimizer_steps=steps, steps_per_epoch=length)

    @property
    def step(self) -> int:
        """Steps taken so far."""
        return self._progress.step

    @property
    def steps_total(self) -> int:
        """Steps of the whole run: those of its epochs, unless its time budget, its patience or `plan` changed that."""
        return self._progress.steps_planned or self.steps_per_epoch * self.training.epochs

    def plan(self, steps: int) -> None:
        """Set the total number of steps of the run."""
        self._note(steps_planned=steps)

    @property
    def ended_early(self) -> bool:
        """Whether the run is over because its patience has run out."""
        return self.finished and (self._progress.cooling_from > 0 or self.step < self.steps_total)

    @property
    def finished(self) -> bool:
        """Whether there is no next step: all epochs are done, patience has run out, or the run has diverged."""
        return self._progress.finished

    @property
    def last_good_step(self) -> int:
        """The step whose weights `go_back` restores."""
        return self._last_good.step

    def _note(self, **changes: Any) -> None:
        self._progress = dataclasses.replace(self._progress, **changes)

    @property
    def epoch(self) -> int:
        """The epoch of the next step, counted from 0."""
        return self.step // self.steps_per_epoch

    def change(
        self, learning_rate: float | None = None, clip_norm: float | None = None, epochs: int | None = None
    ) -> None:
        """Change settings that may change during a run. The schedule follows the new number of epochs. A finished run
        continues if there are more, and its patience starts over.
        """
        given = {"learning_rate": learning_rate, "clip_norm": clip_norm, "epochs": epochs}
        values = {name: value for name, value in given.items() if value is not None}
        before = self.training
        self.training = dataclasses.replace(before, **values)  # type: ignore[arg-type]
        self.changes = noted(self.changes, self.step, before, self.training)
        if epochs is not None:
            self._set_length(0)

    def lengthen(self, epochs: int) -> None:
        """Continue up to this many epochs, like `change`, but leave the setting as it is."""
        self._set_length(self.steps_per_epoch * epochs)

    def _set_length(self, steps_planned: int) -> None:
        self._note(steps_planned=steps_planned, cooling_from=0)
        if self.finished and self.step < self.steps_total:
            self._note(finished=False, epoch_of_best=self.epoch)
            self.final = None

    def snapshot(self) -> Snapshot:
        """The weights as they are now."""
        return Snapshot.of(self.model, self.run, self.step, self.epoch)

    def learning_rate(self) -> float:
        """The rate of the next step, its schedule applied."""
        return self.training.learning_rate * self._factor() * self._progress.plateau_factor

    def _factor(self) -> float:
        """The schedule's factor on the rate, or that of patience once it has begun to lower the rate."""
        last, begun = max(1, self.steps_total - 1), self._progress.cooling_from
        if begun:
            return self._progress.cooling_factor * falling(min(1.0, (self.step - begun) / max(1, last - begun)))
        return SCHEDULES[self.training.schedule].factor(min(1.0, self.step / last))

    def __next__(self) -> Update:
        if not self.finished and self.step >= self.steps_total:
            self._finish()
        if self.finished:
            raise StopIteration
        started = self._clock()
        epoch, rate = self.epoch, self.learning_rate()
        with np.errstate(over="ignore", invalid="ignore"):  # finiteness is checked below
            loss, tokens = self._loss_and_gradient()
            norm, scale = self._clip()
        if not (math.isfinite(loss) and math.isfinite(norm)):
            self._note(finished=True)
            return Update(self.step, epoch, loss, norm, False, rate, tokens, self._clock() - started, None, True)
        self._last_good.take(loss, self.step, self.model.parameters.flat)
        weights, gradient = self.model.parameters, self.model.gradients
        learned = weights.learned_size
        self.optimizer.step(weights.flat[:learned], gradient.flat[:learned], rate, scale)
        self._note(step=self.step + 1)
        seconds = self._clock() - started
        is_last = self.step >= self.steps_total
        validation = self._validate() if is_last or self.validation_plan.includes(self.step) else None
        if self.training.minutes:
            self._spend(self._clock() - started)
        update = Update(self.step, epoch, loss, norm, scale < 1, rate, tokens, seconds, validation)
        self.history.record(update)
        if self.finished or self.step >= self.steps_total:
            self._finish()
        return update

    def _finish(self) -> None:
        """Measure the kept weights on all validation examples, with all metrics."""
        self._note(finished=True)
        self.final = evaluate(self.model, self.dataset.validation)
        train = self.dataset.train
        if self.dataset.kind.is_running:
            train = beginning(train, len(self.dataset.validation.source.packed))
        self.train_loss = mean_training_loss(self.model, train, self._progress.validation_limit)

    def _loss_and_gradient(self) -> tuple[float, int]:
        """The loss of the step's batch, and how many symbols were read."""
        if self.batches.restarts(self.step):
            self.carry.states = None
        training, model = self.training, self.model
        random = model.draws_at_random or training.teacher_forcing < 1
        rng = np.random.default_rng([training.seed, 2, self.step]) if random else None
        carry = self.carry if self.dataset.kind == Kind.STREAM else None
        batch = self.batches.batch(self.step)
        loss, _ = self.workers.loss_and_gradient(batch, rng, carry, training.teacher_forcing)
        return loss, model.symbols_read(batch)

    def _clip(self) -> tuple[float, float]:
        """Norm of the gradient, and the factor that keeps it within `clip_norm`."""
        gradient = self.model.gradients.flat
        norm = math.sqrt(float(np.dot(gradient, gradient)))
        return norm, clip_factor(norm, self.training.clip_norm)

    def _spend(self, seconds: float) -> None:
        """Subtract time from the budget, and plan the rest of the run accordingly."""
        before = self._progress.seconds_spent
        self._note(seconds_spent=before + seconds)
        steps = steps_within(self.training.minutes, before, before + seconds, self.step, self._progress.untimed_steps)
        if steps is not None and not self.finished and not self._progress.cooling_from:
            self.plan(steps)

    def _validate(self) -> Metrics:
        metrics = evaluate(self.model, self.dataset.validation, self._progress.validation_limit, thorough=False)
        value = metrics.by(self.training.best_by)
        if math.isfinite(value) and (self.best is None or self._is_better(metrics)):
            self.best = Best(self.step, metrics.loss, self.model.parameters.flat.copy(), value)
            self._note(validations_since_best=0, epoch_of_best=self.epoch)
        else:
            self._note(validations_since_best=self._progress.validations_since_best + 1)
            waits = self._progress.validations_since_best % PLATEAU_PATIENCE
            if self.training.schedule == "plateau" and waits == 0:
                self._note(plateau_factor=self._progress.plateau_factor * PLATEAU_FACTOR)
        if self.training.patience:
            self._be_patient(metrics)
        return metrics

    def _be_patient(self, metrics: Metrics) -> None:
        """End the run, or lower its rate, if it has not improved for long enough."""
        if self.step >= self.steps_total:
            self.restore_best()
            self._note(finished=True)
            return
        schedule = SCHEDULES[self.training.schedule]
        since = max(self._progress.epoch_of_best, int(schedule.peak * self.steps_total) // self.steps_per_epoch)
        if self.epoch - since < self.training.patience or self._progress.cooling_from:
            return
        factor = self._factor()
        if not schedule.ends_low or factor <= LOW_FACTOR:
            self.restore_best()
            self._note(finished=True)
            return
        # At a high rate the loss also stands still because the steps are large; it falls once more as they shrink.
        if self.best is not None and metrics.loss > _FALLEN_BACK * self.best.loss:
            self.restore_best()
        steps = max(2, round(self.step * COOLING_SHARE / (1 - COOLING_SHARE)))
        total = min(self.steps_total, self.step + steps)
        self._note(steps_planned=total, cooling_from=self.step, cooling_factor=factor)

    def _is_better(self, metrics: Metrics) -> bool:
        """Whether these weights beat the best so far; a lower loss breaks ties of the deciding metric."""
        assert self.best is not None
        value, best = metrics.by(self.training.best_by), self.best.value
        if value == best:
            return metrics.loss < self.best.loss
        return value > best if METRICS[self.training.best_by].rises else value < best

    def _new_optimizer(self) -> Optimizer:
        weights, shares = self.model.parameters, self.model.rate_shares()
        sparse = self.model.tables() if self.training.keeps_rows_still else ()
        special = [
            VectorPart(place, shares.get(name, 1.0), weights[name].shape[1] if name in sparse else 0)
            for name, place in weights.places.items()
            if name in shares or name in sparse
        ]
        return OPTIMIZERS[self.training.optimizer](self.training, weights.flat, special)

    def continue_from(self, progress: TrainingProgress, moments: Mapping[str, FloatArray], best: Best | None) -> None:
        """Continue from the state of another trainer, whose weights and history are here already. moments (P,): of the
        optimizer, by name."""
        self._progress, self.best = progress, best
        self.optimizer.steps = progress.optimizer_steps
        for name, moment in moments.items():
            self.optimizer.moments[name][:] = moment
        known = None if best is None else (best.step, best.weights)
        self._last_good.look_back(self.history.steps["loss"], self.step, known)

    def go_back(self) -> None:
        """After divergence, restore the last good weights (see `LastGood`) and reset the moments, so that training can
        continue from its current step at a lower rate."""
        self.model.parameters.flat[:] = self._last_good.weights
        self.optimizer = self._new_optimizer()
        self.carry.states = None
        self._note(finished=False)
        self.final = None

    @property
    def weights_step(self) -> int:
        """The step of these weights: earlier than the last step if the best ones were put back at the end."""
        return step_of_weights(self.step, self.best, self.finished, self.training)

    def restore_best(self) -> None:
        """Put the best weights back."""
        if self.best is not None:
            self.model.parameters.flat[:] = self.best.weights
