"""Records the history of weights and gradients, whether or not it is shown."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

import engine
from engine.data.codec import Kind
from engine.data.examples import Example, Examples
from engine.training.weight_history import WeightHistory, WeightMoment, spread_of
from gui.session.current_run import CurrentRun
from gui.session.data import Data
from gui.session.questions import Question, Questions

EXAMPLES = 8  # over which the gradient is averaged
MOST_LOOKED_AT = 100_000  # rows, evenly spaced, from which short ones are chosen
SYMBOLS = 200  # of running text
LONGEST = 200  # symbols of an example
SHARE = 0.008  # of one core that it may take while training: a moment or two a second


class WeightRecording(QObject):
    """Examines the newest weights in the background now and then, and keeps the results."""

    recorded = Signal()  # the history has grown, or cannot grow

    def __init__(self, run: CurrentRun, data: Data, questions: Questions) -> None:
        super().__init__()
        self.history = WeightHistory()  # of this run
        self.trouble = ""  # why the last moment is missing, in words
        self._run, self._data, self._questions = run, data, questions
        self._number = -1  # of the run that the history is of
        self._owner = object()

    def look(self) -> None:
        """Look at newer weights; for a new network, the history starts over."""
        if self._number != self._run.number:
            self._number, self.history, self.trouble = self._run.number, WeightHistory(), ""
        if self._run.snapshot is not None and self._data.dataset is not None:
            work = partial(moment_of, examples=self._data.dataset.train)
            self._questions.ask(Question(self._owner, work, self._take, self._refuse, about=None, share=SHARE))

    def _take(self, moment: WeightMoment | None) -> None:
        if moment is not None:
            self.trouble = ""
            self.history.add(moment)
            self.recorded.emit()

    def _refuse(self, message: str) -> None:
        self.trouble = message
        self.recorded.emit()


def moment_of(snapshot: engine.Snapshot, examples: Examples | None) -> WeightMoment | None:
    """Histograms of all learned parameters, and their gradients on a few training examples; runs in the background."""
    if examples is None or not len(examples):
        return None
    model = snapshot.model()
    with np.errstate(all="ignore"):  # a diverging network is looked at, too
        model.loss_and_gradient(few(examples), trained_on=True)
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
