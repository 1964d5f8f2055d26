"""What the data says about the text of the picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

import engine
from engine.data.examples import Examples, SideValue
from engine.data.numbers.recording import NetworkInput
from engine.inspection.text_search import is_example, truth_of
from gui.session.questions import Question
from gui.session.session import Session


@dataclass(frozen=True)
class KnownAnswer:
    """The answer to a text in the data, symbols or a number, () if unknown; and whether the text is a whole example."""

    tokens: Any = ()
    truth: SideValue = ()
    ends: bool = False


class KnownAnswers:
    """Looks up the probe in the data. `found` is called when something is known of it."""

    def __init__(self, session: Session, found: Callable[[], None]) -> None:
        self._session, self._found = session, found
        self._owner = object()
        self._asked_for: tuple[object, ...] = ()
        self.current = KnownAnswer()

    def ask(self) -> None:
        """Ask what the data says about the probe, if either has changed."""
        session = self._session
        dataset, probe = session.data.dataset, session.probe.given
        wanted = dataset, probe, session.run.number
        if self._asked_for == wanted:
            return
        self._asked_for, self.current = wanted, KnownAnswer()
        if dataset is not None and not dataset.kind.is_running:
            work = partial(_known_answer, probe=probe, examples=(dataset.validation, dataset.train))
            session.ask(Question(self._owner, work, partial(self._take, wanted)))

    def of(self, tokens: Any) -> KnownAnswer:
        """What is known, if it is about these symbols or numbers."""
        return self.current if np.array_equal(self.current.tokens, tokens) else KnownAnswer()

    def _take(self, asked_for: tuple[object, ...], known: KnownAnswer) -> None:
        if asked_for != self._asked_for:
            return  # about an earlier text
        self.current = known
        if known.ends:
            self._found()


def _known_answer(snapshot: engine.Snapshot, probe: NetworkInput, examples: Sequence[Examples]) -> KnownAnswer:
    """Look up the probe in the examples; runs in the background."""
    tokens = snapshot.codec.source_of(probe)
    return KnownAnswer(tokens, truth_of(tokens, examples), is_example(tokens, examples))
