"""The list of runs: every trained run is kept with its weights until the user deletes it or the list is full."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

import engine
from engine.processes.freed_memory import give_back_freed
from engine.runs.data_source import DataSource
from gui.session.background import Background, Deadline
from gui.session.current_run import CurrentRun, RunStatus
from gui.session.data import Data, Source
from gui.session.notice import NO_MEMORY, Level, Notices
from gui.session.run_endings import End
from gui.session.run_library.identities import as_proposed, parted_colors, telling_name, told_apart
from gui.session.run_library.kept_runs import Bounds, Start
from gui.session.run_library.listed_run import Identity, ListedRun, RunSettings, renamed
from gui.session.run_library.run_data import Found, Whereabouts, bring_back, changed_files
from gui.session.run_library.run_store import RunStore

MOST_GHOSTS = 5  # curves that are drawn without having been asked for


class RunList(QObject):
    """Owns all runs except the current one, copies the current one before it is replaced, and hands out copies. Runs
    are known by their ids. Belongs to the GUI thread; files are read and written in another one.
    """

    changed = Signal()  # the runs have changed, or a name, a pin, or which curves are shown
    written = Signal()  # a copy of a run is on disk
    _news = Signal()  # something has been read or written; emitted in a thread

    def __init__(
        self, run: CurrentRun, data: Data, notices: Notices, wake: Callable[[], None], bounds: Bounds | None = None
    ) -> None:
        """wake: called when a thread has a result."""
        super().__init__()
        self.bounds = bounds or Bounds()
        self.current = ""  # id of the current run; "" between two runs, and at the start
        self.store: RunStore | None = None  # None: runs are kept in memory only
        self.moved: dict[str, Whereabouts] = {}  # fingerprint of data → where the user has found them
        self._known: Callable[[], Collection[str]] = tuple  # the files that the user has opened
        self._run, self._data, self._notices = run, data, notices
        self._token = secrets.token_hex(6)
        self._numbers = count(1)  # of the ids to come
        self._identities: dict[str, Identity] = {}
        self._starts: dict[str, Start] = {}
        self._kept: dict[str, ListedRun] = {}  # oldest first; also the current run, as it was when last kept
        self._next = ""  # id of the run that is about to be brought back
        self._trains = True  # whether the current run has its data
        self._elsewhere: set[str] = set()  # runs that have been introduced but not taken yet
        self._captures: dict[str, list[Callable[[], None]]] = {}  # run whose copy is on its way → what waits for it
        self._unwritten: set[str] = set()  # runs whose newest copy is not on disk
        self._failed: set[str] = set()  # those that could not be written
        self._deleted: set[str] = set()  # runs that can still be restored
        self._background = Background("unroll-runs", self._news.emit, failed=notices.tell_error)
        self._news.connect(wake)
        run.ending.connect(self._keep_current)
        run.began.connect(self._begin)  # not a function: it and the run would keep each other alive

    # ---- the runs

    @property
    def busy(self) -> bool:
        """Whether something is being read or written, or a copy is on its way."""
        return self._background.busy or bool(self._captures)

    def others(self) -> list[ListedRun]:
        """All runs but the current one, the newest first."""
        return [run for run in reversed(self._kept.values()) if run.id != self.current]

    def now(self) -> ListedRun | None:
        """The current run as it is now; None while there is none."""
        start = self._starts.get(self.current)
        if start is None:
            return None
        run, progress = self._run, self._run.progress
        settings = replace(start.settings, training=run.training_config)
        per_epoch = progress.steps_total // progress.epochs if progress.epochs else 0
        end = End(run.status is RunStatus.DIVERGED, run.kept)
        identity = self._identities[self.current]
        return ListedRun(
            identity, settings, progress.step, run.curve, per_epoch, self._trains, end, speed=run.record.speed
        )

    def find(self, run_id: str) -> ListedRun | None:
        """The run with this id; None if its copy is no longer kept."""
        return self.now() if run_id == self.current else self._kept.get(run_id)

    def identity(self, run_id: str) -> Identity:
        """Name and colour, even of a run that was not worth keeping."""
        return self._identities[run_id]

    def start_of(self, run_id: str) -> Start:
        """The start of a run of this window."""
        return self._starts[run_id]

    def source_of(self, run_id: str) -> Source | None:
        """How to read the data of a run of this window again, if that is known."""
        return self._starts[run_id].source if run_id in self._starts else None

    def ghosts(self) -> list[ListedRun]:
        """Runs whose curves are drawn beside that of the current one, oldest first.

        Unless the user asks for more, only runs that this window has replaced; not the current one, opened again.
        """
        drawn = [run for run in self.others() if run.identity.shown is not False and len(run.curve.validation_steps)]
        like_this: list[str] = []
        if (now := self.now()) is not None:
            own = [run for run in drawn if run.id in self._starts and not now.goes_on_from(run)]
            like_this = [run.id for run in own if run.has_data_of(now)][:MOST_GHOSTS]
        return [run for run in reversed(drawn) if run.identity.shown or run.id in like_this]

    def present(self, without: str = "") -> list[Identity]:
        """The identities of all runs that exist, in the order in which they came."""
        there = {self.current, *self._kept, *self._captures, *self._elsewhere} - {without}
        return [identity for run_id, identity in self._identities.items() if run_id in there]

    # ---- what the user does

    def rename(self, run_id: str, name: str) -> None:
        """Rename a run; a name that another run has gets a number."""
        wanted = replace(self._identities[run_id], name=" ".join(name.split()) or self._identities[run_id].name)
        self._change(run_id, name=told_apart(wanted, self.present(without=run_id)).name)

    def pin(self, run_id: str, pinned: bool) -> None:
        """Keep a run even when the list is full, or no longer."""
        self._change(run_id, pinned=pinned)

    def show(self, run_id: str, shown: bool) -> None:
        """Draw its curve beside others, in a colour that none of them has, or dismiss it."""
        drawn = [run.identity for run in (*self.ghosts(), self.now()) if run is not None and run.id != run_id]
        identity = self._identities[run_id]
        self._change(run_id, shown=shown, color=told_apart(identity, drawn).color if shown else identity.color)

    def delete(self, run_id: str) -> ListedRun | None:
        """Remove a run from the list. Returns a value for `restore`; the run's file is deleted when that value is
        dropped."""
        run = self._kept.pop(run_id, None) if run_id != self.current else None
        if run is not None and self.store is not None and run_id not in self._unwritten:
            run = replace(run, capture=None)  # its file is still there
        self._deleted.add(run_id)
        self.changed.emit()
        return run

    def restore(self, run: ListedRun) -> None:
        """Put a deleted run back in its place."""
        self._identities[run.id] = replace(run.identity, name=told_apart(run.identity, self.present()).name)
        self._kept[run.id] = replace(run, identity=self._identities[run.id])
        self._deleted.discard(run.id)
        self._kept = _by_age(self._kept)
        self.changed.emit()

    def drop(self, run_id: str) -> None:
        """Remove the file of a deleted run, which can no longer be restored."""
        self._deleted.discard(run_id)
        if self.store is not None and run_id not in self._kept and run_id != self.current:
            self._background.submit(("file", run_id), partial(self.store.remove, run_id))

    def _part_colors(self) -> None:
        """Give another colour to runs whose curve is drawn beside another in the same colour."""
        now, drawn = self._identities.get(self.current), [run.identity for run in self.ghosts()]
        if now is not None:
            for run_id, color in parted_colors(now, drawn, self.present(without=self.current)).items():
                self._change(run_id, color=color)

    def _change(self, run_id: str, **changes: Any) -> None:
        self._identities[run_id] = replace(self._identities[run_id], **changes)
        if run_id in self._kept:
            self._kept[run_id] = run = renamed(self._kept[run_id], **changes)
            if self.store is not None and run_id not in self._captures:
                self._background.submit(("card", run_id), partial(self.store.write_card, run))
        self.changed.emit()

    # ---- beginning and ending

    def expect(self, run_id: str) -> None:
        """Announce that the next run continues this one and is not new."""
        self._next = run_id

    def _begin(self) -> None:
        """Take note of a run that has started: a new one, or a restored one."""
        run, dataset = self._run, self._data.dataset
        assert dataset is not None
        run_id, self._next = self._next, ""
        origin = DataSource.of(dataset) if run.opened is None else run.opened.data
        settings = RunSettings(run.model_config, run.training_config, origin, dataset.kind)
        run_id = run_id or self.introduce(settings, self._data.source).id
        self._trains = run.opened is None
        self._starts[run_id] = Start(settings, self._data.source)
        self._elsewhere.discard(run_id)
        if run_id not in self._kept:  # others may have taken its name and colour while it was not in the list
            self._identities[run_id] = told_apart(self._identities[run_id], self.present(without=run_id))
        self.current = run_id
        self._part_colors()
        self.changed.emit()

    def note_data(self) -> None:
        """Take note that the data of the current run have another test file."""
        start, dataset = self._starts.get(self.current), self._data.dataset
        if start is not None and dataset is not None and self._trains:
            settings = replace(start.settings, data=DataSource.of(dataset))
            self._starts[self.current] = replace(start, settings=settings, source=self._data.source)

    def introduce(self, settings: RunSettings, source: Source | None, name: str = "", **about: Any) -> Identity:
        """Give a new run an identity. source: how to read its data again. about: whether it is pinned, and drawn."""
        run_id = f"{self._token}-{next(self._numbers)}"
        before = self.present()
        others = {one.id: self._starts[one.id].settings for one in before if one.id in self._starts}
        own = [*others.values()]
        name = name or telling_name(settings, own, as_proposed(settings, self._data.dataset, self._data.sample))
        beside = [other for other, one in others.items() if one.data.fingerprint == settings.data.fingerprint]
        identity = told_apart(Identity(run_id, name, 0, **about), before, beside[-MOST_GHOSTS:])
        self._identities[run_id] = identity
        self._starts[run_id] = Start(settings, source)
        self._elsewhere.add(run_id)
        return identity

    def take(self, run_id: str, saved: engine.Run, steps_per_epoch: int, trains: bool, end: End) -> None:
        """Keep a run that was introduced and trained elsewhere."""
        self._starts[run_id] = replace(self._starts[run_id], step=saved.progress.step)
        self._elsewhere.discard(run_id)
        self._add(ListedRun.of(self._identities[run_id], saved, steps_per_epoch, trains, end))
        self._part_colors()

    def _keep_current(self) -> None:
        """Take a copy of the current run, which is about to be replaced, if it has learned anything."""
        now, self.current = self.now(), ""
        run = self._run
        if now is None:
            return
        run_id, latest = now.id, self._kept.get(now.id)
        start = self._starts[run_id]
        self._starts[run_id] = replace(start, settings=now.settings, step=now.step)
        if not now.step and not run.training:
            return
        if latest is not None and (latest.step, latest.settings) == (now.step, now.settings) and not run.training:
            return  # it was brought back and has not changed since
        waiting = self._captures.setdefault(run_id, [])

        def captured(saved: engine.Run | None) -> None:
            self._captures.pop(run_id, None)
            if saved is not None and saved.progress.step:
                self._add(self._listed(now, saved))
            for tell in waiting:
                tell()

        def failed(error: BaseException) -> None:
            why = str(error) or NO_MEMORY
            self._notices.tell(f"“{now.name}” could not be kept: {why}", Level.WARNING)
            captured(None)

        run.capture(captured, failed)

    def with_capture(self, saved: engine.Run) -> ListedRun | None:
        """The current run with a copy of it."""
        now = self.now()
        return None if now is None else self._listed(now, saved)

    def _listed(self, now: ListedRun, saved: engine.Run) -> ListedRun:
        return ListedRun.of(self._identities[now.id], saved, now.steps_per_epoch, now.trains, now.end)

    def _add(self, run: ListedRun) -> None:
        self._kept.pop(run.id, None)
        self._kept[run.id] = run
        if self.store is not None:
            self._unwritten.add(run.id)
            self._write(run.id)
        self._spill()
        self._prune()
        self.changed.emit()

    # ---- bounds

    def _write(self, run_id: str) -> None:
        if self.store is not None and run_id in self._kept:
            work = partial(self.store.write, self._kept[run_id])
            self._background.submit(
                ("file", run_id), work, partial(self._written, run_id), partial(self._not_written, run_id)
            )

    def _not_written(self, run_id: str, error: BaseException) -> None:
        """Keep it in memory, and retry whenever another one could be written and when the window closes."""
        if run_id not in self._failed:
            name, why = self._identities[run_id].name, str(error) or NO_MEMORY
            self._notices.tell(f"“{name}” is kept only in memory until it can be written: {why}", Level.WARNING)
        self._failed.add(run_id)

    def _written(self, run_id: str, size: int) -> None:
        """Take note that a copy is on disk, so that it need not stay in memory."""
        self._unwritten.discard(run_id)
        self._failed.discard(run_id)
        for failed in self._failed:
            self._write(failed)
        if run_id in self._kept:
            self._kept[run_id] = replace(self._kept[run_id], size=size)
        self._spill()
        self.written.emit()
        self._background.submit("memory", give_back_freed)  # of copies, and of the network that was replaced

    def _spill(self) -> None:
        """Drop copies that are on disk from memory, except the newest."""
        count = size = 0
        for run in reversed(list(self._kept.values())):
            if run.capture is None:
                continue
            count, size = count + 1, size + run.size
            fits = count <= self.bounds.in_memory and size <= self.bounds.in_memory_size
            if not fits and self.store is not None and run.id not in self._unwritten:
                self._kept[run.id] = replace(run, capture=None)

    def _prune(self) -> None:
        """Remove the oldest runs that are not pinned, until the rest are within the bounds; the newest stays."""
        removed = []
        for run in list(self._kept.values())[:-1]:
            if self.bounds.hold([each.size for each in self._kept.values()]):
                break
            if not run.identity.pinned and run.id != self.current:
                del self._kept[run.id]
                self.drop(run.id)
                removed.append(run.name)
        if removed:
            self._notices.tell(self.bounds.why_removed(removed))

    # ---- handing out

    def fetch(self, run_id: str, done: Callable[[Found], None], failed: Callable[[BaseException], None]) -> bool:
        """Hand out a kept run with its data, immediately if both are in memory. Returns whether there is such a run."""
        if run_id in self._captures:
            self._captures[run_id].append(lambda: None if self.fetch(run_id, done, failed) else failed(_gone()))
            return True
        run = self._kept.get(run_id)
        if run is None:
            return False
        fingerprint = run.settings.data.fingerprint
        dataset, moved = self._data.recall(fingerprint), self.moved.get(fingerprint)
        if run.capture is not None and dataset is not None and run.trains:
            done(Found(run.capture, dataset, True))
        else:
            source = self.source_of(run_id)
            saved = run.capture or (Path() if self.store is None else self.store.path_of(run_id))
            known = None if run.trains else self._known()
            work = partial(bring_back, saved, dataset, None if source is None else source.read, known, moved)
            self._background.submit("fetch", work, done, failed)
        return True

    def look_for_changes(self, dataset: engine.Dataset, done: Callable[[tuple[str, ...]], None]) -> None:
        """Hand out which files of data in memory hold other data by now."""
        self._background.submit("changes", partial(changed_files, dataset), done)

    def look_into(
        self, run_id: str, done: Callable[[engine.Run], None], failed: Callable[[BaseException], None]
    ) -> None:
        """Hand out a kept run without its data, immediately if it is in memory."""
        run = self._kept.get(run_id)
        if run is not None and run.capture is not None:
            done(run.capture)
        elif run is not None and self.store is not None:
            self._background.submit(
                ("look", run_id), partial(engine.open_run, self.store.path_of(run_id)), done, failed
            )
        else:
            failed(_gone())

    # ---- disk

    def keep_in(self, store: RunStore) -> None:
        """From now on, also keep runs on disk; those already there join the list."""
        self.store = store
        self._token = store.token
        self._background.submit("cards", store.cards, self._take_cards)

    def ask_before_reading(self, known: Callable[[], Collection[str]]) -> None:
        """From now on, read files that runs from elsewhere name if they are known."""
        self._known = known

    def rescue(self, run: ListedRun) -> None:
        """Add a run of a window that did not close properly to the list."""
        self._take_cards([run])

    def _take_cards(self, found: list[ListedRun]) -> None:
        earlier = {run.id: renamed(run, shown=None) for run in found if run.id not in self._kept}
        self._identities = {run_id: run.identity for run_id, run in earlier.items()} | self._identities
        self._kept = _by_age(earlier | self._kept)
        self._prune()
        apart: list[Identity] = []
        for before in self.present():
            apart.append(now := told_apart(before, apart))
            if now != before:
                self._change(now.id, name=now.name, color=now.color)
        self._part_colors()
        self.changed.emit()

    def pull(self) -> None:
        """Take the results of the thread."""
        for answer in self._background.take_answers():
            answer.deliver()

    def is_on_disk(self, run_id: str, step: int) -> bool:
        """Whether a copy of a run from this step or later has been written."""
        run = self._kept.get(run_id)
        return self.store is not None and run is not None and run.step >= step and run_id not in self._unwritten

    def end(self, keep: bool) -> None:
        """Prepare for the window to close. keep: whether to keep the current run, like one that is replaced."""
        for run_id in self._failed:
            self._write(run_id)
        if keep:
            self._keep_current()
        for run_id in list(self._deleted):
            self.drop(run_id)

    def close(self, deadline: Deadline) -> bool:
        """End the thread once everything has been written; returns whether it has ended in time."""
        ended = self._background.close(deadline, finish=True)
        self.pull()
        return ended


def _by_age(runs: dict[str, ListedRun]) -> dict[str, ListedRun]:
    return dict(sorted(runs.items(), key=lambda item: item[1].changed_s))


def _gone() -> engine.StorageError:
    return engine.StorageError("The run could not be kept, so it cannot be brought back.")
