"""Many to many on a series: a forecast from a moment that can be moved, beside the true continuation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton

import engine
from engine.data.numbers.recipes import DECIMAL
from engine.models import Forecast
from engine.models.forecast_table import SERIES_NAME, ForecastTable, too_few_read
from engine.number_text import counted, grouped
from engine.training.season import season_of
from gui.panels.base.curve_view import legend_of
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.forecast_verdict import NO_TRUTH, WIDEST_VERDICT, judged_by
from gui.panels.try_it.series_row import OpenedSeries, SeriesRow
from gui.panels.try_it.stretch import SHOWN, OwnSeries, Stretch, drawn_over, own_series, times_in
from gui.panels.try_it.try_view import TryView
from gui.plots.forecast_plot import BAND_ALPHA, PALE, ForecastCurves, ForecastPlot, Stroke
from gui.plots.step_axis import StepAxis
from gui.session.left_behind import LeftBehind
from gui.session.run_library.run_data import AbsentData
from gui.session.session import Session
from gui.theme import Theme, mix
from gui.widgets.box_layouts import add, side_by_side
from gui.widgets.controls import introduced
from gui.widgets.fields import Choice, Form
from gui.widgets.segments import Segments
from gui.widgets.slider import NumberSlider
from gui.widgets.text import height_of, text_label

LEAST_KNOWN = 2
EACH_KNOWN = tuple(float(known) for known in range(LEAST_KNOWN, SHOWN + 1))
STEPS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 36.0, 48.0, 72.0, 100.0)
DRAWS = (0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0)
LEAST_PX, MOST_PX = 210, 520  # height of the plot
MOVE, DRAW = "now", "draw"
MOUSE = {MOVE: "Move “now”", DRAW: "Draw"}
HELP = {
    MOVE: "Drag “now”, or click where it should be. A double click shows all of the plot.",
    DRAW: "Draw with the mouse over the series before “now”: the forecast follows.",
}
OTHERS = "The other views read the numbers in the field above the network."
OWN_SERIES, NO_SERIES = "Held-out end of the data", "No series yet"
NO_SPREAD = "This network does not predict its uncertainty, so there is no band."


@dataclass(frozen=True, eq=False)
class _LeftSeries:
    """The series when its data were replaced. given: without what was drawn. now: how many values were read. opened:
    None if it is one of the data, the one at `place`. remark: on how the file was read."""

    stretch: Stretch
    given: Stretch
    now: float
    opened: OpenedSeries | None
    place: int
    remark: str


@dataclass(frozen=True, eq=False)
class _Asked:
    """A forecast and what it was made from: the first `now` values of the stretch. season: of the data, in steps; 0 if
    there is none."""

    stretch: Stretch
    now: int
    found: Forecast
    spread: bool  # whether the network has learned how far off it may be
    season: int


class ForecastView(TryView):
    """A stretch of held-out values, the forecast from "now" on, and how far it is from what really came."""

    name = "forecast"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.series = SeriesRow(session)
        self.column_choice = Choice("forecast-column", "Column", "Column to draw", {})
        self.steps = _slider("steps", "Steps", "Number of steps to forecast", STEPS, 1, 500)
        self.steps.set_value(24)
        self.draws = _slider("draws", "Futures", "Number of drawn futures to show", DRAWS, 0, 20)
        self.draws.set_value(3)
        help = f"Number of shown values that the network has read for the forecast. {OTHERS}"
        self.now = _slider("now", "Values read", help, EACH_KNOWN, LEAST_KNOWN, SHOWN)
        self.mouse = Segments("forecast-mouse", MOUSE, "Effect of dragging in the plot")
        self.mouse.set_value(MOVE)
        self.mouse.tighten()
        help = "Undo everything that was drawn; “now” stays where it is"
        self.restore = introduced(QPushButton("Undo drawing"), "forecast-restore", "Undo the drawing", help, "flat")
        self.restore.hide()
        self.plot = ForecastPlot(session.theme, "forecast-plot", "Series and forecast")
        self.plot.setMinimumHeight(LEAST_PX)
        self.plot.setMaximumHeight(MOST_PX)
        self.legend = text_label("", "small", wrap=True, name="forecast-legend")
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.explained = text_label("", "small", wrap=True)
        self.verdict = text_label("", "strong", wrap=True, name="try-verdict")
        self._arrange()
        self._dataset: engine.Dataset | None = None
        self._stretch = self._given = Stretch(np.zeros((0, 1)))  # with what was drawn by hand, and as it is in the data
        self._series: tuple[OwnSeries, ...] = ()  # of the data
        self._of_own = 0  # among these, of the one that is forecast or was before a file was opened
        self._opened: OpenedSeries | None = None  # the series, if it is not one of the data
        self._remark = ""  # on how a file was read, or why it cannot be
        self._run_id = ""  # of the run whose data these are
        self._left = LeftBehind[_LeftSeries]()
        self._found: _Asked | None = None
        self.series.read.connect(self._take_file)
        self.series.refused.connect(self._refuse_file)
        self.series.chosen.connect(self._choose_series)
        self.series.left.connect(self._go_back)
        for slider in (self.now, self.steps, self.draws):
            slider.moved.connect(self.follow)
        self.column_choice.changed.connect(self.draw)
        self.plot.now_chosen.connect(self._move_now)
        self.plot.drawn.connect(self._draw_values)
        self.mouse.changed.connect(self._change_mouse)
        self.restore.clicked.connect(self._restore)

    def _arrange(self) -> None:
        form = Form()
        for label, slider in (("Values read", self.now), ("Steps", self.steps), ("Futures", self.draws)):
            form.add(label, slider)
        mouse = side_by_side((self.mouse, 1), self.restore)
        add(
            self.column,
            self.series,
            self.column_choice,
            form,
            self.message,
            self.verdict,
            self.legend,
            (self.plot, 1),
            mouse,
            self.explained,
            0,
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the longest verdict, so that the plot does not move when "now" reaches the end."""
        super().resizeEvent(event)
        self.verdict.ensurePolished()
        self.verdict.setMinimumHeight(height_of(self.verdict, WIDEST_VERDICT, self.width()))

    def adapt(self) -> None:
        """Show held-out values of the current data and what comes before them; a drawing lasts as long as its data,
        and comes back with them."""
        dataset, left = self.session.data.dataset, self._run_id
        self._run_id = self.session.runs.current
        assert dataset is not None
        assert dataset.codec.frames is not None, "only series are forecast"
        self._found = None
        self.verdict.setText("")
        if dataset is self._dataset:
            return
        if self._dataset is not None:
            now, opened = self.now.value(), self._opened
            self._left.keep(left, _LeftSeries(self._stretch, self._given, now, opened, self._of_own, self._remark))
        self._dataset = dataset
        self._series = own_series(dataset)
        names = dataset.codec.frames.names
        self.column_choice.clear()
        for place, name in enumerate(names):
            self.column_choice.add(name, str(place))
        self.column_choice.setVisible(len(names) > 1)
        self._take_own(0)
        if (before := self._left.of(self._run_id)) is not None:
            self._take_again(before)

    def _take_again(self, left: _LeftSeries) -> None:
        """Show the series as it was left."""
        if left.place:
            self._take_own(left.place)
        if left.opened is not None:
            self._name(left.opened)
        self._take(left.given, left.now, left.remark)
        self._stretch = left.stretch
        self.restore.setVisible(left.stretch.drawn)

    def _choose_series(self, place: int) -> None:
        """Forecast another of several series."""
        if self._opened is not None:
            self._take_file(replace(self._opened, place=place))
        else:
            self._take_own(place)
            self.follow()

    def _go_back(self) -> None:
        self._take_own(self._of_own)
        self.follow()

    def _take_own(self, place: int) -> None:
        """Forecast one of the series of the data, from some way before its end on, so that one sees what really came;
        not from farther back than what is held out."""
        dataset = self._dataset
        assert dataset is not None
        assert dataset.codec.frames is not None
        own = self._series[place].end(dataset) if self._series else Stretch(np.zeros((0, 1)))
        absent = isinstance(dataset, AbsentData)
        self._opened, self._of_own = None, place
        names = [one.name for one in self._series]
        title = NO_SERIES if absent else " · ".join(filter(None, [OWN_SERIES, *(names if len(names) == 1 else [])]))
        self.series.show_series(title, names, place, dataset.codec.frames)
        known = len(own.values) - round(self.steps.value())
        trained = own.trained or 0
        self._take(own, max(LEAST_KNOWN, known, trained if trained < len(own.values) else 0), "")
        self.refuse(dataset.use if isinstance(dataset, AbsentData) else "")

    def _take_file(self, opened: OpenedSeries) -> None:
        """Forecast how a series in a file continues after its end."""
        if self._dataset is None:
            return
        series = opened.series
        few = too_few_read(len(series.values), self.session.run.model_config.lag)
        stretch = replace(Stretch.at_the_end(series.values, times=series.times), name=series.name)
        self._name(opened)
        self._take(stretch, len(stretch.values), " ".join(filter(None, (*opened.found.remarks, few))))
        self.follow()

    def _name(self, opened: OpenedSeries) -> None:
        self._opened = opened
        self.series.show_opened(opened, can_go_back=bool(self._series))

    def _refuse_file(self, why: str) -> None:
        """Say why a file cannot be read; the series before it stays, and its forecasts leave the message there."""
        self._remark = why
        self.refuse(why)

    def _take(self, stretch: Stretch, now: float, remark: str) -> None:
        self._stretch = self._given = stretch
        self._remark = remark
        self.plot.steps.set_times(stretch.times)
        self.plot.follow()  # another series begins elsewhere than where this one was looked at
        self.restore.hide()
        for part in (self.plot, self.mouse, self.legend, self.explained):  # what they show is of the series before
            part.setVisible(len(stretch.values) > 0)
        self.now.set_most(max(LEAST_KNOWN, len(stretch.values)))
        self.now.set_value(now)

    def follow(self) -> None:
        """Ask for a new forecast."""
        stretch = self._stretch
        if self._dataset is None or not len(stretch.values):
            return
        now, steps, draws = self._now, round(self.steps.value()), round(self.draws.value())
        work = partial(_forecast, dataset=self._dataset, stretch=self._up_to(now), now=now, steps=steps, draws=draws)
        self.ask(work, self._show, stretch, now, steps, draws)

    @property
    def _now(self) -> int:
        """The number of values that have been read."""
        return min(max(round(self.now.value()), LEAST_KNOWN), len(self._stretch.values))

    def _up_to(self, now: int) -> Stretch:
        """The stretch with what was drawn before "now" only: a forecast is compared with what really came."""
        drawn, given = self._stretch.values, self._given.values
        values = np.concatenate([drawn[:now], given[now:]])
        return replace(self._given, values=values, drawn=not np.array_equal(values, given, equal_nan=True))

    # ---- the mouse

    @property
    def _at(self) -> int:
        """The index of the column that is drawn."""
        return int(str(self.column_choice.value() or 0))

    def _move_now(self, x: float) -> None:
        self.now.set_value(min(max(round(x) - self._stretch.before, LEAST_KNOWN), len(self._stretch.values)))
        self.follow()

    def _change_mouse(self, does: str) -> None:
        self.plot.set_drawing(does == DRAW)
        self.draw()

    def _draw_values(self, stroke: Stroke) -> None:
        """Replace the values before "now" under a stroke of the mouse by the heights at which it went."""
        self._stretch = drawn_over(self._stretch, self._at, stroke)
        self._stretch = self._up_to(self._now)
        self.restore.setVisible(self._stretch.drawn)
        self.draw()  # at once; the forecast follows
        self.follow()

    def _restore(self) -> None:
        self._stretch = self._given
        self.restore.hide()
        self.follow()

    # ---- showing

    def _show(self, asked: _Asked) -> None:
        self._found = asked
        self.refuse(self._remark)
        self.draw()

    def draw(self) -> None:
        """Draw the forecast beside what came."""
        asked, dataset, theme, at = self._found, self._dataset, self.session.theme, self._at
        if asked is None or dataset is None or dataset.codec.frames is None:
            return
        found, values = asked.found, self._up_to(asked.now).values
        x = self._stretch.before + np.arange(1.0, len(values) + 1)
        curves = ForecastCurves(
            x, values[:, at], asked.now, found.mean[:, at], found.lower[:, at], found.upper[:, at],
            found.draws[:, :, at],
        )  # fmt: skip
        self.plot.show_forecast(curves, theme)
        self.legend.setText(_legend(dataset.codec.frames.names[at], self.plot.banded, len(found.draws), theme))
        stretch, mean = asked.stretch, found.mean[:, at]
        before = stretch.last_season(asked.now, asked.season)[:, at]
        self.verdict.setText(
            NO_TRUTH if stretch.drawn else judged_by(stretch.values[:, at], mean, asked.now, stretch.trained, before)
        )
        notes = [_read(asked, self.plot.steps), OTHERS, HELP[self.mouse.value()], "" if asked.spread else NO_SPREAD]
        self.explained.setText(" ".join(filter(None, notes)))

    def answers(self) -> Answers | None:
        """The steps of the forecast."""
        asked, dataset = self._found, self.session.data.dataset
        if asked is None or dataset is None or dataset.codec.frames is None:
            return None
        step = asked.stretch.before + asked.now
        times = times_in(asked.stretch, step, len(asked.found.mean))
        table = ForecastTable(asked.found, dataset.codec.frames.names, step + 1, times)
        texts = tuple(_in_one_line(when[-1], by_name) for when, by_name in table.steps())
        of = {SERIES_NAME: asked.stretch.name} if asked.stretch.name else {}
        rows = tuple((*row, *of.values()) for row in table.rows())
        decimal = str(dataset.codec.frames.recipe.get(DECIMAL, "."))
        return Answers(texts, (*table.columns, *of), rows, decimal, "forecast.csv")  # for a spreadsheet


def _slider(name: str, label: str, help: str, stops: tuple[float, ...], least: float, most: float) -> NumberSlider:
    widest = f"{most:.0f}"
    return NumberSlider(f"forecast-{name}", label, help, stops, minimum=least, maximum=most, whole=True, widest=widest)


def _forecast(
    snapshot: engine.Snapshot, *, dataset: engine.Dataset, stretch: Stretch, now: int, steps: int, draws: int
) -> _Asked:
    model = snapshot.model()
    learned = snapshot.config.number_loss == "gaussian"
    found = model.forecast(stretch.up_to(now), steps, draws if learned else 0)
    return _Asked(stretch, now, found, learned, season_of(dataset))


def _legend(name: str, learned: bool, draws: int, theme: Theme) -> str:
    """Each curve's name in one piece, so that lines break between names."""
    parts = [(theme.secondary, name), (theme.accent, "forecast")]
    if learned:
        parts.append((mix(theme.surface, theme.accent, 2 * BAND_ALPHA), "90 % of futures"))
    if draws:
        parts.append((mix(theme.surface, theme.accent, PALE), counted(draws, "future drawn", "futures drawn")))
    return legend_of(parts)


def _in_one_line(when: int | str, by_name: Mapping[str, Mapping[str, float]]) -> str:
    """A step as a line for people to read; a network may have learned no band."""
    columns = []
    for name, figures in by_name.items():
        band = f" (90 %: {figures['lower']:.6g} to {figures['upper']:.6g})" if "lower" in figures else ""
        columns.append(f"{name} {figures['mean']:.6g}{band}")
    return f"{when} {'; '.join(columns)}"


def _read(asked: _Asked, axis: StepAxis) -> str:
    step = asked.stretch.before + asked.now
    by_hand = ", partly drawn by hand" if asked.stretch.drawn else ""
    said = f"Read up to {axis.time_of(step) or f'step {grouped(step)}'}{by_hand}"
    return said.removesuffix(".") + "."  # 3 января 2022 г. ends in one
