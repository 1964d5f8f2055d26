"""A race: runs that train in fair turns on the same data, in a process beside that of the current run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QObject, Signal

import engine
from engine.cells import CELLS
from engine.models import model_class
from engine.number_text import grouped, run_loss
from engine.runs.data_source import DataSource
from engine.training import defaults
from engine.training.memory_estimate import free_memory
from gui.session.background import Background, Deadline
from gui.session.current_run import CurrentRun
from gui.session.data import Data
from gui.session.notice import NO_MEMORY, Level, Notices
from gui.session.progress import Record
from gui.session.run_endings import NO_END, End, lowest_loss
from gui.session.run_library.listed_run import Identity, ListedRun, RunSettings
from gui.session.run_library.run_data import AbsentData
from gui.session.run_library.run_list import RunList
from gui.training import messages
from gui.training.worker import Worker

FEWEST = 2  # runs that are compared
MOST = max(6, len(CELLS))  # with more, colours could not be told apart; but one of each cell can race

ConfigPair = tuple[engine.ModelConfig, engine.TrainingConfig]


class RaceStatus(StrEnum):
    """The state of a race."""

    NONE = "none"
    RUNNING = "running"
    PAUSED = "paused"
    OVER = "over"


@dataclass(eq=False)
class Racer:
    """A run in the race. reason: why it dropped out, or "". through: whether it has finished or dropped out,
    and its copy has been requested."""

    number: int
    identity: Identity
    settings: RunSettings
    record: Record
    snapshot: engine.Snapshot | None = None
    end: End = NO_END
    reason: str = ""
    through: bool = False

    def listed(self) -> ListedRun:
        """The racer as an entry for the list of runs."""
        progress, curve = self.record.progress, self.record.curve
        per_epoch = progress.steps_total // progress.epochs if progress.epochs else 0
        return ListedRun(
            self.identity, self.settings, progress.step, curve, per_epoch, True, self.end, speed=self.record.speed
        )


@dataclass
class _Copies:
    """The copies that are on their way: the racer of each ticket."""

    racers: dict[int, Racer] = field(default_factory=dict)
    made: int = 0

    def ticket(self, racer: Racer) -> int:
        self.made += 1
        self.racers[self.made] = racer
        return self.made


class Race(QObject):
    """At most one race at a time. Each racer joins the list of runs, with its weights, when it comes to its end.

    Belongs to the GUI thread. While a race is running, the current run is paused, and vice versa: otherwise each would
    slow down the other.
    """

    frame = Signal()  # racers have made steps
    changed = Signal()  # the race has begun, paused, resumed or ended, or a racer has dropped out
    _news = Signal()  # emitted in a thread

    def __init__(
        self,
        run: CurrentRun,
        runs: RunList,
        data: Data,
        notices: Notices,
        wake: Callable[[], None],
        open_run: Callable[[str], None],
        own_process: bool = True,
    ) -> None:
        """wake: called when a thread has a result. open_run: makes a run of the list, given by its id, the current one.
        own_process: whether racers train in a process of their own, or only in a thread."""
        super().__init__()
        self.status = RaceStatus.NONE
        self.stopped = False  # whether the last race was ended before all racers had come to their ends
        self.racers: tuple[Racer, ...] = ()
        self._run, self._runs, self._data, self._notices = run, runs, data, notices
        self._open_run, self._own_process = open_run, own_process
        self._worker: Worker | None = None  # None without a race, so that its process and weights are released
        self._ending = Background("unroll-race")
        self._numbers = 0
        self._copies = _Copies()
        self._news.connect(wake)
        run.status_changed.connect(self._make_way)

    @property
    def running(self) -> bool:
        """Whether racers are making steps."""
        return self.status is RaceStatus.RUNNING

    @property
    def on(self) -> bool:
        """Whether there is a race that is running or can be resumed."""
        return self.status in (RaceStatus.RUNNING, RaceStatus.PAUSED)

    @property
    def busy(self) -> bool:
        """Whether racers are at work, or have reports that have not been taken yet."""
        return self._worker is not None and self._worker.busy

    @property
    def seconds_left(self) -> float | None:
        """Remaining computing time of all who are still racing; None if unknown."""
        left = [racer.record.progress.seconds_left for racer in self.racers if not racer.through]
        known = [seconds for seconds in left if seconds is not None]
        return sum(known) if known and len(known) == len(left) else None

    @property
    def share(self) -> float:
        """The share of all steps that have been made, 0 to 1."""
        counts = [racer.record.progress for racer in self.racers if not racer.reason]
        total = sum(one.steps_total for one in counts)
        return min(1.0, sum(one.step for one in counts) / total) if total else 0.0

    @property
    def standing(self) -> str:
        """The race in words, and what is shown beside it; "" if there is none."""
        now, count = self._runs.now() if self.on else None, len(self.racers)
        if now is None:
            return ""
        if self._run.training:
            return f"The race of {count} runs in Compare is paused while “{now.name}” trains."
        state = "running" if self.running else "paused"
        return (
            f"A race of {count} runs is {state} in Compare. The other views show the current run, “{now.name}”, "
            f"which waits at step {now.step:,}."
        )

    def find(self, run_id: str) -> Racer | None:
        """The racer with this id, in this race or the last one; None if there is none."""
        return next((racer for racer in self.racers if racer.identity.id == run_id), None)

    # ---- what the user does

    def start(self, settings: Sequence[ConfigPair]) -> tuple[str, ...]:
        """Race these settings on the current data. Returns the ids of the racers, which their runs keep. ConfigError
        for too few or too many, or if they need too much memory.
        """
        dataset = self._data.dataset
        if dataset is None or isinstance(dataset, AbsentData):
            raise engine.ConfigError("A race needs the data of the runs; open them first.")
        if not FEWEST <= len(settings) <= MOST:
            raise engine.ConfigError(f"A race has {FEWEST} to {MOST} runs; these are {len(settings)}.")
        require_room(settings, dataset)
        if self._worker is not None:
            raise engine.ConfigError("There is a race already; stop it first.")
        self._run.pause()
        origin, source = DataSource.of(dataset), self._data.source
        racers = []
        for model, training in settings:
            self._numbers += 1
            made = RunSettings(model, training, origin, dataset.kind)
            identity = self._runs.introduce(made, source, shown=False)
            racers.append(Racer(self._numbers, identity, made, Record(training.epochs)))
        self.racers, self.stopped = tuple(racers), False
        self._worker = Worker(self._news.emit, self._own_process)
        builds = [messages.Build(one.number, one.settings.model, dataset, one.settings.training) for one in racers]
        self._worker.send(messages.BuildRace(tuple(builds)))
        self._worker.send(messages.Train())
        self._set_status(RaceStatus.RUNNING)
        return tuple(racer.identity.id for racer in racers)

    def pause(self) -> None:
        """Pause all racers."""
        if self._worker is not None and self.running:
            self._worker.send(messages.Pause())
            self._set_status(RaceStatus.PAUSED)

    def go_on(self) -> None:
        """Let the unfinished racers continue."""
        if self._worker is not None and self.status is RaceStatus.PAUSED:
            self._run.pause()
            self._worker.send(messages.Train())
            self._set_status(RaceStatus.RUNNING)

    def stop(self) -> None:
        """End the race; what its racers have learned so far joins the list of runs."""
        if self._worker is not None and self.on:
            self._worker.send(messages.Pause())
            self.stopped = not all(racer.through for racer in self.racers)
            for racer in self.racers:
                self._keep(racer)
            self._set_status(RaceStatus.OVER)

    def _make_way(self) -> None:
        if self._run.training:
            self.pause()

    def _set_status(self, status: RaceStatus) -> None:
        self.status = status
        self.changed.emit()

    def _keep(self, racer: Racer) -> None:
        if not racer.through and self._worker is not None:
            racer.through = True
            self._worker.send(messages.Capture(self._copies.ticket(racer), racer.number))

    # ---- news from the training

    def pull(self) -> None:
        """Take the reports of the racers since the last call."""
        for answer in self._ending.take_answers():
            answer.done(answer.value)
        if self._worker is None:
            return
        by_number = {racer.number: racer for racer in self.racers}
        steps: dict[int, list[messages.Stepped]] = {}
        others: list[messages.Event] = []
        for event in self._worker.take_events():
            if isinstance(event, messages.Stepped):
                steps.setdefault(event.run, []).append(event)
            else:
                others.append(event)
        for number, events in steps.items():
            if number in by_number:
                by_number[number].record.take(events)
        for number, snapshot in self._worker.take_snapshots().items():
            if number in by_number:
                by_number[number].snapshot = snapshot
        for event in others:
            self._take_event(event, by_number)
        if steps or others:
            self.frame.emit()
        self._end_if_over()

    def _take_event(self, event: messages.Event, by_number: dict[int, Racer]) -> None:
        if isinstance(event, messages.Captured):
            self._take_copy(event)
            return
        racer = by_number.get(event.run)
        match event:
            case messages.Built() if racer is not None:
                racer.record.set_length(event.steps_total, event.steps_per_epoch)
            case messages.Ended() if racer is not None:
                racer.end = End(event.diverged, event.kept)
                if event.diverged:
                    step = racer.record.progress.step + 1
                    racer.reason = f"diverged at step {step:,}: the loss or gradient is no longer finite"
                self._keep(racer)
                self.changed.emit()
            case messages.Failed():
                self._take_failure(event, racer)

    def _take_failure(self, event: messages.Failed, racer: Racer | None) -> None:
        """Take the failure of one racer, or of the process, which ends all of them."""
        lost = isinstance(event.error, ChildProcessError)
        for one in self.racers if lost else (racer,):
            if one is not None and not one.through:
                one.reason = str(event.error) or NO_MEMORY
                self._keep(one)
        if lost:
            self._notices.tell_error(event.error)
        self.changed.emit()

    def _take_copy(self, event: messages.Captured) -> None:
        racer = self._copies.racers.pop(event.ticket)
        saved = event.saved
        if event.error is not None and not racer.reason:
            why = str(event.error) or NO_MEMORY
            self._notices.tell(f"“{racer.identity.name}” could not be kept: {why}", Level.WARNING)
        if saved is None or not saved.progress.step or event.run != racer.number:
            return  # it has learned nothing, or this is the copy of another one, made before the process died
        racer.snapshot = saved.snapshot
        self._runs.take(racer.identity.id, saved, racer.listed().steps_per_epoch, True, racer.end)

    def _end_if_over(self) -> None:
        """End the race if all are through and kept, so that its process is no longer needed."""
        if self._worker is None or self._copies.racers or not all(racer.through for racer in self.racers):
            return
        worker, self._worker = self._worker, None
        self._ending.submit(worker, worker.close, lambda ended: None)
        if self.status is not RaceStatus.OVER:
            self._set_status(RaceStatus.OVER)
            self._tell_result()

    def _tell_result(self) -> None:
        through = [racer.listed() for racer in self.racers if not racer.reason]
        dropped = len(self.racers) - len(through)
        measured = [(*lowest, run) for run in through if (lowest := lowest_loss(run.curve)) is not None]
        winner, offers = "", []
        if measured:
            loss, step, best = min(measured, key=lambda each: each[0])
            at = f"{run_loss(loss)} at step {grouped(step)} of {grouped(best.step)}"
            winner = f" “{best.name}” has the lowest validation loss, {at}."
            offers.append(("Open the best run", partial(self._open_run, best.id)))
        out = f" {dropped} dropped out." if dropped else ""
        self._notices.tell(f"The race is over; all racers are in Runs.{winner}{out}", Level.INFO, *offers)

    def close(self, deadline: Deadline) -> bool:
        """End training; returns whether its threads have ended in time. What the racers have learned is kept."""
        self.stop()
        worker, ended = self._worker, True
        if worker is not None:
            ended = worker.close(deadline.left_s)
            for event in worker.take_events():
                if isinstance(event, messages.Captured) and event.ticket in self._copies.racers:
                    self._take_copy(event)
        return self._ending.close(deadline, finish=True) and ended


def settings_of_cells(
    model: engine.ModelConfig, training: engine.TrainingConfig, dataset: engine.Dataset
) -> list[ConfigPair]:
    """The current settings with each of the cells. ConfigError for a network that has no cell."""
    if reason := model_class(model.architecture, dataset.kind).unused.get("cell"):
        raise engine.ConfigError(reason)
    found = []
    for cell in CELLS:
        config = defaults.fitting(replace(model, cell=cell))
        found.append((config, defaults.fitting_training(training, config, dataset)))
    return found


def require_room(settings: Sequence[ConfigPair], dataset: engine.Dataset) -> None:
    """ConfigError if any of these cannot be built, or all of them together need more memory than there is."""
    free = free_memory()
    needed = sum(engine.require_memory(model, training, dataset, free).total for model, training in settings)
    if needed > free:
        raise engine.ConfigError(
            f"{len(settings)} runs of this size need {needed / 1e9:.1f} GB together; {free / 1e9:.1f} GB are free. "
            f"Choose fewer hidden units, a smaller batch, or fewer runs."
        )
