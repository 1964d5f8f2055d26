"""Many to many on a series: how it goes on from a moment that can be moved, beside what really came."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

import engine
from engine.models import Forecast
from engine.types import FloatArray
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.view import TryView
from gui.plots.forecast_plot import ForecastCurves, ForecastPlot
from gui.session.session import Session
from gui.widgets.fields import Choice, Form
from gui.widgets.number_text import counted, grouped
from gui.widgets.slider import NumberSlider, doublings
from gui.widgets.text import text_label

SHOWN = 120  # steps of the series
LEAST_KNOWN = 2
STEPS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 36.0, 48.0, 72.0, 100.0)
DRAWS = (0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0)
LEAST_PX, MOST_PX = 210, 340  # height of the plot
HELP = "Click in the plot to move “now”. Grey is the series, blue the forecast with the band of 90 % of the futures."
NO_SPREAD = "Click in the plot to move “now”. This network has learned no spread, so there is no band."


@dataclass(frozen=True, eq=False)
class _Asked:
    """A forecast with what it was made from. values (T, D): the stretch that is shown; first: its first step."""

    values: FloatArray
    first: int
    now: int
    found: Forecast


class ForecastView(TryView):
    """A stretch of held-out values, the forecast from "now" on, and how far off it is from what came."""

    name = "forecast"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.column_choice = Choice("forecast-column", "Column", "Which of the columns is drawn", {})
        self.steps = _slider("steps", "Steps", "How many steps are forecast", STEPS, 1, 500)
        self.steps.set_value(24)
        self.draws = _slider("draws", "Futures", "How many drawn futures are shown", DRAWS, 0, 20)
        self.draws.set_value(3)
        help = "How many of the values shown the network has read"
        self.now = _slider("now", "Now", help, doublings(LEAST_KNOWN, SHOWN), LEAST_KNOWN, SHOWN)
        self.plot = ForecastPlot(session.theme, "forecast-plot", "Series and forecast")
        self.plot.setMinimumHeight(LEAST_PX)
        self.plot.setMaximumHeight(MOST_PX)
        self.explained = text_label("", "small", wrap=True)
        self.verdict = text_label("", "strong", wrap=True, name="try-verdict")
        self._form = Form()
        for label, widget in (("Now", self.now), ("Steps", self.steps), ("Futures", self.draws)):
            self._form.add(label, widget)
        self.column.addWidget(self.column_choice)
        self.column.addLayout(self._form)
        self.column.addWidget(self.message)
        self.column.addWidget(self.verdict)
        self.column.addWidget(self.plot, 1)
        self.column.addWidget(self.explained)
        self.column.addStretch()
        self._values: FloatArray = np.zeros((0, 1))
        self._first = 0
        self._found: _Asked | None = None
        for slider in (self.now, self.steps, self.draws):
            slider.moved.connect(self.follow)
        self.column_choice.changed.connect(self._draw)
        self.plot.now_chosen.connect(self._move_now)

    def adapt(self) -> None:
        """Held-out values of the data at hand, with what comes before them."""
        dataset = self.session.data.dataset
        assert dataset is not None
        assert dataset.codec.frames is not None, "only series are forecast"
        self._found = None
        self.verdict.setText("")
        whole = _values_of(dataset)
        self._values = whole[-SHOWN:]
        self._first = max(len(whole), _length(dataset)) - len(self._values)
        names = dataset.codec.frames.names
        self.column_choice.clear()
        for place, name in enumerate(names):
            self.column_choice.add(name, str(place))
        self.column_choice.setVisible(len(names) > 1)
        self.now.set_value(max(LEAST_KNOWN, len(self._values) - round(self.steps.value())))

    def follow(self) -> None:
        """Forecast anew."""
        if not len(self._values):
            return
        now = min(max(round(self.now.value()), LEAST_KNOWN), len(self._values))
        steps, draws = round(self.steps.value()), round(self.draws.value())
        work = partial(_forecast, values=self._values, first=self._first, now=now, steps=steps, draws=draws)
        self.ask(work, self._show, id(self._values), now, steps, draws)

    def _move_now(self, x: float) -> None:
        self.now.set_value(min(max(round(x) - self._first + 1, LEAST_KNOWN), len(self._values)))
        self.follow()

    def _show(self, asked: _Asked) -> None:
        self._found = asked
        self.refuse("")
        self._draw()

    def _draw(self) -> None:
        asked = self._found
        if asked is None:
            return
        at = int(str(self.column_choice.value() or 0))
        found = asked.found
        x = np.arange(asked.first, asked.first + len(asked.values), dtype=np.float64)
        curves = ForecastCurves(
            x, asked.values[:, at], asked.now, found.mean[:, at], found.lower[:, at], found.upper[:, at],
            found.draws[:, :, at],
        )  # fmt: skip
        self.plot.show_forecast(curves, self.session.theme)
        self.explained.setText(HELP if np.isfinite(found.lower).all() else NO_SPREAD)
        self.verdict.setText(_judged(asked, at))

    def answers(self) -> Answers | None:
        """The forecast, step by step."""
        asked, dataset = self._found, self.session.data.dataset
        if asked is None or dataset is None or dataset.codec.frames is None:
            return None
        found, names = asked.found, dataset.codec.frames.names
        columns = found.mean, found.deviation, found.lower, found.upper
        rows: tuple[tuple[str | float, ...], ...] = tuple(
            (asked.first + asked.now + t + 1, name, *(round(float(part[t, k]), 6) for part in columns))
            for t in range(len(found.mean))
            for k, name in enumerate(names)
        )
        texts = tuple(f"{step} {name} {mean}" for step, name, mean, *_ in rows)
        return Answers(texts, ("step", "column", "mean", "deviation", "lower", "upper"), rows)


def _slider(name: str, label: str, help: str, stops: tuple[float, ...], least: float, most: float) -> NumberSlider:
    widest = f"{most:.0f}"
    return NumberSlider(f"forecast-{name}", label, help, stops, minimum=least, maximum=most, whole=True, widest=widest)


def _values_of(dataset: engine.Dataset) -> FloatArray:
    """(T, D) the end of the series: held-out values with what comes before them; without data nothing."""
    part = dataset.validation if len(dataset.validation) else dataset.train
    return part[len(part) - 1].source if len(part) else np.zeros((0, 1))


def _length(dataset: engine.Dataset) -> int:
    """Steps of the whole series; 0 where there are several."""
    known, predicted = dataset.train.source.lengths, dataset.validation.target.lengths
    return int(known.sum() + predicted.sum()) if len(known) == 1 else 0


def _forecast(
    snapshot: engine.Snapshot, *, values: FloatArray, first: int, now: int, steps: int, draws: int
) -> _Asked:  # fmt: skip
    model = snapshot.model()
    learned = snapshot.config.number_loss == "gaussian"
    return _Asked(values, first, now, model.forecast(values[:now], steps, draws if learned else 0))


def _judged(asked: _Asked, at: int) -> str:
    """How far the forecast is from what came, beside the simplest guess: that nothing changes."""
    truth = asked.values[asked.now : asked.now + len(asked.found.mean), at]
    if not len(truth):
        return "Nothing has come yet that it could be held against."
    off = float(np.abs(asked.found.mean[: len(truth), at] - truth).mean())
    still = float(np.abs(asked.values[asked.now - 1, at] - truth).mean())
    many = counted(len(truth), "step", "steps")
    begin = grouped(asked.first + asked.now)
    return (
        f"Read up to step {begin}. Off by {off:.3g} on average over {many}; "
        f"the last value again and again would be off by {still:.3g}."
    )
