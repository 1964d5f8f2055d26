"""Pages that look inside the networks: hidden states above each other, and curves along the text in one plot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

import engine
from engine.data.examples import SideValue
from engine.number_text import NARROW, power_of_ten
from gui.panels.base.curve_view import legend, legend_of
from gui.panels.base.view import least_plot_height
from gui.panels.compare.compare_page import READING, Entry, Page, why_not, with_text
from gui.panels.compare.inner_values import TextCurve, gradient_curve, memory_curve, states
from gui.panels.hidden_state import LayerStates
from gui.plots.axes import BELOW
from gui.plots.heat_map import Heat, HeatMap
from gui.plots.line_plot import Line, LinePlot, PlotRange
from gui.plots.name_axis import NameAxis
from gui.plots.picture_export import Table
from gui.session.probe import Probe
from gui.theme import Theme
from gui.widgets.box_layouts import add, stacked
from gui.widgets.elided_names import cut_name
from gui.widgets.symbols import plain_tip
from gui.widgets.text import text_label

LEAST_PX = 96  # height of the states of one run
NAMES_PX = 400, 120, 80, 50, 30  # the widths to which names below a plot are cut, until they fit
LONGEST_INPUT_PX = 64.0  # of a name below a plot; longer ones are cut
ROOMY_PLOT_PX = 90  # a plot as high as this has room for sentences below it
LOWEST = -8  # power of ten of the smallest share that is still drawn, as in the view of the gradient


def _gradient_of(probe: Probe, truth: SideValue) -> Callable[[engine.Snapshot], TextCurve]:
    return with_text(partial(gradient_curve, truth=truth), probe)


def _memory_of(probe: Probe, truth: SideValue) -> Callable[[engine.Snapshot], TextCurve]:
    return with_text(memory_curve, probe)


# Curves along the text: the title, what computes it, and whether its axis is logarithmic at first.
CURVES: Final[dict[str, tuple[str, Callable[[Probe, SideValue], Callable[[engine.Snapshot], TextCurve]], bool]]] = {
    "gradient": ("gradient as a share of that at the last step", _gradient_of, True),
    "memory": ("share of the last state or states", _memory_of, False),
}


class StatesPage(Page):
    """Units by steps for each run, one above the other; the colours of all range from −1 to 1."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        inner = QWidget()
        self._rows = stacked(of=inner, gap=2)
        self._theme = theme
        self._names: list[QLabel] = []
        self._maps: list[HeatMap] = []
        area = QScrollArea()
        area.setObjectName("compare-states")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        inner.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        self.column.addWidget(area, 1)
        self._shown: list[tuple[Entry, Heat]] = []

    def look(self, probe: Probe, truth: SideValue) -> Callable[[engine.Snapshot], Any] | None:
        """Compute the states of the text."""
        return with_text(states, probe)

    def show_found(self, entries: Sequence[Entry], found: Mapping[str, Any | str], theme: Theme) -> None:
        """Draw one picture for each run, or a line that says why there is none."""
        self.say_if_none(entries, found)
        self._shown = []
        while len(self._maps) < len(entries):
            self._add_row(len(self._maps))
        for place, (name, heat_map) in enumerate(zip(self._names, self._maps, strict=True)):
            entry = entries[place] if place < len(entries) else None
            drawn = None if entry is None else found.get(entry.run.id)
            name.setVisible(entry is not None)
            heat_map.setVisible(isinstance(drawn, LayerStates))
            if entry is not None:
                said = drawn.layer if isinstance(drawn, LayerStates) else why_not(entry, found)
                name.setText(legend(entry.color, f"{entry.name}: " if said else entry.name, "") + escape(said))
            if entry is not None and isinstance(drawn, LayerStates):
                heat_map.show_heat(drawn.heat, theme)
                self._shown.append((entry, drawn.heat))

    def _add_row(self, place: int) -> None:
        """Make the name and the picture of one more run. Made all at once they would hold up the window."""
        name = text_label("", "small", wrap=True, name=f"compare-state-name-{place}")
        name.setTextFormat(Qt.TextFormat.RichText)
        heat_map = HeatMap(self._theme, f"compare-state-{place}", "Hidden state of one run: units by time")
        heat_map.setMinimumHeight(LEAST_PX)
        self._rows.addWidget(name)
        self._rows.addWidget(heat_map, 1)
        self._names.append(name)
        self._maps.append(heat_map)

    def table(self) -> Table:
        """A row for each unit of each run, a column for each step."""
        widest = max((heat.values.shape[1] for _, heat in self._shown), default=0)
        rows = [
            (entry.run.name, row, *values.tolist())
            for entry, heat in self._shown
            for row, values in enumerate(heat.values)
        ]
        return Table(("run", "unit", *map(str, range(1, widest + 1))), rows)


class SharesPlot(LinePlot):
    """Lines of shares, written in per cent as in the sentences about them, over what is read at each step: the input
    at place i (from 0) is from i to i + 1."""

    WIDEST_NUMBER = f"{BELOW}{power_of_ten(LOWEST + 2)}{NARROW}%"  # the smallest, on a logarithmic axis

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        self.inputs = NameAxis("bottom", self.font_of_plots(), LONGEST_INPUT_PX)
        super().__init__(theme, name, title)
        self.add_axis(self.inputs)
        self.bottom.setVisible(False)

    def arrange(self) -> None:
        """Place the names of the inputs where other plots have numbers."""
        super().arrange()
        self.place_axes(self.left, self.inputs)


def first_places(curves: Sequence[TextCurve]) -> list[int]:
    """The place of each curve's first input, so that the text begins at the same place in all."""
    begin = max((curve.before for curve in curves), default=0)
    return [begin - curve.before for curve in curves]


def inputs_of(curves: Sequence[TextCurve]) -> tuple[str, ...]:
    """What is read at each place; "4/5" where runs go on from different answers of their own."""
    placed = list(zip(first_places(curves), curves, strict=True))
    longest = max((place + len(curve.names) for place, curve in placed), default=0)
    found = (dict.fromkeys(curve.label(at - place) for place, curve in placed) for at in range(longest))
    return tuple("/".join(filter(None, names)) for names in found)


class TextCurvePage(Page):
    """A line for each run over the steps of the text, all on one scale; below, a sentence about each."""

    def __init__(self, theme: Theme, owner: str, curve: str) -> None:
        """curve: one of CURVES."""
        super().__init__()
        title, self._look, log = CURVES[curve]
        self._title = title
        self.plot = SharesPlot(theme, f"{owner}-plot", title)
        self.plot.set_log(log)
        self.summary = text_label("", "small", wrap=True, name=f"{owner}-summary")
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self._about = text_label(f"{title[:1].upper()}{title[1:]}, for each step of the text", "small", wrap=True)
        add(self.column, self._about, (self.plot, 1), self.summary)
        self._shown: list[tuple[Entry, TextCurve]] = []
        self._sentences: list[tuple[Entry, str]] = []
        self._room: QSize | None = None  # in a view

    def fit(self, room: QSize) -> None:
        """Name the runs only where there is no room for a sentence about each."""
        self._room = room
        self._summarize()

    def look(self, probe: Probe, truth: SideValue) -> Callable[[engine.Snapshot], Any] | None:
        """Compute the curve along the text."""
        return self._look(probe, truth)

    def show_found(self, entries: Sequence[Entry], found: Mapping[str, Any | str], theme: Theme) -> None:
        """Draw lines in the colours of the runs."""
        self.say_if_none(entries, found)
        pairs = [(entry, found.get(entry.run.id)) for entry in entries]
        self._shown = [(entry, curve) for entry, curve in pairs if isinstance(curve, TextCurve)]
        lines, longest, largest = [], 1, 0.0
        places = first_places([curve for _, curve in self._shown])
        for place, (entry, curve) in zip(places, self._shown, strict=True):
            middles = place + np.arange(0.5, len(curve.y))
            lines.append(Line(middles, np.maximum(curve.y, 10.0**LOWEST), entry.color, 2.0, dots=True))
            longest = max(longest, place + len(curve.y))
            largest = max([largest, *curve.y[np.isfinite(curve.y)].tolist()])
        self.plot.show_lines(tuple(lines), theme)
        cut = any((curve.y < 10.0**LOWEST).any() for _, curve in self._shown)
        self.plot.left.set_cut(LOWEST if cut else None)
        self.plot.inputs.set_names(inputs_of([curve for _, curve in self._shown]))
        self.plot.set_range(PlotRange(0.0, float(longest), 0.0, 1.1 * largest if largest > 0 else 1.0), shares=True)
        self._sentences = [
            (entry, curve.summary if isinstance(curve, TextCurve) else why_not(entry, found)) for entry, curve in pairs
        ]
        self._summarize()

    def _summarize(self) -> None:
        lines = [legend(entry.color, f"{entry.name}: ", "") + escape(said) for entry, said in self._sentences]
        self.summary.setText("<br>".join(lines))
        if self._room is None:
            return
        self.plot.setMinimumHeight(least_plot_height(self._room.width()))
        words = sum(label.heightForWidth(self._room.width()) for label in (self._about, self.summary))
        brief = words + 2 * self.column.spacing() + ROOMY_PLOT_PX > self._room.height()
        self._about.setVisible(not brief)
        if brief and not self._shown:
            self.summary.setText(escape("; ".join({said: 0 for _, said in self._sentences})))
        elif brief:
            self._name_runs(self._room)
        told = [self._about.text(), *(f"{entry.name}: {said}" for entry, said in self._sentences)]
        self.summary.setToolTip(plain_tip("\n".join(told) if brief else ""))

    def _name_runs(self, room: QSize) -> None:
        """Name the runs in as many lines as the plot leaves room for, and apart those that have no line, with the
        reason if it is that of all and has room; names that are too long for that are cut."""
        names, wide = tuple(entry.name for entry, _ in self._sentences), self.summary.fontMetrics().horizontalAdvance
        free = room.height() - self.plot.minimumHeight() - self.column.spacing()
        drawn = {entry.run.id for entry, _ in self._shown}
        whys = {entry.run.id: said for entry, said in self._sentences if entry.run.id not in drawn and said != READING}
        reason = f": {escape(next(iter(whys.values())))}" if len({*whys.values()}) == 1 else ""
        for most, why in ((NAMES_PX[0], reason), *((most, "") for most in NAMES_PX)):
            cut = {entry.run.id: (entry.color, cut_name(entry.name, names, wide, most)) for entry, _ in self._sentences}
            lines = [legend_of(name for run, name in cut.items() if run not in whys)]
            if whys:
                lines.append(f"no curve: {legend_of(name for run, name in cut.items() if run in whys)}{why}")
            self.summary.setText("<br>".join(lines))
            if self.summary.heightForWidth(room.width()) <= free:
                break

    def table(self) -> Table:
        """A row for each step of each run."""
        rows = [
            (entry.run.name, step, name, float(y))
            for entry, curve in self._shown
            for step, (name, y) in enumerate(zip(curve.names, curve.y, strict=True), 1)
        ]
        return Table(("run", "step", "input", self._title), rows)
