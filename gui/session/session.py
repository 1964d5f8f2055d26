"""The application's state, without any widgets: panels draw it and ask it for things, the worker feeds it."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

import engine
from engine.runs.data_source import file_name
from engine.training import defaults
from gui.session.background import Deadline
from gui.session.current_run import CurrentRun
from gui.session.data import Arrival, Data
from gui.session.data_notice import notice_of
from gui.session.deferred_redraws import DeferredRedraws
from gui.session.example_choice import ExampleChoice
from gui.session.folders import Folders
from gui.session.found_columns import no_longer_chosen
from gui.session.frame_clock import FrameClock
from gui.session.garbage_collection import GuiGarbage
from gui.session.known_answers import KnownAnswers
from gui.session.notice import Level, Notices, Offer, change_of, difference
from gui.session.probe import Probe
from gui.session.questions import Question, Questions
from gui.session.remedies import Remedies
from gui.session.run_library.compared_runs import ComparedRuns
from gui.session.run_library.kept_runs import Bounds
from gui.session.run_library.race import Race
from gui.session.run_library.run_edits import RunEdits
from gui.session.run_library.run_list import RunList
from gui.session.run_switch import RunSwitch
from gui.session.shared_settings import SharedSettings
from gui.session.sweeps import Sweeps
from gui.session.undo import Undo
from gui.session.weight_recording import WeightRecording
from gui.session.worst_examples import WorstExamples
from gui.theme import LIGHT, Theme

T = TypeVar("T")

# A thread that waits for Python's lock gets it this soon. Every call into Qt releases the lock: with the usual 5 ms,
# painting a picture would take ten times as long while an answer is computed.
TURN_S = 0.00005


class Session(QObject):
    """Owns the parts of the state, and handles everything that concerns more than one of them. Belongs to the GUI
    thread."""

    theme_changed = Signal()

    def __init__(self, theme: Theme = LIGHT, bounds: Bounds | None = None, own_process: bool = True) -> None:
        """bounds: how much is kept of runs that are replaced. own_process: whether training runs in a process of its
        own, or only in a thread."""
        super().__init__()
        self.theme = theme
        self.notices = Notices()
        self.folders = Folders(self.notices, lambda path: self.data.are_at(path))
        self.deferred_redraws = DeferredRedraws()
        self.clock = FrameClock(self._pull, lambda: self.questions.take_refresh(), lambda: self.trains)
        self.data = Data(self.notices, self._take_data, self.clock.wake)
        self.run = CurrentRun(self.data, self.notices, self.deferred_redraws, self.clock.wake, own_process)
        self.runs = RunList(self.run, self.data, self.notices, self.clock.wake, bounds)
        self.undo = Undo(lambda: not self.data.loading and not self.switch.fetching)
        self.run_edits = RunEdits(self.runs, self.undo, self.notices)
        self.probe = Probe()
        self.examples = ExampleChoice(self.probe, self.run, self.data)
        self.switch = RunSwitch(
            self.run, self.runs, self.data, self.examples, self.undo, self.notices, self.deferred_redraws
        )
        self.race = Race(self.run, self.runs, self.data, self.notices, self.clock.wake, self.switch.open, own_process)
        self.compared = ComparedRuns(self.run, self.runs, self.race, self.data, self.notices, self.deferred_redraws)
        self.sweeps = Sweeps(self.notices, self.clock.wake)
        self._remedies = Remedies(self.run, self.notices, self.set_model)
        self.questions = Questions(self.run, self.clock, self.notices, lambda: self.trains)
        self.weights = WeightRecording(self.run, self.data, self.questions)
        self.worst = WorstExamples(self.run, self.data, self.questions)
        self.known = KnownAnswers(self.probe, self.run, self.data, self.questions)
        self._garbage = GuiGarbage(self)
        self._turns_s = sys.getswitchinterval()
        sys.setswitchinterval(TURN_S)
        self._closed = False
        self.run.snapshot_changed.connect(self.questions.send_waiting)

    # ---- what panels do most

    def tell(self, text: str, level: Level = Level.INFO, *offers: Offer) -> None:
        """Say something to the user in one line, with a button for each offer."""
        self.notices.tell(text, level, *offers)

    def ask(self, question: Question[T]) -> None:
        """Have a question to the newest weights answered in the background."""
        self.questions.ask(question)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours of the window."""
        if theme != self.theme:
            self.theme = theme
            self.theme_changed.emit()

    # ---- data, network and probe together

    def set_model(self, **changes: Any) -> None:
        """Change the network; it starts over with the same seed, and the user is told."""
        run = self.run
        config = defaults.fitting(replace(run.model_config, **changes))
        if config == run.model_config:
            self.switch.chosen_model |= changes
            return
        if run.lacks_data() or not run.allows(config, run.training_config):
            run.model_changed.emit()  # the fields go back to what is in force
            return
        self.switch.chosen_model |= changes
        trained, message = run.progress.step > 0, difference(run.model_config, config)
        run.begin(config, run.training_config, change_of(run.model_config, config))
        if trained:
            self.switch.tell_replaced(message, same_seed=True)

    def apply(self, settings: SharedSettings) -> None:
        """Apply pasted settings: read the data accordingly and start a new network.

        ConfigError if they do not fit the current data.
        """
        data, run = self.data, self.run
        if data.dataset is None or run.lacks_data():
            return
        if settings.sample in engine.SAMPLES and (data.sample is None or data.sample.name != settings.sample):
            data.load_sample(settings.sample, settings, **settings.data)
        elif any(getattr(data.dataset.config, name) != value for name, value in settings.data.items()):
            data.change(settings, **settings.data)
        else:
            model = defaults.fitting(settings.model)
            reason = engine.trainable(data.dataset)[model.architecture]
            if reason:
                raise engine.ConfigError(f"These settings do not fit the current data: {reason}")
            run.begin(model, settings.training, "pasting of settings")
            run.training_changed.emit()

    def _take_data(self, arrival: Arrival) -> None:
        dataset, settings, run = arrival.dataset, arrival.settings, self.run
        model, training, trained = run.model_config, run.training_config, run.progress.step > 0
        if settings is not None:
            model, training = settings.model, settings.training
        elif arrival.before is not None:
            model, training = defaults.followed(model, training, arrival.before, dataset, self.data.sample)
        else:
            model, training = defaults.settings_for(dataset, self.data.sample, self.switch.chosen_model, run.chosen)
        model = defaults.fitting(replace(model, architecture=defaults.first_trainable(dataset, model.architecture)))
        run.configure(model, training)
        self.data.changed.emit()
        self.examples.choose()
        run.begin(model, training, arrival.why)
        if arrival.before is None:
            self.data.opened.emit()
        cell = "" if settings is not None or arrival.again else model.cell
        message, offers = notice_of(dataset, self.data.sample, cell, self, trained)
        if settings is None and arrival.before is not None:
            message = f"{no_longer_chosen(arrival.before, dataset)} {message}".strip()
        if arrival.left:
            left = file_name(arrival.left)
            message = f"{message} It was opened without its validation file “{left}”.".strip()
            offers = [(f"Use {left}", partial(self.data.change, validation_file=arrival.left)), *offers]
        if message:
            self.tell(message, Level.INFO, *offers)

    # ---- threads

    @property
    def busy(self) -> bool:
        """Whether a thread is at work for this session, or has results that have not been taken yet."""
        return any(part.busy for part in (self.run, self.race, self.sweeps, self.questions, self.data, self.runs))

    @property
    def trains(self) -> bool:
        """Whether the machine is busy training, so that everything else should take only its share."""
        return self.run.training or self.race.running

    def add_paint_cost(self, seconds: float) -> None:
        """Add time that was spent drawing; the frame rate adapts to it, so that training keeps most of the machine."""
        self.clock.add_paint_cost(seconds)
        self.questions.calm_down()

    def _pull(self) -> None:
        """Take the results of the threads."""
        with self.deferred_redraws.held():
            self.run.pull()
            self.race.pull()
            self.sweeps.pull()
            self.data.pull()
            self.questions.calm_down()
            self.runs.pull()

    def close(self, deadline: Deadline | None = None) -> bool:
        """End all threads after their current work; returns whether they have ended in time."""
        if self._closed:
            return True
        self._closed = True
        self.clock.stop()
        sys.setswitchinterval(self._turns_s)
        deadline = deadline or Deadline()
        closed = [part.close(deadline) for part in (self.run, self.race, self.sweeps, self.questions, self.data)]
        ended = self.runs.close(deadline) and all(closed)  # last: by then training has handed out the copy to write
        if ended:
            self._garbage.stop()
        return ended
