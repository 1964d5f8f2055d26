"""The run: a network in training, the process it lives in, and what it has told. No widgets."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

import engine
from gui.runs.run_data import AbsentData
from gui.session.notice import Notice, difference
from gui.session.progress import Curve, Progress, Record
from gui.training import messages
from gui.training.worker import Worker


class Running(QObject):
    """One network after another, on whatever data; `Session` chooses them. Everything belongs to the GUI thread."""

    model_changed = Signal()  # a new run: settings or data changed, the network starts anew
    training_changed = Signal()  # training settings changed without a reset
    status_changed = Signal()  # status or loading changed
    frame = Signal()  # at most 30 times a second: progress and curve have grown
    notice = Signal(object)  # a Notice
    _died = Signal()  # the training process has ended by itself; comes from a thread
    data_wanted = Signal()  # the user wants to say where the data of the opened run are

    def __init__(self) -> None:
        super().__init__()
        self.dataset: engine.Dataset | None = None
        self.model_config = engine.ModelConfig()
        self.training_config = engine.TrainingConfig()
        self.status = "idle"  # "idle", "running", "paused", "finished", "diverged"
        self.run = 0  # number of the run; everything that belongs to an older one is dropped
        self.record = Record(0)  # what this run has told so far
        self.snapshot: engine.Snapshot | None = None  # None for the moment until a new network is there
        self.kept: messages.Kept | None = None  # the best weights, put back when the run ended
        self.opened: engine.Run | None = None  # a saved run whose data are not there: it can be used, not trained
        self.failed = False  # an error has ended the run: training begins anew

        self._chosen_training: dict[str, Any] = {}
        self._epochs = 0  # that the run was to have in the beginning; so many more when it trains on
        self._worker = Worker(self._died.emit)
        self._died.connect(self._wake)
        self._captures: dict[int, Callable[[engine.Run | None], None]] = {}  # ticket → who wants the copy
        self._tickets = 0

    def _wake(self) -> None:
        """Something will come from a thread: look for it soon."""
        raise NotImplementedError

    @property
    def progress(self) -> Progress:
        """Where the run is."""
        return self.record.progress

    @property
    def curve(self) -> Curve:
        """Loss over the run."""
        return self.record.curve

    def set_training(self, **changes: Any) -> None:
        """Change how the weights are learned: at once where that is possible, else with a new start that is told."""
        config = replace(self.training_config, **changes)
        self._chosen_training |= changes
        if config == self.training_config:
            return
        options = engine.TrainingConfig.options()
        if any(not options[name].live for name in changes) and self._lacks_data():
            self.training_changed.emit()
            return
        changed = {n: getattr(config, n) for n in options if getattr(config, n) != getattr(self.training_config, n)}
        told = difference(self.training_config, config)
        self.training_config = config
        if all(options[name].live for name in changed):
            self._change_live(changed)
            return
        trained = self.progress.step > 0
        self.training_changed.emit()
        self.reset()
        if trained:
            seed = "" if "seed" in changed else f", with the same seed {config.seed}"
            self.notice.emit(Notice("info", f"{told}. The network starts untrained{seed}."))

    def _change_live(self, changed: dict[str, Any]) -> None:
        self._worker.send(messages.Change(changed))
        if self.opened is not None:
            self.opened = replace(self.opened, training=self.training_config)
        self.training_changed.emit()
        if "epochs" in changed and self.status == "finished" and self.progress.epoch < self.training_config.epochs:
            self._set_status("paused")
        self._wake()

    def train(self) -> None:
        """Go on training; after the last epoch for as many again, and when it diverged from the start."""
        if self.dataset is None or self.status == "running" or self._lacks_data():
            return
        if self.status == "finished":
            self.set_training(epochs=self.progress.epoch + self._epochs)
        elif self.status == "diverged" or self.failed:
            self._begin_anew()
        self.kept = None
        self._worker.send(messages.Train())
        self._set_status("running")
        self._wake()

    def pause(self) -> None:
        """Stop before the next step."""
        if self.status == "running":
            self._worker.send(messages.Pause())
            self._set_status("paused")

    def toggle(self) -> None:
        """Train when it stands, pause when it runs."""
        if self.status == "running":
            self.pause()
        else:
            self.train()

    def step(self) -> None:
        """Make one step and stand still."""
        if self.dataset is None or self.status in ("finished", "diverged") or self._lacks_data():
            return
        if self.failed:
            self._begin_anew()
        self._worker.send(messages.Train(steps=1))
        self._set_status("paused")
        self._wake()

    def _begin_anew(self) -> None:
        self.reset()
        text = f"A new network begins, with the same seed {self.training_config.seed}."
        self.notice.emit(Notice("info", text))

    def reset(self) -> None:
        """A new network with the settings and the seed at hand."""
        if self.dataset is None or self._lacks_data():
            return
        self._forget_run()
        self._worker.send(messages.Build(self.run, self.model_config, self.dataset, self.training_config))
        self._set_status("idle")
        self.model_changed.emit()
        self._wake()

    def go_back(self, learning_rate: float) -> None:
        """After a divergence: on with the last good weights, at another rate."""
        if self.status != "diverged":
            return
        self.training_config = replace(self.training_config, learning_rate=learning_rate)
        self._worker.send(messages.GoBack(learning_rate))
        self._worker.send(messages.Train())
        self._set_status("running")
        self.training_changed.emit()
        self._wake()

    def capture(self, done: Callable[[engine.Run | None], None]) -> None:
        """Have a copy of the training as it is between two steps; None where there is no network."""
        if self.opened is not None:
            done(self.opened)
            return
        ticket = self._tickets = self._tickets + 1
        self._captures[ticket] = done
        self._worker.send(messages.Capture(ticket))
        self._wake()

    def _forget_run(self) -> None:
        self.run += 1
        self.record = Record(self.training_config.epochs)
        self._epochs = self.training_config.epochs
        self.snapshot = self.opened = self.kept = None
        self.failed = False

    def _lacks_data(self) -> bool:
        """Whether the data of the run are not there; the user is told, and asked for them."""
        if isinstance(self.dataset, AbsentData):
            self.notice.emit(Notice("warning", self.dataset.why, "Open them…", self.data_wanted.emit))
        return self.opened is not None

    def _take_events(self) -> None:
        events = self._worker.mailbox.events
        steps: list[messages.Stepped] = []
        last: messages.Event | None = None
        lengthened = False
        while events:
            event = events.popleft()
            if isinstance(event, messages.Captured):
                self._take_captured(event)
                continue
            if event.run != self.run:
                continue
            match event:
                case messages.Stepped():
                    steps.append(event)
                case messages.Built():
                    self.record.set_length(event.steps_total, event.steps_per_epoch)
                    lengthened = True
                case messages.Ended() | messages.Failed():
                    last = event
        if steps:
            self.record.take(steps)
        if steps or lengthened or last is not None:
            self.frame.emit()
        if lengthened and self.status == "paused" and self.progress.step >= self.progress.steps_total:
            self._set_status("finished")
        if isinstance(last, messages.Ended):
            self.kept = last.kept
            self._set_status("diverged" if last.diverged else "finished")
            if last.diverged:
                self._tell_divergence()
            elif last.kept is not None:
                self._tell_kept(last.kept)
        elif isinstance(last, messages.Failed):
            self.failed = True
            self._set_status("idle")
            self.tell_error(last.error)

    def _set_status(self, status: str) -> None:
        if status != self.status:
            self.status = status
            self.status_changed.emit()

    def tell_error(self, error: BaseException) -> None:
        """A notice for what may go wrong; the crash hook for what may not."""
        if isinstance(error, (engine.UnrollError, OSError, MemoryError)):
            self.notice.emit(Notice("error", str(error) or "There is not enough memory for this."))
        else:
            sys.excepthook(type(error), error, error.__traceback__)  # a bug

    def unexpected(self, error: BaseException, details: str) -> None:
        """Tell the user about a bug."""
        text = f"Something went wrong that should not: {type(error).__name__}: {error}"
        self.notice.emit(Notice("error", text, details=details))

    def _tell_divergence(self) -> None:
        slower = float(f"{self.training_config.learning_rate / 10:.1g}")

        def back() -> None:
            self.go_back(slower)

        text = f"Training diverged at step {self.progress.step + 1:,}: loss or gradient is no longer a finite number."
        self.notice.emit(Notice("warning", text, f"Back to the last good weights, at learning rate {slower:g}", back))

    def _tell_kept(self, kept: messages.Kept) -> None:
        epochs = self.training_config.patience
        since = "one epoch" if epochs == 1 else f"{epochs} epochs"
        why = f"the validation loss has not become lower for {since}" if kept.early else "all epochs are done"
        at = f"Training stopped at step {self.progress.step:,}: {why}."
        best = f"The weights are now those of step {kept.step:,}, the best: validation loss {kept.loss:.3f}."
        self.notice.emit(Notice("info", f"{at} {best}"))

    def _take_captured(self, event: messages.Captured) -> None:
        done = self._captures.pop(event.ticket)
        if event.error is None:
            done(event.saved)
        else:
            self.tell_error(event.error)

    def _close_worker(self) -> None:
        """End the training; copies that were asked for are handed out."""
        self._worker.close()
        for event in self._worker.mailbox.events:
            if isinstance(event, messages.Captured):
                self._take_captured(event)
