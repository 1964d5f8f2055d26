"""The runs being compared, with the weights of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

import engine
from gui.session.current_run import CurrentRun
from gui.session.data import Data
from gui.session.deferred_redraws import DeferredRedraws
from gui.session.notice import Notices
from gui.session.run_endings import end_of
from gui.session.run_library.listed_run import ListedRun, RunSettings
from gui.session.run_library.race import MOST, Race, settings_of_cells
from gui.session.run_library.run_list import RunList

if TYPE_CHECKING:
    from engine.runs.run_set import NamedRun

MOST_BYTES = 500_000_000  # of the weights of all of them; the rest can still be compared by their curves
TOO_LARGE = "Its weights are too large to be shown beside the others."


class ComparedRuns(QObject):
    """At most six runs: the current one, racers, and runs of the list, whose weights are read in another thread."""

    chosen = Signal()  # the user wants to compare other runs
    changed = Signal()  # other runs are compared, or more is known about them

    def __init__(
        self, run: CurrentRun, runs: RunList, race: Race, data: Data, notices: Notices, redraws: DeferredRedraws
    ) -> None:
        super().__init__()
        self.ids: tuple[str, ...] = ()  # of those that exist
        self._chosen: tuple[str, ...] = ()  # also those that have been deleted, as that can be undone
        self._run, self._runs, self._race, self._data, self._notices = run, runs, race, data, notices
        self._redraws = redraws
        self._read: dict[str, tuple[int, engine.Snapshot]] = {}  # id → step, weights
        self._reading: set[tuple[str, int]] = set()
        self._missing: dict[str, str] = {}  # id → why there are no weights of it
        self._in_views = False
        self._refused = ""  # why the last race that was refused could not begin
        self.alike: tuple[str, ...] = ()  # those trained to do the same with the current data
        runs.changed.connect(self._look)
        run.status_changed.connect(self._leave_views)
        run.model_changed.connect(self._leave_views)

    def choose(self, run_ids: Sequence[str]) -> None:
        """Compare these from now on. Views keep what they show: the current run alone, until the user asks for all."""
        if len(run_ids) > MOST:
            self._notices.tell(
                f"At most {MOST} runs can be compared at once; these are the first {MOST} of {len(run_ids)}."
            )
        self._in_views = self.in_views
        self._chosen = tuple(dict.fromkeys(run_ids))[:MOST]
        self._read = {run_id: read for run_id, read in self._read.items() if run_id in self._chosen}
        self._missing.clear()
        self._look()
        self.chosen.emit()

    def race_cells(self) -> None:
        """Race the current settings with each cell."""
        run, dataset = self._run, self._data.dataset
        if dataset is not None and not run.lacks_data():
            self._begin_race(lambda: settings_of_cells(run.model_config, run.training_config, dataset))

    def why_no_race(self, run_ids: Sequence[str]) -> str:
        """Why the settings of these runs cannot race, to be read after a colon; "" if they can."""
        dataset, chosen = self._data.dataset, [run for run in map(self._runs.find, run_ids) if run is not None]
        if len(chosen) < 2:
            return "select two runs or more"
        known = "" if dataset is None else dataset.fingerprint
        return "" if all(run.settings.data.fingerprint == known for run in chosen) else "these learned from other data"

    def race_runs(self, run_ids: Sequence[str]) -> None:
        """Race the settings of runs of the list, each from the start, on the current data."""
        if not self._run.lacks_data():
            chosen = [run for run in map(self._runs.find, run_ids) if run is not None]
            self._begin_race(lambda: [(run.settings.model, run.settings.training) for run in chosen])

    def _begin_race(self, settings: Callable[[], Sequence[tuple[engine.ModelConfig, engine.TrainingConfig]]]) -> None:
        try:
            with self._redraws.held():
                self.choose(self._race.start(settings()))
        except engine.UnrollError as error:
            self._refused = str(error)
            self._notices.tell_error(error)
        else:
            self._notices.withdraw(self._refused)

    @property
    def in_views(self) -> bool:
        """Whether the views of gradient, memory and metrics show all compared runs of the current data and shape, not
        only the current one."""
        return self._in_views and len(self.alike) > 1

    def show_in_views(self, shown: bool) -> None:
        """Let these views show all compared runs, or only the current one."""
        self._in_views = shown
        self.changed.emit()

    def _leave_views(self) -> None:
        """Show only the current run in views when it is not one of the compared runs."""
        self._find_alike()
        if self.in_views and not self._race.on and self._runs.current not in self.ids:
            self.show_in_views(False)

    def runs(self) -> list[ListedRun]:
        """The runs that exist, in their current state."""
        found = map(self._find, self.ids)
        return [run for run in found if run is not None]

    def snapshots(self, run_ids: Sequence[str] | None = None) -> dict[str, engine.Snapshot]:
        """The available weights of these of them, or of all, by id."""
        there = {run_id: self._snapshot(run_id) for run_id in (self.ids if run_ids is None else run_ids)}
        return {run_id: snapshot for run_id, snapshot in there.items() if snapshot is not None}

    def why_missing(self, run_id: str) -> str:
        """Why there are no weights of a run; "" while they are being read."""
        return self._missing.get(run_id, "")

    def collect(self, done: Callable[[list[NamedRun]], None], failed: Callable[[BaseException], None]) -> None:
        """Hand out all compared runs in their current state, to be saved.

        `failed` receives a ConfigError while some of them are racing.
        """
        from engine.runs.run_set import NamedRun

        found: dict[str, engine.Run] = {}
        listed = self.runs()

        def take(run_id: str, saved: engine.Run | None) -> None:
            if saved is None:
                failed(engine.ConfigError("There is no network to save yet."))
                return
            found[run_id] = saved
            if len(found) == len(listed):
                done([NamedRun(run.name, found[run.id]) for run in listed])

        if self._race.on and any(self._race.find(run.id) for run in listed):
            failed(engine.ConfigError("These runs are racing; stop the race first."))
            return
        for run in listed:
            if run.id == self._runs.current:
                self._run.capture(partial(take, run.id), failed)
            else:
                self._runs.look_into(run.id, partial(take, run.id), failed)

    def take_runs(self, named: Sequence[NamedRun]) -> None:
        """Add runs from somebody else's file to the list, and compare them.

        They can be trained further if their data is open, or is a sample: no other files are read on their word.
        """
        at_hand, ids = self._data.dataset, []
        for one in named:
            run = one.run
            settings = RunSettings(run.snapshot.config, run.training, run.data, run.snapshot.codec.kind)
            same = at_hand is not None and len(at_hand.train) > 0 and run.data.fingerprint == at_hand.fingerprint
            own = run.data.sample in engine.SAMPLES and not run.files
            identity = self._runs.introduce(settings, self._data.source if same else None, one.name, shown=False)
            self._runs.take(identity.id, run, run.progress.steps_per_epoch, same or own, end_of(run))
            ids.append(identity.id)
        self.choose(ids)

    def _find(self, run_id: str) -> ListedRun | None:
        racer = self._race.find(run_id)
        racing = racer is not None and not (self._runs.find(run_id) and racer.through)
        return racer.listed() if racer is not None and racing else self._runs.find(run_id)

    def _snapshot(self, run_id: str) -> engine.Snapshot | None:
        if run_id == self._runs.current:
            return self._run.snapshot
        racer = self._race.find(run_id)
        kept = self._read.get(run_id)
        if racer is not None and (kept is None or not racer.through):
            return racer.snapshot
        return None if kept is None else kept[1]

    def _look(self) -> None:
        """Read compared runs that are not known yet, because the set of runs has changed."""
        there = {identity.id for identity in self._runs.present()}  # also a replaced run whose copy is on its way
        self.ids = tuple(run_id for run_id in self._chosen if run_id in there)
        self._find_alike()
        for run in self.runs():
            wanted = (run.id, run.step)
            known = self._read.get(run.id)
            racer = self._race.find(run.id)
            comes_by_itself = racer is not None and (racer.snapshot is not None or not racer.through)
            if run.id == self._runs.current or comes_by_itself:
                continue
            if (known is None or known[0] != run.step) and wanted not in self._reading:
                self._reading.add(wanted)
                self._runs.look_into(run.id, partial(self._take, wanted), partial(self._refuse, wanted))
        self.changed.emit()

    def _find_alike(self) -> None:
        now = self._runs.now()
        self.alike = tuple(run.id for run in self.runs() if now is not None and run.has_data_of(now))

    def _take(self, wanted: tuple[str, int], saved: engine.Run) -> None:
        self._reading.discard(wanted)
        run_id, step = wanted
        if run_id not in self.ids:
            return
        others = sum(read[1].weights.nbytes for other, read in self._read.items() if other != run_id)
        if others + saved.snapshot.weights.nbytes > MOST_BYTES:
            self._missing[run_id] = TOO_LARGE
        else:
            self._read[run_id] = step, saved.snapshot
        self.changed.emit()

    def _refuse(self, wanted: tuple[str, int], error: BaseException) -> None:
        self._reading.discard(wanted)
        self._missing[wanted[0]] = str(error)
        self.changed.emit()
