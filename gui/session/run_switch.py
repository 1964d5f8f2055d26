"""Which run is the current one: saved runs and runs of the list come back, and changes of run can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import engine
from engine.runs.data_source import DataSource, file_name, in_words
from engine.training import defaults
from gui.session.current_run import NEW_RUN, RESET, CurrentRun
from gui.session.data import Data, Source
from gui.session.deferred_redraws import DeferredRedraws
from gui.session.example_choice import ExampleChoice
from gui.session.found_columns import read_otherwise, with_found
from gui.session.notice import Level, Notices, change_of, starts_untrained
from gui.session.run_endings import end_of, loss_held, step_held
from gui.session.run_library.run_data import Found, again_for, changed_settings
from gui.session.run_library.run_list import RunList
from gui.session.shared_settings import SharedSettings
from gui.session.undo import Undo


@dataclass(frozen=True)
class Before:
    """The previous run, and the user's choices at that time."""

    run_id: str
    chosen_model: Mapping[str, Any]
    chosen_training: Mapping[str, Any]


class RunSwitch:
    """Makes other runs the current one, and lets undo return to the one before."""

    def __init__(
        self,
        run: CurrentRun,
        runs: RunList,
        data: Data,
        examples: ExampleChoice,
        undo: Undo,
        notices: Notices,
        redraws: DeferredRedraws,
    ) -> None:
        """redraws: what waits to be drawn until everything belongs to the other run."""
        self._run, self._runs, self._data, self._examples = run, runs, data, examples
        self._undo, self._notices, self._redraws = undo, notices, redraws
        self.chosen_model: dict[str, Any] = {}  # network settings that the user has chosen so far, on any data
        self._before = Before("", {}, {})  # the run before this one, and what had been chosen then
        self.fetching = ""  # id of the run that is being brought back
        run.began.connect(self._note_replacement)
        run.replaced_trained.connect(self.tell_replaced)
        run.tuned.connect(self._note_tuning)

    def take(self, found: Found, why: str, run_id: str = "", *, looks_again: bool = False) -> None:
        """Show a saved run at its last step. why: what the user did. run_id: in the list, if it was there before.
        looks_again: whether the views return to the text saved with it even if its data are shown already."""
        saved, dataset = found.run, found.dataset
        listed, source = self._runs.find(run_id), self._runs.source_of(run_id)
        self._runs.expect(run_id)
        other = dataset is not self._data.dataset
        if not found.goes_on:
            source = None  # where the data is not: it may be found elsewhere
        elif other and source is None:
            load = again_for(saved.data, dataset)
            sample = engine.SAMPLES.get(saved.data.sample)
            changes = changed_settings(dataset.config)
            source = None if load is None else Source(dataset.name, load, sample, changes)
        if other:
            self._data.show(dataset, source)
        if why and found.goes_on:
            self._take_as_chosen(saved, dataset)
        self._run.resume(saved, found.goes_on)
        if other:
            self._data.changed.emit()
        if other or looks_again:
            self._examples.choose("" if looks_again else run_id, saved.looked_at)
        self._run.announce(saved, why, end_of(saved) if listed is None else listed.end)

    def _take_as_chosen(self, saved: engine.Run, dataset: engine.Dataset) -> None:
        """Opening a run counts as choosing its network if another would be proposed for its data."""
        config, sample = saved.snapshot.config, engine.SAMPLES.get(saved.data.sample)
        usual = defaults.settings_for(dataset, sample, {}, {})[0]
        for name in defaults.KEPT:
            if getattr(config, name) == getattr(usual, name):
                self.chosen_model.pop(name, None)
            else:
                self.chosen_model[name] = getattr(config, name)

    def open(self, run_id: str) -> None:
        """Make a run of the list the current one again; it continues where it stopped."""
        run = self._runs.find(run_id)
        if run is not None and run_id != self._runs.current:
            self._bring_back(run_id, f"opening of “{run.name}”")

    def _bring_back(self, run_id: str, why: str = "") -> None:
        """Make a run current: as it was kept, or untrained if it had learned nothing. why: "" for undo and redo."""

        def done(found: Found) -> None:
            self.fetching = ""
            self.take(found, why, run_id)
            if why:
                self.look_for_changes()
            if not found.goes_on:
                self._run.lacks_data()
            elif found.run.progress.step:
                name = self._runs.identity(run_id).name
                held = step_held(found.run.progress.step, found.run.weights_step)
                figures = loss_held(self._run.curve, found.run.weights_step)
                now = "is now the current run" if why else "is back"  # one that has raced was never it before
                self._notices.tell(f"“{name}” {now}, at {held}{figures}.", Level.DONE)

        def failed(error: BaseException) -> None:
            self.fetching = ""
            self._notices.tell_error(error)

        self.fetching = run_id
        with self._redraws.held():
            if not self._runs.fetch(run_id, done, failed):
                self.fetching = ""
                self._begin_again(run_id)

    def look_for_changes(self) -> None:
        """Tell the user if the files of the data in memory, which a run that was opened goes on with, have changed."""
        dataset = self._data.dataset
        assert dataset is not None

        def found(files: tuple[str, ...]) -> None:
            if files and self._data.dataset is dataset:
                has, it, was = ("has", "it", "was") if len(files) == 1 else ("have", "they", "were")
                goes_on = "This run goes on with the data as it was, as long as this window is open."
                text = f"{in_words([*map(file_name, files)])} {has} changed since {it} {was} read. {goes_on}"
                anew = NEW_RUN, partial(self._begin_anew, dataset)
                self._notices.tell(f"{text} To train on it as it is now, start a new run.", Level.WARNING, anew)

        self._runs.look_for_changes(dataset, found)

    def _begin_anew(self, dataset: engine.Dataset) -> None:
        """Begin a run like the current one on its data as they are in the files now."""
        if self._data.dataset is dataset:
            read = with_found(DataSource.of(dataset), ["sheet"]).config
            settings = SharedSettings(self._run.model_config, self._run.training_config)
            self._data.open(dataset.paths, settings, **changed_settings(read))

    def _begin_again(self, run_id: str) -> None:
        start = self._runs.start_of(run_id)

        def show(dataset: engine.Dataset) -> None:
            before, settings = self._data.dataset, start.settings
            other = dataset is not before
            if other:
                self._data.show(dataset, start.source)
            self._run.configure(settings.model, settings.training)
            if other:
                self._data.changed.emit()
                self._examples.choose(run_id)
            self._runs.expect(run_id)
            self._run.begin(settings.model, settings.training)
            if start.step:
                name = self._runs.identity(run_id).name
                self._notices.tell(
                    f"The weights of “{name}” are no longer kept, so it starts untrained.", Level.WARNING
                )
            else:  # otherwise the line would still be about the run before
                reading = read_otherwise(before, settings.data)
                self._notices.tell(f"“{self._runs.identity(run_id).name}” is back, untrained{reading}.", Level.DONE)

        dataset = self._data.recall(start.settings.data.fingerprint)
        if dataset is not None:
            show(dataset)
        elif start.source is not None:
            self._data.read(start.source, show)
        else:
            self._notices.tell(f"The data “{start.settings.data.name}” cannot be read again.", Level.WARNING)

    def _note_replacement(self, why: str) -> None:
        """A new run has started: adapt the probe, and let undo restore the previous run."""
        self._examples.fit_label()
        before, now = self._before, Before(self._runs.current, dict(self.chosen_model), dict(self._run.chosen))
        self._before, self._examples.run_id = now, now.run_id
        if before.run_id and why:
            self._undo.note(why, lambda: self._go_to(before), lambda: self._go_to(now))
        if why == RESET and self._runs.start_of(before.run_id).step:
            name = self._runs.identity(before.run_id).name
            self._notices.tell(f"The network starts untrained; “{name}” is in Runs.", Level.INFO, self._undo.offer())

    def tell_replaced(self, changed: str, same_seed: bool) -> None:
        """Tell the user that other settings have replaced a trained network, with the way back. changed: which."""
        text = f"{changed}. {starts_untrained(self._run.training_config.seed if same_seed else None)}"
        self._notices.tell(text, Level.INFO, self._undo.offer())

    def _go_to(self, place: Before) -> None:
        self.chosen_model, self._run.chosen = dict(place.chosen_model), dict(place.chosen_training)
        if place.run_id != self._runs.current:
            self._bring_back(place.run_id)

    def _note_tuning(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        run, names = self._run, " and ".join(before)
        what = change_of(*(replace(run.training_config, **values) for values in (before, after)))
        self._undo.note(what, lambda: run.set_training(**before), lambda: run.set_training(**after), names)
