"""The base of the pages of the comparison: each shows the same thing for every run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

import engine
from engine.data.numbers.recording import NetworkInput
from gui.plots.picture_export import Table
from gui.session.probe import Probe
from gui.session.questions import Question
from gui.session.run_library.identities import distinct_colors
from gui.session.run_library.listed_run import ListedRun
from gui.session.run_library.run_names import short_name
from gui.session.session import Session
from gui.theme import Theme, run_color
from gui.widgets.box_layouts import stacked

T = TypeVar("T")

OTHER_DATA = "Learned from “{}”, not from the data of this text."
SHARE = 0.02  # of one core while something trains


@dataclass(frozen=True, eq=False)
class Entry:
    """One of the compared runs. name: short. color: of this run. why: why its weights are not available, or "". suits:
    whether the text that all views show is of the data that it learned from."""

    run: ListedRun
    name: str
    color: str
    why: str = ""
    suits: bool = True


class Page(QWidget):
    """One way to compare. `show_found` gets the result of `look` for the weights of each run, by id, or why there is
    none."""

    READS_TEXT = True  # whether it shows how the networks read the text
    head: QWidget | None = None  # stands in the head of a view that shows this page

    def __init__(self) -> None:
        super().__init__()
        self.column = stacked(of=self, gap=6)

    def look(self, probe: Probe) -> Callable[[engine.Snapshot], Any] | None:
        """The function of a run's weights that is computed in another thread; None if curves are enough."""
        raise NotImplementedError

    def show_found(self, entries: Sequence[Entry], found: Mapping[str, Any | str], theme: Theme) -> None:
        """Draw what was found; a text instead of a value says why there is none."""
        raise NotImplementedError

    def fit(self, room: QSize) -> None:
        """Show only what has room in a view, which does not grow for it."""

    def table(self) -> Table:
        """The numbers that are drawn."""
        raise NotImplementedError


def compared_entries(session: Session) -> list[Entry]:
    """The runs that are compared, as they are now."""
    compared, theme = session.compared, session.theme
    runs, now = compared.runs(), session.runs.now()
    beside, entries = [*runs, *([] if now is None else [now])], []
    for run, color in zip(runs, distinct_colors(runs), strict=True):
        suits = now is None or run.has_texts_of(now)
        why = compared.why_missing(run.id) if suits else OTHER_DATA.format(run.settings.data.name)
        entries.append(Entry(run, short_name(run, beside), run_color(theme, color), why, suits))
    return entries


def ask_for_page(
    session: Session,
    owner: object,
    page: Page,
    run_ids: Sequence[str],
    done: Callable[[dict[str, Any | str]], None],
) -> None:
    """Compute what a page shows of each of these runs, in the background, if that needs their weights."""
    if session.known.ask():
        return  # otherwise all would be computed twice, first without the right answer
    probe = session.probe
    look = page.look(probe)
    if look is None:
        return
    snapshots = session.compared.snapshots(run_ids)
    about = page, probe.given, probe.label, probe.known, tuple(snapshots), session.theme
    work = partial(look_into_each, snapshots=snapshots, look=look)
    session.ask(Question(owner, work, done, about=about, beside=tuple(snapshots.values()), share=SHARE))


def look_into_each(
    _: engine.Snapshot, snapshots: Mapping[str, engine.Snapshot], look: Callable[[engine.Snapshot], T]
) -> dict[str, T | str]:
    """What is found in the weights of each run, or why nothing could be; runs in the background."""
    found: dict[str, T | str] = {}
    for run_id, snapshot in snapshots.items():
        try:
            found[run_id] = look(snapshot)
        except engine.UnrollError as error:  # of one run, such as a text that it cannot read
            found[run_id] = str(error)
    return found


def with_text(
    look: Callable[[engine.Snapshot, NetworkInput, str | None], T], probe: Probe
) -> Callable[[engine.Snapshot], T]:
    """A function of the weights and a text, bound to the text that all views look at."""
    return partial(_with_label, look, probe.given, probe.label)


def _with_label(
    look: Callable[[engine.Snapshot, NetworkInput, str | None], T],
    text: NetworkInput,
    label: str | None,
    snapshot: engine.Snapshot,
) -> T:
    """A network that starts from a label gets the current one, or its first; others get none."""
    target = snapshot.codec.target if snapshot.model_class.label_is_input and snapshot.codec.kind.has_classes else None
    labels = () if target is None else target.symbols
    return look(snapshot, text, label if label in labels else next(iter(labels), None))
