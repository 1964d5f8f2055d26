"""The base of the pages of the comparison: each shows the same thing for every run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

import engine
from engine.data.examples import SideValue
from engine.data.numbers.recording import NetworkInput
from gui.panels.base.curve_view import legend_of
from gui.plots.picture_export import Table
from gui.session.probe import Probe
from gui.session.questions import Question
from gui.session.run_library.identities import distinct_colors
from gui.session.run_library.listed_run import ListedRun
from gui.session.run_library.run_names import short_name
from gui.session.session import Session
from gui.theme import Theme, run_color
from gui.widgets.box_layouts import add, stacked
from gui.widgets.symbols import visible_text
from gui.widgets.text import text_label

T = TypeVar("T")

OTHER_DATA = "Learned from “{0}”; the text is for “{1}”, the current data. Open a run of “{0}” to ask it."
EXAMPLE = (
    "These runs learned from “{0}”, and this text is an example of “{1}”. Type a text, or open one of these runs to "
    "ask them."
)
READING = "Reading its weights…"
SHARE = 0.02  # of one core while something trains


@dataclass(frozen=True, eq=False)
class Entry:
    """One of the compared runs. name: short. color: of this run. why: why its weights are not available, or "". suits:
    whether it is asked about the text that all views show."""

    run: ListedRun
    name: str
    color: str
    why: str = ""
    suits: bool = True


class Page(QWidget):
    """One way to compare. `show_found` gets the result of `look` for the weights of each run, by id, or why there is
    none. Subclasses put their widgets into `column`; words take the place of all of them where no run can show
    anything."""

    READS_TEXT = True  # whether it shows how the networks read the text
    head: QWidget | None = None  # stands in the head of a view that shows this page

    def __init__(self) -> None:
        super().__init__()
        self.box = QWidget()
        self.column = stacked(of=self.box, gap=6)
        self.hint = text_label("", "muted", wrap=True, name="compare-why-none")
        self.hint.setTextFormat(Qt.TextFormat.RichText)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.hide()
        add(stacked(of=self), (self.box, 1), (self.hint, 1))

    def look(self, probe: Probe, truth: SideValue) -> Callable[[engine.Snapshot], Any] | None:
        """The function of a run's weights that is computed in another thread; None if curves are enough. truth: the
        right answer, () if unknown."""
        raise NotImplementedError

    def show_found(self, entries: Sequence[Entry], found: Mapping[str, Any | str], theme: Theme) -> None:
        """Draw what was found; a text instead of a value says why there is none."""
        raise NotImplementedError

    def say_if_none(self, entries: Sequence[Entry], found: Mapping[str, Any | str]) -> None:
        """Say why there is nothing to draw if that is so for all runs."""
        whys = [why_not(entry, found) for entry in entries]
        none = bool(whys) and all(whys) and READING not in whys
        self.hint.setText(whys_in_words(entries, found) if none else "")
        self.hint.setVisible(none)
        self.box.setVisible(not none)

    def fit(self, room: QSize) -> None:
        """Show only what has room in a view, which does not grow for it."""

    def table(self) -> Table:
        """The numbers that are drawn."""
        raise NotImplementedError


def why_not(entry: Entry, found: Mapping[str, Any | str]) -> str:
    """Why there is nothing to draw for a run; "" if there is."""
    value = found.get(entry.run.id)
    return value if isinstance(value, str) else "" if value is not None else entry.why or READING


def whys_in_words(entries: Sequence[Entry], found: Mapping[str, Any | str]) -> str:
    """Why there will be nothing to draw for runs, as rich text: a line for each reason, with the runs that it holds for
    unless it holds for all."""
    by_reason: dict[str, list[Entry]] = {}
    for entry in entries:
        if (why := why_not(entry, found)) not in ("", READING):
            by_reason.setdefault(why, []).append(entry)
    return "<br>".join(
        escape(visible_text(why))
        if len(of) == len(entries)
        else f"{legend_of((entry.color, entry.name) for entry in of)}: {escape(visible_text(why))}"
        for why, of in by_reason.items()
    )


def compared_entries(session: Session) -> list[Entry]:
    """The runs that are compared, as they are now."""
    compared, theme = session.compared, session.theme
    runs, now = compared.runs(), session.runs.now()
    beside, entries = [*runs, *([] if now is None else [now])], []
    alike = all(run.has_texts_of(runs[0]) for run in runs)
    for run, color in zip(runs, distinct_colors(runs), strict=True):
        suits, why = True, compared.why_missing(run.id)
        if now is not None and not run.has_texts_of(now) and (session.probe.is_example or not alike):
            suits = False
            why = (EXAMPLE if alike else OTHER_DATA).format(run.settings.data.name, now.settings.data.name)
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
    probe, now = session.probe, session.runs.now()
    asked = [run for run in session.compared.runs() if run.id in run_ids]
    known = now is None or all(run.has_texts_of(now) for run in asked)  # the answer is that of the current data
    look = page.look(probe, probe.known.truth if known else ())
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
