"""The runs of a sweep, one after another through as many workers as there are."""

from __future__ import annotations

import math
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace

from engine.data.dataset import Dataset
from engine.data.samples import Sample
from engine.errors import StorageError
from engine.sweeps.executors import Executor
from engine.sweeps.one_run import OutcomeStatus, RunOutcome, refusal
from engine.sweeps.plan import PlannedRun, Sweep
from engine.sweeps.results import SweepFolder

_LOOK_S = 0.5  # so that Ctrl+C works while nothing comes back
_MOST_LOSSES = 3  # a run that kills its worker this often is not tried again


@dataclass(frozen=True)
class SweepProgress:
    """The progress of a sweep. finished: the run that has just come back; None for a sign of life.

    ended: runs with nothing left to do. running: numbers of the runs that are being trained. left: seconds, estimated;
    None while nothing is known.
    """

    finished: RunOutcome | None
    ended: int
    runs: int
    running: frozenset[int]
    best: RunOutcome | None
    left: float | None


def refuse_impossible(folder: SweepFolder, dataset: Dataset, sample: Sample | None) -> list[RunOutcome]:
    """Find the runs whose settings do not fit, before anything is trained. StorageError as `SweepFolder.take`."""
    reasons = {run.number: refusal(dataset, sample, run) for run in folder.runs if not folder.has_ended(run)}
    refused = [RunOutcome(number, OutcomeStatus.REFUSED, error=reason) for number, reason in reasons.items() if reason]
    folder.take(*refused)
    return refused


def run_sweep(sweep: Sweep, folder: SweepFolder, executor: Executor) -> Iterator[SweepProgress]:
    """Train what is left of a sweep. Ending the iteration early keeps all finished results.

    Every run ends exactly once: a worker that dies costs time, and its run is trained again elsewhere.
    """
    yield from _Queue(sweep, folder, executor).work()


class _Queue:
    def __init__(self, sweep: Sweep, folder: SweepFolder, executor: Executor) -> None:
        self.sweep, self.folder, self.executor = sweep, folder, executor
        self.losses: Counter[int] = Counter()
        self.given_up: set[int] = set()  # failed in this call; the next call tries them again

    def work(self) -> Iterator[SweepProgress]:
        for share in self.sweep.shares:
            yield from self._round(share)
            if share < 1:
                self._stop_the_worse(share)

    def _round(self, share: float) -> Iterator[SweepProgress]:
        """Train all that are still in the sweep up to a share of their steps."""
        waiting = deque(run for run in self.folder.runs if not self._is_through(run, share))
        running: dict[Future[RunOutcome], PlannedRun] = {}
        began, came_back = time.monotonic(), 0
        self._start(waiting, running, share)
        if running:
            yield self._progress(None, running.values(), None)  # the first result may be hours away
        while waiting or running:
            self._start(waiting, running, share)
            done, _ = wait(running, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
            lost = {future for future in done if future.cancelled() or future.exception() is not None}
            for future in done - lost:
                del running[future]
            if not lost:
                self._start(waiting, running, share)  # no worker is idle while results are written
            outcomes: list[RunOutcome | None] = [self._take(future.result()) for future in done - lost]
            if lost:
                outcomes += self._after_a_loss([running[future] for future in lost])
                again = [run for run in running.values() if run.number not in self.given_up]
                waiting.extendleft(reversed(again))
                running.clear()
            came_back += len(outcomes)
            left = (time.monotonic() - began) / came_back * (len(waiting) + len(running)) if came_back else None
            for outcome in outcomes or [None]:
                yield self._progress(outcome, running.values(), left if share == 1 else None)

    def _start(self, waiting: deque[PlannedRun], running: dict[Future[RunOutcome], PlannedRun], share: float) -> None:
        """Give tasks to all free workers."""
        while waiting and self._may_start(waiting[0], running):
            run = waiting.popleft()
            running[self.executor.submit(run, share, self.folder.begun(run))] = run

    def _is_through(self, run: PlannedRun, share: float) -> bool:
        outcome = self.folder.outcomes.get(run.number)
        reached = outcome is not None and outcome.status is OutcomeStatus.WAITING and outcome.share >= share
        return reached or self.folder.has_ended(run) or run.number in self.given_up

    def _may_start(self, run: PlannedRun, running: Mapping[Future[RunOutcome], PlannedRun]) -> bool:
        """A run whose worker has died runs alone, so that the culprit is known if another one dies."""
        if self.losses[run.number] or any(self.losses[one.number] for one in running.values()):
            return not running
        return len(running) < self.executor.slots

    def _take(self, outcome: RunOutcome) -> RunOutcome:
        """Keep an outcome; if it cannot be written, that becomes the outcome, and the others continue."""
        try:
            self.folder.take(outcome)
        except StorageError as error:
            outcome = RunOutcome(outcome.number, OutcomeStatus.FAILED, error=str(error))
            self.folder.outcomes[outcome.number] = outcome
        if outcome.status is OutcomeStatus.FAILED:
            self.given_up.add(outcome.number)
        return self.folder.outcomes[outcome.number]  # without the run file: whoever watches keeps thousands of these

    def _after_a_loss(self, lost: Sequence[PlannedRun]) -> list[RunOutcome]:
        """Restart the workers; give up the runs that have lost theirs once too often."""
        self.executor.renew()
        self.losses.update(run.number for run in lost)
        error = "The process that trained it died; it may need more memory than there is."
        return [
            self._take(RunOutcome(run.number, OutcomeStatus.FAILED, error=error))
            for run in lost
            if self.losses[run.number] >= _MOST_LOSSES
        ]

    def _stop_the_worse(self, share: float) -> None:
        """Stop all but the best of the runs trained this far. Runs that an earlier call allowed to continue count among
        the best.
        """
        outcomes = [outcome for outcome in self.folder.outcomes.values() if outcome.share >= share]
        in_it = [
            one
            for one in outcomes
            if one.status in (OutcomeStatus.WAITING, OutcomeStatus.STOPPED_EARLY, OutcomeStatus.DONE)
        ]
        chosen = sum(one.share > share or one.status is OutcomeStatus.DONE for one in in_it)
        candidates = [one for one in in_it if one.share == share and one.status is OutcomeStatus.WAITING]
        candidates.sort(key=lambda one: (_loss(one), one.number))
        worse = candidates[max(0, math.ceil(len(in_it) / self.sweep.halving) - chosen) :]
        self.folder.take(*(replace(outcome, status=OutcomeStatus.STOPPED_EARLY) for outcome in worse))

    def _progress(
        self, finished: RunOutcome | None, running: Iterable[PlannedRun], left: float | None
    ) -> SweepProgress:
        runs, at_work = self.folder.runs, frozenset(run.number for run in running)
        ended = sum(self.folder.has_ended(run) or run.number in self.given_up for run in runs)
        best = min(self.folder.outcomes.values(), key=_loss, default=None)
        return SweepProgress(
            finished, ended, len(runs), at_work, best if best is not None and best.best is not None else None, left
        )


def _loss(outcome: RunOutcome) -> float:
    return math.inf if outcome.best is None else outcome.best
