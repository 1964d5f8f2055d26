"""All application state of the window, no widgets. Panels draw it and ask it for things; the worker feeds it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QTimer, Signal

import engine
from engine.data.samples import Sample
from engine.models import Model, model_class, typical
from engine.training import defaults
from engine.training.weight_history import WeightHistory
from gui.runs.run_data import Found, again_for, changed_settings
from gui.runs.settings_text import Settings
from gui.session.background import Answer, Background
from gui.session.cores import SPARE
from gui.session.garbage import GuiGarbage
from gui.session.loading import Load, Loader
from gui.session.notice import Notice, difference
from gui.session.progress import Record
from gui.session.run import Running
from gui.session.selection import Selection
from gui.theme import LIGHT, Theme
from gui.training import messages

T = TypeVar("T")

FRAME_MS = 33  # 30 frames a second at most
SLOWEST_FRAME_MS = 250
PAINT_SHARE = 0.2 if SPARE else 0.05  # of one core, for drawing while training
# Drawn in one frame, more where frames are far apart: all panels together would hold up the event loop for longer.
ANSWERS_AT_ONCE = 2
# A thread that waits for Python's lock gets it this soon. Each call of Qt gives it away: at 5 ms a picture would be
# painted in ten times its time while an answer is computed.
TURN_S = 0.00005
LONGEST_YIELD_S = 0.3  # that a refresh waits for what a person has asked


class Session(Running):
    """Data, settings, the run, and what is looked at; everything here belongs to the GUI thread."""

    dataset_changed = Signal()  # other data are there
    loading_moved = Signal()  # what is being read is a percent further
    snapshot_changed = Signal()  # newer weights to look at, about 8 times a second
    probe_changed = Signal()  # probe or label changed
    selection_changed = Signal()  # another cell, or another unit, is looked into
    theme_changed = Signal()
    weights_recorded = Signal()  # the history of the weights has grown
    _answered = Signal()  # an urgent answer waits

    def __init__(self, theme: Theme = LIGHT) -> None:
        super().__init__()
        # What a person waits for has a thread of its own; refreshes let it go first.
        self._urgent_answers = Background("unroll-urgent", told=self._tell_answered)
        self._calm = threading.Event()  # nobody waits for an answer; the last one has been drawn
        self._calm.set()
        self._answers = Background("unroll-answers", before=partial(self._calm.wait, LONGEST_YIELD_S))
        self.theme = theme
        self.sample: Sample | None = None  # where the data come from, when they are a sample
        self.loading = ""  # name of what is being read, "" when nothing is
        self.probe = ""
        self.label: str | None = None  # what a one-to-many network starts from, when the data have labels
        self.selection: Selection | None = None  # the cell of the unrolled network that is looked into
        self.unit: int | None = None  # whose numbers are written out; None: of the one farthest from zero

        self.weight_history = WeightHistory()  # of this run

        self._chosen_model: dict[str, Any] = {}
        self._load: Load | None = None
        self._data_changes: dict[str, Any] = {}
        self._reading: tuple[Load, dict[str, Any]] | None = None  # what is being read, and with which settings
        self._pasted: Settings | None = None  # settings that wait for the data they are meant for
        self._garbage = GuiGarbage(self)
        self._turns_s = sys.getswitchinterval()
        sys.setswitchinterval(TURN_S)
        self.loader = Loader()
        self._waiting: dict[object, tuple[Callable[[Any], Any], Callable[[Any], None], bool]] = {}
        self._frame_ms = float(FRAME_MS)
        self._drawing_s = 0.0  # since the last pull
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._pull)
        self._answered.connect(self._take_urgent)  # comes from the thread, so it waits for the event loop
        self._closed = False

    # ---- data

    def open_path(self, path: str | Path | Sequence[str | Path], **overrides: Any) -> None:
        """Read a file, a folder, or files that belong together; the data at hand stay until that went well."""
        paths = [path] if isinstance(path, str | Path) else list(path)
        more = f" + {len(paths) - 1} more" if len(paths) > 1 else ""
        load = partial(engine.load_dataset, paths if more else paths[0])
        self._start_loading(Path(paths[0]).name + more, None, load, overrides)

    def load_sample(self, name: str, **overrides: Any) -> None:
        """Take one of `engine.SAMPLES`."""
        self._start_loading(
            engine.SAMPLES[name].title, engine.SAMPLES[name], partial(engine.load_sample, name), overrides
        )

    def load_first(self) -> None:
        """Take what is there at the start."""
        self.load_sample(defaults.FIRST_SAMPLE)

    def set_data(self, **changes: Any) -> None:
        """Read the same data with other settings (kind, unit, columns, validation, …)."""
        if self._load is None or self.dataset is None:
            return
        before = self._data_changes
        if self._reading is not None and self._reading[0] is self._load:
            before = self._reading[1]  # two changes in a row are both meant
        self._start_loading(self.dataset.name, self.sample, self._load, before | changes)

    def cancel_loading(self) -> None:
        """Stop reading; the data at hand stay."""
        if not self.loading:
            return
        name, self.loading, self._reading = self.loading, "", None
        self.loader.cancel()
        self.status_changed.emit()
        if self.dataset is None:
            self.load_sample(defaults.FIRST_SAMPLE)
        self.notice.emit(Notice("info", f"Reading {name} was cancelled; the data are those from before."))

    def _start_loading(self, name: str, sample: Sample | None, load: Load, changes: dict[str, Any]) -> None:
        self.loading = name
        self._reading = load, changes
        pasted, self._pasted = self._pasted, None

        def done(dataset: engine.Dataset) -> None:
            again = load is self._load
            self._load, self._data_changes, self.sample = load, changes, sample
            self._take_dataset(dataset, again, pasted)

        self.loader.start(load, changes, sample is None, done)
        self.status_changed.emit()
        self._wake()

    def _take_loaded(self, answer: Answer) -> None:
        self.loading, self._reading = "", None
        self.status_changed.emit()
        if answer.error is None:
            answer.done(answer.value)
            return
        if self.dataset is None and isinstance(answer.error, engine.UnrollError | OSError):
            self.load_sample(defaults.FIRST_SAMPLE)  # a bad file at the start: there are always data to play with
        self.tell_error(answer.error)

    def _take_dataset(self, dataset: engine.Dataset, again: bool, pasted: Settings | None) -> None:
        before = self.dataset
        self.dataset = dataset
        if again and before is not None and before.kind == dataset.kind:
            shape = defaults.first_trainable(dataset, self.model_config.architecture)
            self.model_config = defaults.fitting(replace(self.model_config, architecture=shape))
        else:
            self.model_config, self.training_config = defaults.settings_for(
                dataset, self.sample, self._chosen_model, self._chosen_training
            )
        if pasted is not None:
            shape = defaults.first_trainable(dataset, pasted.model.architecture)
            self.model_config = defaults.fitting(replace(pasted.model, architecture=shape))
            self.training_config = pasted.training
        self._forget_run()  # nobody shall see the old network beside the new data
        self.dataset_changed.emit()
        self._choose_probe()
        self.reset()
        findings = dataset.report.findings
        if self.sample is None and findings:
            more = f" {len(findings) - 1} more in the data doctor." if len(findings) > 1 else ""
            self.notice.emit(Notice("info", findings[0] + more))

    def _choose_probe(self) -> None:
        if self.dataset is not None:
            self.probe, self.label = defaults.probe_for(self.dataset, self.sample, self.model_config.architecture)
            self.probe_changed.emit()

    # ---- settings

    def set_model(self, **changes: Any) -> None:
        """Change the network; it starts anew with the same seed, and the user is told."""
        config = defaults.fitting(replace(self.model_config, **changes))
        self._chosen_model |= changes
        if config == self.model_config:
            return
        if self._lacks_data():
            self.model_changed.emit()
            return
        trained = self.progress.step > 0
        told = difference(self.model_config, config)
        had_label = self.label is not None
        self.model_config = config
        if had_label != (self._starts_from_label()):
            self._choose_probe()
        self.reset()
        if trained:
            self.notice.emit(
                Notice(
                    "info", f"{told}. The new network starts untrained, with the same seed {self.training_config.seed}."
                )
            )

    @property
    def network(self) -> type[Model]:
        """What kind of network the settings describe, on the data that are open."""
        architecture = self.model_config.architecture
        return typical(architecture) if self.dataset is None else model_class(architecture, self.dataset.kind)

    def _starts_from_label(self) -> bool:
        return self.dataset is not None and bool(self.dataset.labels) and self.network.label_is_input

    def apply(self, settings: Settings) -> None:
        """Take settings that were copied elsewhere: the data are read as they say, the network starts anew."""
        if self.dataset is None or self._lacks_data():
            return
        model, training = defaults.fitting(settings.model), settings.training
        self._pasted = settings  # for the data that are read now, and no others
        if settings.sample in engine.SAMPLES and not self._shows_sample(settings.sample):
            self.load_sample(settings.sample, **settings.data)
        elif any(getattr(self.dataset.config, name) != value for name, value in settings.data.items()):
            self.set_data(**settings.data)
        else:
            self._pasted = None
            reason = engine.trainable(self.dataset)[model.architecture]
            if reason:
                raise engine.ConfigError(f"These settings do not fit the data at hand: {reason}")
            self.model_config, self.training_config = model, training
            self._choose_probe()
            self.reset()
            self.training_changed.emit()
        self._pasted = None

    def _shows_sample(self, name: str) -> bool:
        return self.sample is not None and self.sample.name == name

    # ---- the run

    def take_run(self, found: Found) -> None:
        """Show a run that was saved, where it stood."""
        saved, dataset = found.run, found.dataset
        before, self.dataset = self.dataset, dataset
        self.model_config, self.training_config = saved.snapshot.config, saved.training
        self._forget_run()
        self.opened = None if found.goes_on else saved
        progress = saved.progress
        self.record = Record.of(saved.history, progress.step, saved.snapshot.epoch, saved.training.epochs)
        if dataset is not before:
            self.sample = engine.SAMPLES.get(saved.data.sample)
            self._load = again_for(saved.data, dataset)
            self._data_changes = changed_settings(dataset.config)
            self.dataset_changed.emit()
        self._choose_probe()
        self._worker.send(messages.Resume(self.run, saved, dataset if found.goes_on else None))
        self._set_status("finished" if progress.finished else "paused" if progress.step else "idle")
        self.model_changed.emit()
        self.training_changed.emit()
        self.frame.emit()
        self._wake()

    def close(self) -> bool:
        """End all threads after what they are at; whether they have ended."""
        if self._closed:
            return True
        self._closed = True
        self._timer.stop()
        sys.setswitchinterval(self._turns_s)
        answering = [self._urgent_answers.close(), self._answers.close()]
        self._close_worker()
        ended = all([*answering, self.loader.close()])
        if ended:
            self._garbage.stop()
        return ended

    @property
    def busy(self) -> bool:
        """Whether a thread is at work for this session, or something of it has not been taken yet."""
        training = self._worker.busy  # first: when that has ended, all it had to tell is in the mailbox
        mailbox = self._worker.mailbox
        waiting = bool(mailbox.events) or bool(mailbox.snapshots)
        answering = self._urgent_answers.busy or self._answers.busy
        return training or waiting or answering or self.loader.busy

    # ---- looking

    def set_probe(self, text: str, label: str | None = None) -> None:
        """The text that the panels look at; `label` too, where the network starts from one."""
        if label is None:
            label = self.label
        if (text, label) != (self.probe, self.label):
            self.probe, self.label = text, label
            self.probe_changed.emit()

    def select(self, selection: Selection | None) -> None:
        """Look into one cell of the unrolled network."""
        if selection != self.selection:
            self.selection = selection
            self.unit = None if selection is None else self.unit
            self.selection_changed.emit()

    def choose_unit(self, unit: int) -> None:
        """Write the numbers of this unit out."""
        if unit != self.unit:
            self.unit = unit
            self.selection_changed.emit()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours of the window."""
        if theme != self.theme:
            self.theme = theme
            self.theme_changed.emit()

    def ask(
        self,
        owner: object,
        work: Callable[[engine.Snapshot], T],
        done: Callable[[T], None],
        *,
        urgent: bool = False,
    ) -> None:
        """Have `work` look at the newest snapshot in the background; `done` gets its value in the GUI thread.

        The newest request of an owner wins; what belongs to an old run is dropped. `work` must not touch widgets.
        An UnrollError becomes a notice. urgent: somebody waits for it; training and other questions let it go first,
        and it is not kept back until the next frame.
        """
        if self.snapshot is None:
            self._waiting[owner] = work, done, urgent
            return
        snapshot, run = self.snapshot, self.run

        def if_current(value: T) -> None:
            if run == self.run:
                done(value)

        chosen, other = self._answers, self._urgent_answers
        if urgent:
            chosen, other = other, chosen
            self._calm.clear()
        other.forget(owner)
        chosen.submit(owner, lambda: work(snapshot), if_current)
        self._wake()

    # ---- news from the threads

    def add_paint_cost(self, seconds: float) -> None:
        """Time that went into drawing; the frame rate follows it, so that training keeps most of the machine."""
        self._drawing_s += seconds
        self._calm_down()

    def _calm_down(self) -> None:
        """What a person waits for has been drawn, if it has come: others may take Python's lock again."""
        if not self._urgent_answers.busy:
            self._calm.set()

    def _tell_answered(self) -> None:
        self._answered.emit()

    def _wake(self) -> None:
        if not self._timer.isActive() and not self._closed:
            self._timer.start(FRAME_MS // 2)

    def _pull(self) -> None:
        """Take what the threads have left; go on while more may come."""
        started = time.thread_time()  # processor time: waiting for other threads is no work
        self._calm_down()  # where nothing had to be drawn
        try:
            self._take_events()
            self._take_snapshot()
            if self.loading and self.loader.has_moved():
                self.loading_moved.emit()
            for answer in self.loader.take_answers():
                self._take_loaded(answer)
            self._take(self._urgent_answers.take_answers())
            self._take(self._answers.take_answers(max(ANSWERS_AT_ONCE, int(self._frame_ms / FRAME_MS))))
        finally:
            self._adapt(time.thread_time() - started)
            if self.busy and not self._closed:
                self._timer.start(round(self._frame_ms) if self.status == "running" else FRAME_MS // 2)

    def _take_urgent(self) -> None:
        self._take(self._urgent_answers.take_answers())

    def _take(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            if answer.error is None:
                answer.done(answer.value)
            else:
                self.tell_error(answer.error)

    def _adapt(self, pulling_s: float) -> None:
        """Let frames be so far apart that drawing takes its share of a core, no more."""
        wanted = (pulling_s + self._drawing_s) * 1000 / PAINT_SHARE
        self._drawing_s = 0.0
        self._frame_ms += 0.3 * (min(max(wanted, FRAME_MS), SLOWEST_FRAME_MS) - self._frame_ms)

    def _take_snapshot(self) -> None:
        taken = self._worker.take_snapshot()
        if taken is None or taken[0] != self.run:
            return
        self.snapshot = taken[1]
        self.snapshot_changed.emit()
        waiting, self._waiting = self._waiting, {}
        for owner, (work, done, urgent) in waiting.items():
            self.ask(owner, work, done, urgent=urgent)

    # ---- telling
