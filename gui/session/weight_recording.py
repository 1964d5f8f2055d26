"""Records the history of weights and gradients, whether or not it is shown."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

import engine
from engine.data.codec import Kind
from engine.data.examples import Example, Examples
from engine.training.weight_history import WeightHistory, WeightMoment, spread_of, stride_at
from gui.session.current_run import CurrentRun
from gui.session.data import Data
from gui.session.questions import Question, Questions

EXAMPLES = 8  # over which the gradient is averaged
MOST_LOOKED_AT = 100_000  # rows, evenly spaced, from which short ones are chosen
SYMBOLS = 200  # of running text
LONGEST = 200  # symbols of an example
SHARE = 0.008  # of one core that it may take while training; what has waited is examined when training stops
BURST_S = 0.01  # how long weights are examined at a time
WAITING_BYTES = 1 << 26  # most weights that wait


class WeightRecording(QObject):
    """Examines the newest weights in the background now and then, and those of the steps that the training process has
    recorded; keeps the results."""

    recorded = Signal()  # the history has grown, or cannot grow

    def __init__(self, run: CurrentRun, data: Data, questions: Questions) -> None:
        super().__init__()
        self.history = WeightHistory()  # of this run
        self.trouble = ""  # why the last moment is missing, in words
        self._run, self._data, self._questions = run, data, questions
        self._number = -1  # of the run that the history is of
        self._begin = 0  # the step at which its history begins
        self._waiting: list[engine.Snapshot] = []  # recorded and not examined yet, in order of step
        self._owner = object()

    def look(self) -> None:
        """Look at newer weights; for a new network, the history starts over."""
        self._start_over_if_new()
        snapshot, dataset = self._run.snapshot, self._data.dataset
        if snapshot is None or dataset is None or not len(dataset.train):
            return
        wanted = sorted(self._waiting, key=self._weight_in_picture, reverse=True)
        moments = self.history.moments
        if not moments or snapshot.step > moments[-1].step:  # the begin of a run comes first, then the newest
            wanted = [each for each in wanted if each.step != snapshot.step]
            wanted.insert(0 if moments else 1, snapshot)
        if wanted:
            work = partial(examine, wanted=wanted, examples=dataset.train)
            self._questions.ask(
                Question(self._owner, work, self._take, self._refuse, about=None, beside=wanted, share=SHARE)
            )

    def keep(self, snapshots: Sequence[engine.Snapshot]) -> None:
        """Have the weights of recorded steps examined when there is time."""
        self._start_over_if_new()
        if not self._waiting and not self.history.moments:
            self._begin = snapshots[0].step
        self._waiting.extend(snapshots)
        self._drop_superfluous()
        self.look()

    def _start_over_if_new(self) -> None:
        if self._number != self._run.number:
            self._number, self.history, self.trouble = self._run.number, WeightHistory(), ""
            self._waiting.clear()

    def _drop_superfluous(self) -> None:
        """Drop the waiting weights that a longer run has no column for, and those for which there is no room."""
        waiting = self._waiting
        stride = stride_at(waiting[-1].step - self._begin)
        waiting[:] = [each for each in waiting if (each.step - self._begin) % stride == 0]
        while sum(each.weights.nbytes for each in waiting) > WAITING_BYTES:
            waiting.remove(min(waiting, key=self._weight_in_picture))

    def _weight_in_picture(self, snapshot: engine.Snapshot) -> float:
        """The more often a step can be halved, the longer it stays in the history; its begin stays always."""
        made = snapshot.step - self._begin
        return made & -made or math.inf

    def _take(self, moments: Sequence[WeightMoment]) -> None:
        self.trouble = ""
        for moment in moments:
            self.history.add(moment)
        examined = {moment.step for moment in moments}
        self._waiting = [each for each in self._waiting if each.step not in examined]
        self.recorded.emit()
        self.look()

    def _refuse(self, message: str) -> None:
        self.trouble = message
        self.recorded.emit()


def examine(_: engine.Snapshot, wanted: Sequence[engine.Snapshot], examples: Examples) -> list[WeightMoment]:
    """The first of the wanted moments, as many as there is time for, but at least one; runs in the background."""
    until, chosen = time.perf_counter() + BURST_S, few(examples)
    moments = [moment_of(wanted[0], chosen)]
    for snapshot in wanted[1:]:
        if time.perf_counter() > until:
            break
        moments.append(moment_of(snapshot, chosen))
    return moments


def moment_of(snapshot: engine.Snapshot, examples: Examples) -> WeightMoment:
    """Histograms of all learned parameters, and their gradients on these examples."""
    model = snapshot.model()
    with np.errstate(all="ignore"):  # a diverging network is looked at, too
        model.loss_and_gradient(examples, trained_on=True)
        gradients = {name: spread_of(values) for name, values in model.gradients.learned().items()}
    return WeightMoment(snapshot.step, {n: spread_of(v) for n, v in model.parameters.learned().items()}, gradients)


def few(examples: Examples) -> Examples:
    """Some short examples, the same each time."""
    if examples.codec.kind == Kind.STREAM:
        first = examples.source.part(0, SYMBOLS)
        return Examples.of(examples.codec, [Example(tuple(examples.codec.source.decode(first)))])
    offsets = examples.source.offsets
    looked_at = np.arange(0, len(examples), 1 + len(examples) // MOST_LOOKED_AT)
    lengths = offsets[looked_at + 1] - offsets[looked_at]
    short = looked_at[lengths <= max(LONGEST, int(lengths.min()))]
    chosen = short[np.linspace(0, len(short) - 1, min(EXAMPLES, len(short))).astype(np.int64)]
    return examples.take(chosen)
