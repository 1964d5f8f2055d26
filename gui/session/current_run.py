"""The current run: a network in training, its process, and its progress so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QElapsedTimer, QObject, Signal
from PySide6.QtGui import QGuiApplication

import engine
from engine.models import Model, model_class, representative
from engine.training import defaults
from engine.training.memory_estimate import free_memory
from gui.session.background import Deadline
from gui.session.data import Data
from gui.session.deferred_redraws import DeferredRedraws
from gui.session.notice import Level, Notices, Offer, again_with, change_of, difference
from gui.session.progress import Curve, Progress, Record
from gui.session.run_endings import End, divergence, shortened
from gui.session.run_library.run_data import Absence, AbsentData
from gui.training import messages
from gui.training.worker import Worker

if TYPE_CHECKING:
    from engine.runs.looked_at import LookedAt
    from engine.runs.measured import Measured

OnDone = Callable[["engine.Run | None"], None]
OnFailure = Callable[[BaseException], None]
RESET = "reset"
NEW_RUN = "New run with this data"
MOST_EPOCHS = int(engine.TrainingConfig.options()["epochs"].maximum or 1)


class RunStatus(StrEnum):
    """Where a run stands."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    DIVERGED = "diverged"


class CurrentRun(QObject):
    """The network that is trained on the current data; networks follow one another. Belongs to the GUI thread."""

    ending = Signal()  # another run is about to replace this one, which is still there and can be captured
    began = Signal(str)  # a run has replaced the one before; what the user did, as in "change of cell"
    replaced_trained = Signal(str, bool)  # by other training settings: what changed, and whether the seed is the same
    tuned = Signal(object, object)  # the user changed settings without a reset: their values before and after
    model_changed = Signal()  # a new run: settings or data have changed, and the network starts over
    over = Signal(object)  # the run has ended, without diverging: an `Ended`
    training_changed = Signal()  # training settings changed without a reset
    tested_changed = Signal()  # the network has been measured on a test file
    status_changed = Signal()
    frame = Signal()  # at most 30 times a second: progress and curve have grown
    snapshot_changed = Signal()  # there are newer weights to look at; about 8 times a second
    weights_recorded = Signal(object)  # snapshots of successive steps, for the history of the weights
    data_wanted = Signal()  # the user wants to open the data of the opened run
    new_run_wanted = Signal()  # the user wants a run like the opened one on its data, which have changed
    _news = Signal()  # training has reported something; emitted in a thread

    def __init__(
        self, data: Data, notices: Notices, redraws: DeferredRedraws, wake: Callable[[], None], own_process: bool
    ) -> None:
        """redraws: what waits to be drawn. wake: called when a thread has a result. own_process: whether training runs
        in a process of its own, or only in a thread."""
        super().__init__()
        self.model_config = engine.ModelConfig()
        self.training_config = engine.TrainingConfig()
        self.status = RunStatus.IDLE
        self.number = 0  # of the run; everything that belongs to an older one is dropped
        self.record = Record(0)  # what this run has reported so far
        self.snapshot: engine.Snapshot | None = None  # None for the moment until a new network is there
        self.kept: messages.Kept | None = None  # the best weights, restored when the run ended
        self.tested: Measured | None = None  # on a test file, if the user asked for it
        self.about_vectors = ""  # how many words have one, if this run began with word vectors
        self.opened: engine.Run | None = None  # a saved run without its data, which can be used but not trained
        self.looked_at: LookedAt | None = None  # the text that the views show, if it can be kept with the run
        self.chosen: dict[str, Any] = {}  # training settings that the user has chosen so far, on any data
        self._data, self._notices, self._drawing = data, notices, redraws
        self._failed = False  # an error has ended the run, so training starts over
        self._since_end = QElapsedTimer()  # since a run ended by itself
        self._worker = Worker(self._news.emit, own_process)
        self._news.connect(wake)
        self._captures: dict[int, tuple[OnDone, OnFailure, dict[str, Any]]] = {}  # ticket → who wants the copy; more
        self._tickets = 0

    @property
    def progress(self) -> Progress:
        """How far the run has got."""
        return self.record.progress

    @property
    def curve(self) -> Curve:
        """The curves of the run."""
        return self.record.curve

    @property
    def network(self) -> type[Model]:
        """The class of network that the settings describe, on the current data."""
        architecture, dataset = self.model_config.architecture, self._data.dataset
        return representative(architecture) if dataset is None else model_class(architecture, dataset.kind)

    @property
    def training(self) -> bool:
        """Whether steps are being made."""
        return self.status is RunStatus.RUNNING

    @property
    def busy(self) -> bool:
        """Whether training is at work, or has reports that have not been taken yet."""
        return self._worker.busy

    # ---- settings

    def configure(self, model: engine.ModelConfig, training: engine.TrainingConfig) -> None:
        """Use these settings for the next network; the current run is over."""
        self.ending.emit()
        self.model_config, self.training_config = model, training
        self.number += 1
        self.record = Record(training.epochs)
        self.snapshot = self.opened = self.kept = self.tested = None
        self._failed, self.about_vectors = False, ""

    def set_training(self, **changes: Any) -> None:
        """Change how the weights are learned: immediately if possible, otherwise by starting over."""
        config = replace(self.training_config, **changes)
        if config == self.training_config:
            self.chosen |= changes
            return
        options = engine.TrainingConfig.options()
        begins_anew = any(not options[name].live for name in changes)
        if begins_anew and (self.lacks_data() or not self.allows(self.model_config, config)):
            self.training_changed.emit()  # the fields go back to what is in force
            return
        self.chosen |= changes
        before = self.training_config
        changed = {name: getattr(config, name) for name in options if getattr(config, name) != getattr(before, name)}
        if all(options[name].live for name in changed):
            self._change_live(changed)
            self.tuned.emit({name: getattr(before, name) for name in changed}, changed)
            return
        message, trained = difference(before, config), self.progress.step > 0
        with self._drawing.held():
            self.begin(self.model_config, config, change_of(before, config))
            self.training_changed.emit()
        if trained:
            self.replaced_trained.emit(message, "seed" not in changed)

    def allows(self, model: engine.ModelConfig, training: engine.TrainingConfig) -> bool:
        """Whether a network with these settings can start; if not, the user is told why, and the current one
        continues."""
        dataset = self._data.dataset
        if dataset is None:
            return True
        try:
            held = 0 if self.snapshot is None else engine.estimate_memory(self.model_config, training, dataset).total
            engine.require_memory(model, training, dataset, free_memory() + held)  # the old one's is freed first
        except engine.ConfigError as error:
            self._notices.tell_error(error)
            return False
        return True

    def _change_live(self, changed: dict[str, Any]) -> None:
        self.training_config = replace(self.training_config, **changed)
        self._worker.send(messages.Change(changed))
        if self.opened is not None:
            self.opened = self.opened.with_training(self.training_config)
        self.training_changed.emit()
        finished = self.status is RunStatus.FINISHED
        if "epochs" in changed and finished and self.progress.epoch < self.training_config.epochs:
            self._set_status(RunStatus.PAUSED)

    # ---- training

    @property
    def more_epochs(self) -> int:
        """The number of epochs that training adds once all are complete: as many as are set for a whole run."""
        return min(self.training_config.epochs, MOST_EPOCHS - self.progress.epoch)

    def train(self) -> None:
        """Continue training: after the last epoch, for the same number again; after divergence, from the start."""
        if self._data.dataset is None or self.training or self.lacks_data():
            return
        if self.status is RunStatus.FINISHED:
            self._worker.send(messages.Lengthen(self.progress.epoch + self.more_epochs))
        elif self.status is RunStatus.DIVERGED or self._failed:
            self._begin_anew()
        self.kept = None
        self._worker.send(messages.Train())
        self._set_status(RunStatus.RUNNING)

    def pause(self) -> None:
        """Stop before the next step."""
        if self.training:
            self._worker.send(messages.Pause())
            self._set_status(RunStatus.PAUSED)

    def toggle(self) -> None:
        """Pause or train. Right after a run has ended by itself, do nothing: the press was meant for Pause."""
        if self.training:
            self.pause()
        elif not self._has_just_ended() and not self._is_replaced():
            self.train()

    def _has_just_ended(self) -> bool:
        """Whether the run ended so recently that nobody can have seen it: less than a double click ago."""
        interval = QGuiApplication.styleHints().mouseDoubleClickInterval()
        return self._since_end.isValid() and self._since_end.elapsed() < interval

    def step(self) -> None:
        """Make one step and stop."""
        over = self.status in (RunStatus.FINISHED, RunStatus.DIVERGED)
        if self._data.dataset is None or over or self._is_replaced() or self.lacks_data():
            return
        if self._failed:
            self._begin_anew()
        self._worker.send(messages.Train(steps=1))
        self._set_status(RunStatus.PAUSED)

    def _begin_anew(self) -> None:
        self.begin(self.model_config, self.training_config, "new start")
        self._notices.tell(f"Starting a new network, {again_with(self.training_config.seed)}.")

    def reset(self) -> None:
        """Begin a new network with the current settings and seed."""
        if not self.lacks_data():
            self.begin(self.model_config, self.training_config, RESET)

    def begin(self, model: engine.ModelConfig, training: engine.TrainingConfig, why: str = "") -> None:
        """Begin a new network with these settings. why: what the user did, as in "change of cell"."""
        dataset = self._data.dataset
        if dataset is None:
            self.configure(model, training)
            return
        training = defaults.fitting_training(training, model, dataset)
        self.configure(model, training)
        self._worker.send(messages.Build(self.number, model, dataset, training))
        with self._drawing.held():
            self._set_status(RunStatus.IDLE)
            self.began.emit(why)
            self.model_changed.emit()

    def go_back(self, learning_rate: float) -> None:
        """After divergence, continue from the last good weights, at another rate."""
        if self.status is not RunStatus.DIVERGED:
            return
        self.training_config = replace(self.training_config, learning_rate=learning_rate)
        self._worker.send(messages.GoBack(learning_rate))
        self._worker.send(messages.Train())
        self._set_status(RunStatus.RUNNING)
        self.training_changed.emit()

    def _set_status(self, status: RunStatus) -> None:
        if status is not self.status:
            if self.training and status in (RunStatus.FINISHED, RunStatus.DIVERGED):
                self._since_end.start()
            else:
                self._since_end.invalidate()
            self.status = status
            self.status_changed.emit()

    # ---- saved runs

    def resume(self, saved: engine.Run, goes_on: bool) -> None:
        """Continue a saved run on the current data. goes_on: whether that is its own data, so that it can be trained.
        Emits no signals; `announce` does.
        """
        self.configure(saved.snapshot.config, saved.training)
        self.opened = None if goes_on else saved
        self.tested = saved.tested
        progress = saved.progress
        epoch = progress.last_epoch or saved.snapshot.epoch  # earlier versions saved that of the next step
        self.record = Record.of(saved.history, progress.step, epoch, saved.epochs)
        self._worker.send(messages.Resume(self.number, saved, self._data.dataset if goes_on else None))

    def announce(self, saved: engine.Run, why: str, end: End) -> None:
        """Emit the signals of a resumed run. end: how it had ended."""
        progress = saved.progress
        self.kept = end.kept
        finished = RunStatus.DIVERGED if end.diverged else RunStatus.FINISHED
        self._set_status(finished if progress.finished else RunStatus.PAUSED if progress.step else RunStatus.IDLE)
        self.began.emit(why)
        self.model_changed.emit()
        self.training_changed.emit()
        self.frame.emit()

    def capture(self, done: OnDone, failed: OnFailure | None = None) -> None:
        """Request a copy of the run between two steps; None if there is no network.

        failed: receives the error if no copy can be made; None: the user is told.
        """
        if self.opened is not None:
            done(self.opened)
            return
        ticket = self._tickets = self._tickets + 1
        more = {"tested": self.tested, "looked_at": self.looked_at}
        self._captures[ticket] = done, failed or self._notices.tell_error, more
        self._worker.send(messages.Capture(ticket))

    def test_on(self, path: str) -> None:
        """Let copies of the run name another test file; "" for none."""
        self._worker.send(messages.NameTestFile(path))

    def _is_replaced(self) -> bool:
        """Whether data is being read for a run that will replace this one; if so, the user is told."""
        if self._data.loading:
            self._notices.tell(f"{self._data.loading} is still being read; training can start once it is there.")
        return bool(self._data.loading)

    def lacks_data(self) -> bool:
        """Whether the data of the run is missing; if so, the user is told and asked for it."""
        if isinstance(self._data.dataset, AbsentData):
            self.ask_for_data(self._data.dataset.why)
        return self.opened is not None

    def ask_for_data(self, why: str, level: Level = Level.WARNING, new_run: Callable[[], None] | None = None) -> None:
        """Tell the user why the data of the run is needed, and offer to open it. new_run: begins a run on other data
        instead; None: on those of the run, if they have changed."""
        absent, offers = self._data.dataset, list[Offer]()
        if isinstance(absent, AbsentData):
            if new_run is not None or absent.state is Absence.CHANGED:
                offers.append((NEW_RUN, new_run or self.new_run_wanted.emit))
            if absent.state.asks_for:
                offers.append((f"Open {absent.state.asks_for}…", self.data_wanted.emit))
        self._notices.tell(why, level, *offers)

    # ---- news from the training

    def pull(self) -> None:
        """Take the reports of the training since the last call."""
        self._take_events()
        newest = self._worker.take_snapshots().get(self.number)
        if newest is not None:
            self.snapshot = newest
            self.snapshot_changed.emit()

    def _take_events(self) -> None:
        steps: list[messages.Stepped] = []
        recorded: list[engine.Snapshot] = []
        last: messages.Ended | messages.Failed | None = None
        lengthened = False
        for event in self._worker.take_events():
            if isinstance(event, messages.Captured):
                self._take_captured(event)
                continue
            if event.run != self.number:
                continue
            match event:
                case messages.Stepped():
                    steps.append(event)
                case messages.Recorded():
                    recorded.append(event.snapshot)
                case messages.Built():
                    self._tell_shortening(event)
                    if event.about_vectors:
                        self.about_vectors = event.about_vectors
                        self._notices.tell(event.about_vectors)
                    self.record.set_length(event.steps_total, event.steps_per_epoch)
                    lengthened = True
                case messages.Ended() | messages.Failed():
                    last = event
        if steps:
            self.record.take(steps)
        if recorded:
            self.weights_recorded.emit(tuple(recorded))
        if steps or lengthened or last is not None:
            self.frame.emit()
        if lengthened and self.status is RunStatus.PAUSED and self.progress.step >= self.progress.steps_total:
            self._set_status(RunStatus.FINISHED)
        if last is not None:
            self._end(last)

    def _tell_shortening(self, event: messages.Built) -> None:
        """Say it if the end has come nearer because validation no longer improves."""
        planned, epochs = self.progress.epochs, -(-event.steps_total // event.steps_per_epoch)
        if event.cooling and self.progress.steps_total and epochs < planned:
            self._notices.tell(shortened(self.training_config, epochs, planned))

    def _end(self, last: messages.Ended | messages.Failed) -> None:
        if isinstance(last, messages.Failed):
            self._failed = True
            self._set_status(RunStatus.IDLE)
            self._notices.tell_error(last.error)
            return
        self.kept = last.kept
        self._set_status(RunStatus.DIVERGED if last.diverged else RunStatus.FINISHED)
        if last.diverged:
            self._tell_divergence(last.good_step)
        else:
            self.over.emit(last)

    def _tell_divergence(self, good_step: int) -> None:
        slower = float(f"{self.training_config.learning_rate / 10:.1g}")
        text, action = divergence(self.progress.step, good_step, slower)
        self._notices.tell(text, Level.WARNING, (action, partial(self.go_back, slower)))

    def weights_step(self, taken: int) -> int:
        """The step of the weights that were here at step `taken`: earlier if the best were put back at the end."""
        return self.kept.step if self.kept is not None and taken == self.progress.step else taken

    def note_test(self, measured: Measured) -> bool:
        """Keep the result on a test file for the saved run and its report; returns whether it is the run's first.

        One of untrained weights gives way to the first of trained ones.
        """
        first = self.tested is None or self.tested.step == 0
        self.tested = measured if first else self.tested
        self.tested_changed.emit()
        return first

    def _take_captured(self, event: messages.Captured) -> None:
        done, failed, more = self._captures.pop(event.ticket)
        if event.error is None:
            done(None if event.saved is None else replace(event.saved, **more))
        else:
            failed(event.error)

    def close(self, deadline: Deadline) -> bool:
        """End training, after handing out requested copies. Returns whether its thread has ended in time."""
        ended = self._worker.close(deadline.left_s)
        for event in self._worker.take_events():
            if isinstance(event, messages.Captured):
                self._take_captured(event)
        return ended
