"""The share of each input in the last state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

import engine
from engine.data.numbers.recording import NetworkInput
from engine.inspection.memory import Memory, no_response
from engine.inspection.text_search import as_typed, left_out, text_to_look_at
from engine.number_text import percent
from gui.panels.base.asking_view import AskingView
from gui.panels.compare.all_runs import AllRuns, text_curve_page
from gui.plots.bar_plot import BarValue, ColumnChart
from gui.plots.donut import Donut
from gui.plots.picture_export import Table
from gui.plots.ranges import narrowed
from gui.session.session import Session
from gui.theme import Theme, series_color
from gui.unrolled_view.diagram_builder import pooling_in_words
from gui.widgets.bars import Bar, Bars
from gui.widgets.box_layouts import side_by_side, stacked
from gui.widgets.symbols import plain_tip, subscript, visible_symbol
from gui.widgets.text import explain, text_label

MOST_STEPS = 200  # only the last ones of a long text; the cost grows with steps times units
MOST_PARTS = 8  # shown one by one: the first input and those with the largest shares; the others are one part
LONG, NAMED_OF_LONG = 16, 4  # with this many inputs, a column for each says more than names, and only so few are named
LEAST_RING_PX, PLACES_PX = 72, 56  # heights: both fit into the lowest view
NARROWEST_RING_PX, RING_GAP_PX = 60, 14  # width of the ring beside long names, and the gap between them
LEGEND_TIP = (
    "The number before an input is its position in the sequence; “the other” groups all inputs that are not listed."
)
LONG_NUMBER = 1.25  # the bars beside these numbers are shorter by this factor
SUBTITLE = "shares of the last state, by input"
FIRMLY_HELD = (
    "What a state holds firmly, in units near −1 or 1, hardly changes any more: it is kept, and has a small share. "
    "“Left out” below the answer of a classifier shows which inputs decide."
)
NOTHING = "Type a text to see what the network remembers of it."


@dataclass(frozen=True)
class Remembered:
    """Inputs in order with their shares. cut: symbols of the text before them that were left out. made_from: what the
    first state is made from; all shares and `begun`, the share of that, sum to 1.

    shown: what they are shares of. note: which state that is, where one would not expect it. both: whether there is one
    for each direction. numbered: whether the inputs have no names but their places.
    """

    inputs: tuple[str, ...]
    shares: tuple[float, ...]
    cut: int = 0
    shown: str = SUBTITLE
    note: str = ""
    both: bool = False
    made_from: str = ""
    begun: float = 0.0
    numbered: bool = False


class _RingAndNames(QWidget):
    """The ring beside the names, each in half of the room; where that is little, the names have what they need."""

    def __init__(self, ring: Donut, names: Bars) -> None:
        super().__init__()
        self._names = names
        self._line = side_by_side((ring, 1), (stacked(1, names, 1), 1), gap=RING_GAP_PX, of=self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room out."""
        super().resizeEvent(event)
        self.share_room()

    def share_room(self) -> None:
        """Give the names the width they need, as far as a small ring has room beside them."""
        room = self.width() - RING_GAP_PX
        names = max(room // 2, min(self._names.name_room_px(), room - NARROWEST_RING_PX))
        for at, share in enumerate((room - names, names)):
            self._line.setStretch(at, max(share, 1))


class MemoryPanel(AskingView[Remembered]):
    """A ring and bars: the first input and the largest shares one by one; long texts as columns too."""

    HELP = (
        "How strongly the last state still responds to each input: if that input were slightly stronger or weaker, how "
        "much would the last state change? The shares add up to 100 %; each is shown rounded. A plain RNN mostly "
        "responds to its last few inputs. A trained LSTM or GRU can hold on to one that matters, however long ago it "
        f"came. {FIRMLY_HELD}\n\n"
        "The last state is h of the top layer after the last input; where an encoder reads and a decoder writes, it is "
        "the encoder’s. A network that reads in both directions has two last states, which are counted together, and "
        "the second one has just read the first input. Where the answer is read from all states, this is still about "
        "the last one alone. A picture that the first state is made from has a share like an input.\n\n"
        "Of a long sequence, the first input and those with the largest shares are named, with their places in it "
        "before them; all others are one grey part. The columns below show the share of every input, from the first to "
        "the last. Ctrl and the wheel over a part of the ring zoom in on the inputs around it; the ring then shows "
        "those. A double-click shows everything again."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, SUBTITLE)
        self.donut = Donut(session.theme, "memory-donut", "Share of each input in the last state")
        self.bars = Bars(
            session.theme,
            "memory-bars",
            "Share of each input in the last state",
            swatch=True,
            number=percent,
        )
        self.donut.zoomed.connect(self._zoom_at)
        self.donut.reset.connect(self._show_all)
        self.note = text_label("", "small", wrap=True, name="memory-note")
        self.note.hide()
        self._ring_and_names = _RingAndNames(self.donut, self.bars)
        self.content.addWidget(self._ring_and_names, 1)
        self.places = ColumnChart("memory-places", "Share of each input by its place in the sequence")
        self.places.setFixedHeight(PLACES_PX)
        self.places.hide()
        self.donut.setMinimumSize(NARROWEST_RING_PX, LEAST_RING_PX)
        self.content.addWidget(self.places)
        self.content.addWidget(self.note)
        self._window = (0, 0)  # the first input that is shown, and the one after the last
        self._count = 0  # number of inputs in all
        self.say(NOTHING)
        self.all_runs = AllRuns(self, "memory", partial(text_curve_page, curve="memory"))

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals to watch, including those of compared runs."""
        return *super().watches(), *self.all_runs.watches()

    def refresh(self) -> None:
        """Ask about the compared runs, or about the newest weights."""
        if not self.all_runs.refresh():
            super().refresh()

    def work(self) -> Callable[[engine.Snapshot], Remembered | None]:
        """Compute what is remembered of the probe."""
        return partial(remember, probe=self.session.probe.given, label=self.session.probe.label)

    def nothing(self) -> str:
        """Say why there is no picture."""
        return NOTHING

    def table(self) -> Table:
        """One row for each input."""
        if self.all_runs.shown:
            return self.all_runs.table()
        found = self.found or Remembered((), ())
        rows = [(i + 1, *pair) for i, pair in enumerate(zip(found.inputs, found.shares, strict=True))]
        if found.made_from:
            rows.insert(0, (0, found.made_from, found.begun))
        return Table(("step", "input", "share of the last state"), rows)

    def draw(self) -> None:
        """Ring and bars; a zoom stays while there are as many inputs."""
        remembered, theme = self.found, self.session.theme
        if remembered is None:
            self.subtitle.setText(SUBTITLE)
            explain(self.subtitle, "")
            return
        if self._count != len(remembered.inputs):
            self._count = len(remembered.inputs)
            self._window = (0, self._count)
        self.subtitle.setText(remembered.shown)
        explain(self.subtitle, FIRMLY_HELD)
        unit = self.session.data.symbol_name
        cut = f"{left_out(remembered.cut, MOST_STEPS, unit).capitalize()}." if remembered.cut else ""
        self.note.setText(" ".join(filter(None, (remembered.note, cut))))
        self.note.setVisible(bool(self.note.text()))
        first, stop = self._window
        parts = ring_parts(remembered, theme, self._window)
        self._show_places(remembered, first, stop)
        state = "both" if remembered.both else f"h{subscript(len(remembered.inputs))}"
        middle = "what both states\nremember" if remembered.both else f"what {state}\nremembers"
        if stop - first < len(remembered.inputs):
            share = sum(part.share for part in parts)
            middle = f"inputs {first + 1}–{stop}:\n{percent(share)} of {state}"
        self.donut.show_parts(parts, middle, theme)
        largest = max((part.share for part in parts), default=0.0)
        self.bars.setToolTip(plain_tip(LEGEND_TIP if len(parts) < stop - first else ""))
        self.bars.show_bars(parts, theme, full=largest * (1.0 if largest >= 0.01 else LONG_NUMBER) or 1.0)
        self._ring_and_names.share_room()

    def _show_places(self, remembered: Remembered, first: int, stop: int) -> None:
        """Draw a column for each input of a long text."""
        columns = [
            BarValue(str(i + 1), remembered.shares[i], f"{i + 1}: {visible_symbol(remembered.inputs[i])}, "
                     f"{percent(remembered.shares[i])}")
            for i in range(first, stop)
        ]  # fmt: skip
        self.places.setVisible(stop - first >= LONG)
        self.places.show_counts(columns, self.session.theme)

    # ---- zoom

    def _zoom_at(self, part: int, factor: float) -> None:
        """Zoom around the input that a part stands for, or around the middle."""
        if self.found is None:
            return
        first, stop = self._window
        at = (first + stop) // 2
        shown = inputs_named(self.found, first, stop)
        part -= begins(self.found, first)
        if 0 <= part < len(shown):
            at = shown[part]
        self._window = narrowed(self._window, self._count, at, factor)
        self.draw()

    def _show_all(self) -> None:
        if self.found is not None:
            self._window = (0, self._count)
            self.draw()


def remember(snapshot: engine.Snapshot, probe: NetworkInput, label: str | None) -> Remembered | None:
    """Shares of the probe's symbols in the last state; runs in the background."""
    model = snapshot.model()
    text = text_to_look_at(model, snapshot, probe, label)
    tokens = text[-MOST_STEPS:]
    if len(tokens) == 0:
        return None
    found = engine.memory(model, tokens, label=label)
    if not np.isfinite(found.shares).all():
        raise engine.ConfigError("Training has diverged: the network's numbers are no longer finite.")
    if not found.responds:
        raise engine.ConfigError(no_response(found, model))
    inputs, _ = as_typed(found.inputs, tokens, snapshot.model_class)
    shares = tuple(float(share) * (1 - found.begun) for share in found.shares)
    words = last_state_in_words(found, pooling_in_words(snapshot.config, snapshot.model_class))
    made_from = next(stage.begins_with for stage in snapshot.model_class.stages if stage.name == found.part)
    cut, frames = len(text) - len(tokens), snapshot.codec.frames
    return Remembered(
        inputs, shares, cut, *words, both=found.directions > 1, made_from=made_from, begun=found.begun,
        numbered=frames is not None and not frames.names_steps,
    )  # fmt: skip


def last_state_in_words(found: Memory, pooling: str) -> tuple[str, str]:
    """What is shown, and which state that is, where one would not expect it."""
    both, last = found.directions > 1, f"h{subscript(len(found.inputs))}"
    notes = [f"Two last states: {last}, read forwards, and h₁, read backwards."] if both else []
    if pooling:
        notes.append(f"The answer is read from all states ({pooling}), not from {'these' if both else 'this one'}.")
    states = "two last states" if both else "the last state"
    where = f", in the {found.part}" if found.part else "" if both else ", by input"  # as much as has room
    return f"shares of {states}{where}", " ".join(notes)


def begins(remembered: Remembered, begin: int) -> bool:
    """Whether the part of what the first state is made from comes before those of the inputs from `begin` on."""
    return begin == 0 and bool(remembered.made_from)


def inputs_named(remembered: Remembered, begin: int, stop: int) -> list[int]:
    """The inputs of a stretch that are shown one by one, in order: its first, and those with the largest shares."""
    if stop - begin <= MOST_PARTS + 1:
        return list(range(begin, stop))
    most = NAMED_OF_LONG if stop - begin >= LONG else MOST_PARTS
    largest = sorted(range(begin + 1, stop), key=lambda i: -remembered.shares[i])[: most - 1]
    return [begin, *sorted(largest)]


def ring_parts(remembered: Remembered, theme: Theme, window: tuple[int, int] | None = None) -> list[Bar]:
    """The named inputs as separate parts, each in its colour; the others as one grey part.

    window: the inputs to show, given as the first and the one after the last.
    """
    begin, stop = window or (0, len(remembered.inputs))
    shown = inputs_named(remembered, begin, stop)
    others = stop - begin - len(shown)
    parts = []
    if begins(remembered, begin):
        parts.append(Bar(remembered.made_from, remembered.begun, series_color(theme, -len(shown) - 1)))
    for place, i in enumerate(shown):
        symbol = visible_symbol(remembered.inputs[i])
        color = series_color(theme, place - len(shown))
        with_place = others and not remembered.numbered
        parts.append(Bar(f"{i + 1} {symbol}" if with_place else symbol, remembered.shares[i], color))
    if others:
        rest = sum(remembered.shares[begin:stop]) - sum(remembered.shares[i] for i in shown)
        parts.append(Bar(f"the other {others}", max(rest, 0.0), theme.baseline))
    return parts
