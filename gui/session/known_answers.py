"""What the data says about the text or recording that all views look at: looked up once, for all views that compare."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import engine
from engine.data.examples import Examples
from engine.data.numbers.recording import NetworkInput
from engine.inspection.text_search import is_example, truth_of
from gui.session.current_run import CurrentRun
from gui.session.data import Data
from gui.session.probe import NOTHING_KNOWN, KnownAnswer, Probe
from gui.session.questions import Question, Questions


class KnownAnswers:
    """Looks up the probe in the data, and tells it what is known."""

    def __init__(self, probe: Probe, run: CurrentRun, data: Data, questions: Questions) -> None:
        self._probe, self._run, self._data, self._questions = probe, run, data, questions
        self._owner = object()
        self._asked_for: tuple[object, ...] = ()
        self._pending = False

    def ask(self) -> bool:
        """Ask what the data says about the probe, if either has changed. Returns whether that is still being looked up;
        `Probe.known_changed` tells the end."""
        dataset, given = self._data.dataset, self._probe.given
        wanted = dataset, given, self._run.number  # an answer that a new run has overtaken is dropped
        another = self._asked_for[:2] != wanted[:2]
        if not another and self._probe.known is not NOTHING_KNOWN:
            return False
        if self._asked_for == wanted and self._pending:
            return True
        self._asked_for, self._pending = wanted, dataset is not None and not dataset.kind.is_running
        if another:
            self._probe.learn(NOTHING_KNOWN)
        if dataset is None or not self._pending:
            return False
        work = partial(_known_answer, given=given, examples=(dataset.validation, dataset.train))
        done = partial(self._take, wanted)
        self._questions.ask(Question(self._owner, work, done, lambda message: done(KnownAnswer())))
        return True

    def _take(self, asked_for: tuple[object, ...], known: KnownAnswer) -> None:
        if asked_for == self._asked_for:  # and not about an earlier text
            self._pending = False
            self._probe.learn(known)


def _known_answer(snapshot: engine.Snapshot, given: NetworkInput, examples: Sequence[Examples]) -> KnownAnswer:
    """Look up the probe in the examples; runs in the background."""
    tokens = snapshot.codec.source_of(given)
    if not is_example(tokens, examples):
        return KnownAnswer()
    return KnownAnswer(tokens, truth_of(tokens, examples), True)
