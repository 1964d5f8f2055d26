"""What an experiment is, and how it is run: load, train, measure."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from engine import Dataset, Example, Examples, Metrics, Model, ModelConfig, Trainer, TrainingConfig, build_model
from engine.data.codec import Kind
from engine.training.defaults import settings_for

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SAY_EVERY = 30.0  # seconds between lines about the progress

Figures = Mapping[str, float]
Texts = Mapping[str, Sequence[str]]
Keep = Literal["last", "loss"] | str


@dataclass(frozen=True)
class Data:
    """What a network learns from, and what its figures are taken on.

    dataset.validation: looked at while training (it may choose the weights that are kept). test: seen once, at the end;
    where there is no test split it is empty, and the figures are those on the validation split.
    """

    dataset: Dataset
    test: Sequence[Example] = ()

    @property
    def held_out(self) -> Sequence[Example]:
        """What figures are taken on."""
        return self.test or self.dataset.validation

    def chosen_apart(self) -> Data:
        """The same data, arranged so that the rows that are measured do not choose the weights: without a test split, a
        tenth of the training rows chooses them, or the first tenth of a running text: what is measured goes on where
        the training part ends."""
        if self.test:
            return self
        if self.dataset.kind == Kind.STREAM:
            (text,) = self.dataset.train
            tenth = len(text.source) // 10
            choosing, train = (Examples.of(self.dataset.codec, [Example(part)])
                               for part in (text.source[:tenth], text.source[tenth:]))  # fmt: skip
            return Data(replace(self.dataset, train=train, validation=choosing), list(self.dataset.validation))
        order = np.random.default_rng(0).permutation(len(self.dataset.train))
        tenth, rest = np.split(order, [len(order) // 10])
        train = self.dataset.train
        dataset = replace(self.dataset, train=train.take(rest), validation=train.take(tenth))
        return Data(dataset, list(self.dataset.validation))


@dataclass(frozen=True)
class Experiment:
    """One line of the table.

    files: below the folder of data, none for samples and generated rows. data: their paths → Data. report: the figures
    of the trained network, `figure` the one that `target` is for. keep: which weights are measured: "last", those of
    the lowest validation loss ("loss"), or those of the highest validation metric of that name. steps: where the
    training ends, 0 after all epochs. within: minutes of training in which the target is to be reached. texts: what
    the network writes, to be looked at. beside: what the figure stands beside in the table: a reference run, the
    published figure, the floor.
    """

    name: str
    task: str
    data: Callable[..., Data]
    model: ModelConfig
    training: TrainingConfig
    report: Callable[[Model, Data], Figures]
    figure: str
    target: float
    smaller_is_better: bool = False
    files: tuple[str, ...] = ()
    keep: Keep = "last"
    steps: int = 0
    within: float = math.inf
    texts: Callable[[Model], Texts] | None = None
    beside: str = ""

    @property
    def paths(self) -> list[Path]:
        """Where the files lie."""
        return [DATA / name for name in self.files]

    def reached(self, value: float, minutes: float) -> bool:
        """Whether the figure is at least as good as the target, and the time was kept."""
        good = value <= self.target if self.smaller_is_better else value >= self.target
        return good and minutes <= self.within


@dataclass(frozen=True)
class Outcome:
    """Figures of a run, and what it took.

    minutes: of processor time that training and validation took, all threads together, so that another program on the
    machine does not count; on one free core it is the time on the clock.
    """

    figures: Figures
    minutes: float
    steps: int
    weights: int
    texts: Texts = field(default_factory=dict)


def run(experiment: Experiment) -> Outcome:
    """Train and measure. Raises RuntimeError if the training diverges."""
    data = experiment.data(*experiment.paths)
    model = build_model(experiment.model, data.dataset, experiment.training.seed)
    trainer = Trainer(model, data.dataset, experiment.training, validation_limit=len(data.dataset.validation))
    if experiment.steps:
        trainer.plan(experiment.steps)
    return _measured(experiment, data, trainer, train(trainer, experiment.keep))


def run_as_proposed(experiment: Experiment) -> tuple[Experiment, Outcome]:
    """The same data with the settings and the weights that the window would choose: the experiment with these settings,
    and its outcome."""
    data = experiment.data(*experiment.paths).chosen_apart()
    model, training = settings_for(data.dataset, None, {}, {"seed": experiment.training.seed})
    trainer = Trainer(build_model(model, data.dataset, training.seed), data.dataset, training)
    seconds = train(trainer, "last")
    trainer.restore_best()
    return replace(experiment, model=model, training=training), _measured(experiment, data, trainer, seconds)


def _measured(experiment: Experiment, data: Data, trainer: Trainer, seconds: float) -> Outcome:
    figures = dict(experiment.report(trainer.model, data))
    texts = experiment.texts(trainer.model) if experiment.texts else {}
    return Outcome(figures, seconds / 60, trainer.step, trainer.model.parameters.learned_size, texts)


def train(trainer: Trainer, keep: Keep) -> float:
    """Train to the end, then put the weights to be kept in place. Returns the seconds of processor time."""
    started, said, best = time.process_time(), time.monotonic(), float("-inf")
    kept = trainer.model.parameters.flat
    for update in trainer:
        if update.diverged:
            raise RuntimeError(f"The training diverged at step {update.step}.")
        if update.validation is None:
            continue
        value = _worth(update.validation, keep)
        if value > best:
            best, kept = value, trainer.model.parameters.flat.copy()
        if time.monotonic() - said > SAY_EVERY:
            said = time.monotonic()
            spent = time.process_time() - started
            _say(f"  step {update.step} of {trainer.steps_total}, {spent:.0f} s, {_in_words(update.validation)}")
    spent = time.process_time() - started
    if keep != "last":
        trainer.model.parameters.flat[:] = kept
    return spent


def _worth(metrics: Metrics, keep: Keep) -> float:
    if keep == "last":
        return 0.0
    return -metrics.loss if keep == "loss" else metrics.values[keep]


def _in_words(metrics: Metrics) -> str:
    values: dict[str, Any] = {"loss": metrics.loss, **metrics.values}
    return ", ".join(f"{name} {value:.4f}" for name, value in values.items())


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
