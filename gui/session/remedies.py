"""The message at the end of a run, with a button for what may help."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import engine
from gui.session.current_run import CurrentRun
from gui.session.notice import Level, Notices
from gui.session.run_endings import end_in_words, remedy
from gui.training.messages import Ended

if TYPE_CHECKING:
    from engine.training.verdict import Finding


class Remedies:
    """Tells how the current run has ended, and does what its conclusions recommend."""

    def __init__(self, run: CurrentRun, notices: Notices, set_model: Callable[..., None]) -> None:
        """set_model: changes settings of the network, which starts over."""
        self._run, self._notices, self._set_model = run, notices, set_model
        run.over.connect(self._tell)

    def _tell(self, ended: Ended) -> None:
        """Report the weights of a finished run and conclusions about its settings, with a button for a remedy."""
        run = self._run
        text = end_in_words(ended, run.training_config, run.curve, run.progress.step, run.tested)
        offers = [(remedy(one), partial(self._follow, run.number, one)) for one in ended.findings if remedy(one)]
        if text:
            self._notices.tell(text, Level.INFO, *offers)

    def _follow(self, number: int, finding: Finding) -> None:
        """Do what would help the run of this number, if it is still the current one: train for as many epochs again, or
        train another network, or the same at another rate, from the start."""
        if self._run.number != number:
            return
        if finding.setting in engine.ModelConfig.options():
            self._set_model(**{finding.setting: finding.value})
            if self._run.number == number:  # it does not fit into memory, as the user has been told
                return
        elif finding.setting == "learning_rate":
            self._run.set_training(learning_rate=finding.value)
            self._run.reset()
        self._run.train()
