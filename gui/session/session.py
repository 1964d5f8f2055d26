"""The application's state, without any widgets: panels draw it and ask it for things, the worker feeds it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

import engine
from engine.data.numbers.recording import NetworkInput
from engine.runs.looked_at import LookedAt
from engine.training import defaults
from gui.session.background import Deadline
from gui.session.current_run import RESET, CurrentRun
from gui.session.data import Arrival, Data, Source
from gui.session.data_notice import notice_of
from gui.session.deferred_redraws import DeferredRedraws
from gui.session.folders import Folders
from gui.session.found_columns import read_otherwise
from gui.session.frame_clock import FrameClock
from gui.session.garbage_collection import GuiGarbage
from gui.session.known_answers import KnownAnswers
from gui.session.left_behind import LeftBehind
from gui.session.notice import Level, Notices, Offer, change_of, difference
from gui.session.probe import Probe, name_of
from gui.session.questions import Question, Questions
from gui.session.run_endings import end_in_words, end_of, loss_held, remedy, step_held
from gui.session.run_library.compared_runs import ComparedRuns
from gui.session.run_library.kept_runs import Bounds
from gui.session.run_library.race import Race, settings_of_cells
from gui.session.run_library.run_data import Found, again_for, changed_settings
from gui.session.run_library.run_edits import RunEdits
from gui.session.run_library.run_list import RunList
from gui.session.shared_settings import SharedSettings
from gui.session.sweeps import Sweeps
from gui.session.undo import Undo
from gui.session.weight_recording import WeightRecording
from gui.session.worst_examples import WorstExamples
from gui.theme import LIGHT, Theme
from gui.training.messages import Ended

if TYPE_CHECKING:
    from engine.training.verdict import Finding

T = TypeVar("T")


@dataclass(frozen=True)
class Before:
    """The previous run, and the user's choices at that time."""

    run_id: str
    chosen_model: Mapping[str, Any]
    chosen_training: Mapping[str, Any]


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
        self.race = Race(self.run, self.runs, self.data, self.notices, self.clock.wake, self.open_kept, own_process)
        self.compared = ComparedRuns(self.run, self.runs, self.race, self.data, self.notices)
        self.sweeps = Sweeps(self.notices, self.clock.wake)
        self.undo = Undo(lambda: not self.data.loading and not self._fetching)
        self.run_edits = RunEdits(self.runs, self.undo, self.notices)
        self.probe = Probe()
        self.questions = Questions(self.run, self.clock, self.notices, lambda: self.trains)
        self.weights = WeightRecording(self.run, self.data, self.questions)
        self.worst = WorstExamples(self.run, self.data, self.questions)
        self.known = KnownAnswers(self.probe, self.run, self.data, self.questions)
        self._chosen_model: dict[str, Any] = {}  # network settings that the user has chosen so far, on any data
        self._before = Before("", {}, {})  # the run before this one, and what had been chosen then
        self._looked_at = LeftBehind[tuple[NetworkInput, str | None]]()  # input and label, before other data came
        self._fetching = ""  # id of the run that is being brought back
        self._garbage = GuiGarbage(self)
        self._turns_s = sys.getswitchinterval()
        sys.setswitchinterval(TURN_S)
        self._closed = False
        self.run.snapshot_changed.connect(self.questions.send_waiting)
        self.run.over.connect(self._tell_end)
        self.run.began.connect(self._note_replacement)
        self.run.tuned.connect(self._note_tuning)
        self.probe.changed.connect(self._note_probe)

    # ---- what panels do most

    def tell(self, text: str, level: Level = Level.INFO, *offers: Offer) -> None:
        """Say something to the user in one line, with a button for each offer."""
        self.notices.tell(text, level, *offers)

    def ask(self, question: Question[T]) -> None:
        """Have a question to the newest weights answered in the background."""
        self.questions.ask(question)

    def next_example(self) -> None:
        """Look at the next held-out example."""
        dataset = self.data.dataset
        if dataset is not None:
            self.probe.show_next(dataset.validation if len(dataset.validation) else dataset.train)

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
            self._chosen_model |= changes
            return
        if run.lacks_data() or not run.allows(config, run.training_config):
            run.model_changed.emit()  # the fields go back to what is in force
            return
        self._chosen_model |= changes
        trained, message = run.progress.step > 0, difference(run.model_config, config)
        run.begin(config, run.training_config, change_of(run.model_config, config))
        if trained:
            seed = run.training_config.seed
            text = f"{message}. The new network starts untrained, again with seed {seed}; the trained one is in Runs."
            self.tell(text, Level.INFO, self.undo.offer())

    def _tell_end(self, ended: Ended) -> None:
        """Report the weights of a finished run and conclusions about its settings, with a button for a remedy."""
        run = self.run
        text = end_in_words(ended, run.training_config, run.curve, run.progress.step)
        offers = [(remedy(one), partial(self._follow, run.number, one)) for one in ended.findings if remedy(one)]
        if text:
            self.tell(text, Level.INFO, *offers)

    def _follow(self, number: int, finding: Finding) -> None:
        """Do what would help the run of this number, if it is still the current one: train for as many epochs again, or
        train another network from the start."""
        if self.run.number != number:
            return
        if finding.setting in engine.ModelConfig.options():
            self.set_model(**{finding.setting: finding.value})
            if self.run.number == number:  # it does not fit into memory, as the user has been told
                return
        self.run.train()

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

    def take_run(self, found: Found, why: str, run_id: str = "", *, looks_again: bool = False) -> None:
        """Show a saved run at its last step. why: what the user did. run_id: in the list, if it was there before.
        looks_again: whether the views return to the text saved with it even if its data are shown already."""
        saved, dataset = found.run, found.dataset
        listed, source = self.runs.find(run_id), self.runs.source_of(run_id)
        self.runs.expect(run_id)
        other = dataset is not self.data.dataset
        if not found.goes_on:
            source = None  # where the data is not: it may be found elsewhere
        elif other and source is None:
            load = again_for(saved.data, dataset)
            sample = engine.SAMPLES.get(saved.data.sample)
            changes = changed_settings(dataset.config)
            source = None if load is None else Source(dataset.name, load, sample, changes)
        if other:
            self.data.show(dataset, source)
        if why and found.goes_on:
            self._take_as_chosen(saved, dataset)
        self.run.resume(saved, found.goes_on)
        if other:
            self.data.changed.emit()
        if other or looks_again:
            self._choose_probe("" if looks_again else run_id, saved.looked_at)
        self.run.announce(saved, why, end_of(saved) if listed is None else listed.end)

    def _take_as_chosen(self, saved: engine.Run, dataset: engine.Dataset) -> None:
        """Opening a run counts as choosing its network if another would be proposed for its data."""
        config, sample = saved.snapshot.config, engine.SAMPLES.get(saved.data.sample)
        usual = defaults.settings_for(dataset, sample, {}, {})[0]
        for name in defaults.KEPT:
            if getattr(config, name) == getattr(usual, name):
                self._chosen_model.pop(name, None)
            else:
                self._chosen_model[name] = getattr(config, name)

    def open_kept(self, run_id: str) -> None:
        """Make a run of the list the current one again; it continues where it stopped."""
        run = self.runs.find(run_id)
        if run is not None and run_id != self.runs.current:
            self._bring_back(run_id, f"opening of “{run.name}”")

    def compare_cells(self) -> None:
        """Race the current settings with each cell."""
        run, dataset = self.run, self.data.dataset
        if dataset is not None and not run.lacks_data():
            self._race(lambda: settings_of_cells(run.model_config, run.training_config, dataset))

    def race_runs(self, run_ids: Sequence[str]) -> None:
        """Race the settings of runs of the list, each from the start, on the current data."""
        if not self.run.lacks_data():
            chosen = [run for run in map(self.runs.find, run_ids) if run is not None]
            self._race(lambda: [(run.settings.model, run.settings.training) for run in chosen])

    def _race(self, settings: Callable[[], Sequence[tuple[engine.ModelConfig, engine.TrainingConfig]]]) -> None:
        try:
            with self.deferred_redraws.held():
                self.compared.choose(self.race.start(settings()))
        except engine.UnrollError as error:
            self.notices.tell_error(error)

    def _bring_back(self, run_id: str, why: str = "") -> None:
        """Make a run current: as it was kept, or untrained if it had learned nothing. why: "" for undo and redo."""

        def done(found: Found) -> None:
            self._fetching = ""
            self.take_run(found, why, run_id)
            if not found.goes_on:
                self.run.lacks_data()
            elif found.run.progress.step:
                name = self.runs.identity(run_id).name
                held = step_held(found.run.progress.step, found.run.weights_step)
                figures = loss_held(self.run.curve, found.run.weights_step)
                self.tell(f"“{name}” is back, at {held}{figures}.", Level.DONE)

        def failed(error: BaseException) -> None:
            self._fetching = ""
            self.notices.tell_error(error)

        self._fetching = run_id
        with self.deferred_redraws.held():
            if not self.runs.fetch(run_id, done, failed):
                self._fetching = ""
                self._begin_again(run_id)

    def _begin_again(self, run_id: str) -> None:
        start = self.runs.start_of(run_id)

        def show(dataset: engine.Dataset) -> None:
            before, settings = self.data.dataset, start.settings
            other = dataset is not before
            if other:
                self.data.show(dataset, start.source)
            self.run.configure(settings.model, settings.training)
            if other:
                self.data.changed.emit()
                self._choose_probe(run_id)
            self.runs.expect(run_id)
            self.run.begin(settings.model, settings.training)
            if start.step:
                name = self.runs.identity(run_id).name
                self.tell(f"The weights of “{name}” are no longer kept, so it starts untrained.", Level.WARNING)
            else:  # otherwise the line would still be about the run before
                reading = read_otherwise(before, settings.data)
                self.tell(f"“{self.runs.identity(run_id).name}” is back, untrained{reading}.", Level.DONE)

        dataset = self.data.recall(start.settings.data.fingerprint)
        if dataset is not None:
            show(dataset)
        elif start.source is not None:
            self.data.read(start.source, show)
        else:
            self.tell(f"The data “{start.settings.data.name}” cannot be read again.", Level.WARNING)

    def _note_replacement(self, why: str) -> None:
        """A new run has started: adapt the probe, and let undo restore the previous run."""
        if (self.probe.label is not None) != self._starts_from_label():
            self._choose_probe(anew=False)
        before, now = self._before, Before(self.runs.current, dict(self._chosen_model), dict(self.run.chosen))
        self._before = now
        if before.run_id and why:
            self.undo.note(why, lambda: self._go_to(before), lambda: self._go_to(now))
        if why == RESET and self.runs.start_of(before.run_id).step:
            name = self.runs.identity(before.run_id).name
            self.tell(f"The network starts untrained; “{name}” is in Runs.", Level.INFO, self.undo.offer())

    def _go_to(self, place: Before) -> None:
        self._chosen_model, self.run.chosen = dict(place.chosen_model), dict(place.chosen_training)
        if place.run_id != self.runs.current:
            self._bring_back(place.run_id)

    def _note_tuning(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        run, names = self.run, " and ".join(before)
        what = change_of(*(replace(run.training_config, **values) for values in (before, after)))
        self.undo.note(what, lambda: run.set_training(**before), lambda: run.set_training(**after), names)

    def _take_data(self, arrival: Arrival) -> None:
        dataset, settings, run = arrival.dataset, arrival.settings, self.run
        model, training, trained = run.model_config, run.training_config, run.progress.step > 0
        if settings is not None:
            model, training = settings.model, settings.training
        elif arrival.before is not None:
            model, training = defaults.followed(model, training, arrival.before, dataset, self.data.sample)
        else:
            model, training = defaults.settings_for(dataset, self.data.sample, self._chosen_model, run.chosen)
        model = defaults.fitting(replace(model, architecture=defaults.first_trainable(dataset, model.architecture)))
        run.configure(model, training)
        self.data.changed.emit()
        self._choose_probe()
        run.begin(model, training, arrival.why)
        proposed = settings is None and not arrival.again
        message, offers = notice_of(dataset, self.data.sample, model.cell if proposed else "", self, trained)
        if message:
            self.tell(message, Level.INFO, *offers)

    def _choose_probe(self, run_id: str = "", kept: LookedAt | None = None, *, anew: bool = True) -> None:
        """Look at an example of other data, or at what was looked at when the run was replaced or kept."""
        dataset, architecture = self.data.dataset, self.run.model_config.architecture
        if dataset is None:
            return
        given, label = defaults.probe_for(dataset, self.data.sample, architecture)
        looked = self._looked_at.of(run_id) or (kept and (kept.text, kept.label))
        if looked and name_of(looked[0]).strip():
            given, label = looked[0], looked[1] if label is not None and looked[1] in dataset.labels else label
        self._looked_at.keep(self._before.run_id, (self.probe.given, self.probe.label))
        self.probe.begin(given, label, anew=anew)

    def _note_probe(self) -> None:
        given, label = self.probe.given, self.probe.label
        self.run.looked_at = LookedAt.of(given, label or "") if isinstance(given, str) else None

    def _starts_from_label(self) -> bool:
        dataset = self.data.dataset
        return dataset is not None and bool(dataset.labels) and self.run.network.label_is_input

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
