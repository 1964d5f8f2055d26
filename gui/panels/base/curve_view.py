"""Curves over a training run with the baselines beside them: loss and metrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel

from engine.number_text import NARROW, grouped
from engine.training.baseline import Baseline
from engine.training.baselines import baselines, lag_of
from engine.types import DoubleArray
from gui.panels.base.view import NARROW_PX, View
from gui.plots.axis_choice import AxisChoice
from gui.plots.curve_axis import AXES, Places, right_end, text_of_place
from gui.plots.line_plot import Line, LinePlot, PlotRange
from gui.plots.plot import ZOOM_HELP
from gui.plots.reference_levels import ReferenceLevel, verb_of
from gui.session.progress import Curve
from gui.session.questions import Question
from gui.session.session import Session
from gui.theme import Theme
from gui.widgets.controls import introduced
from gui.widgets.symbols import visible_text
from gui.widgets.text import NO_BREAK, ElidedLabel

# Heights of the plot with the numbers of its axis, in a wide and a narrow view; what stands around it gives way.
LEAST_PX, NARROW_LEAST_PX = 105, 86
LONGEST_UNBROKEN = 20  # letters of a name
PART_GAP = "  ·  "  # between what is said below the plot
NOT_VALIDATED = "not validated yet"  # so that nothing can have been beaten
NAMED_FROM_PX = 340  # views at least this wide have room for the names of the baselines at the edge of the plot


class CurveView(View):
    """Curves against steps, epochs or seconds; their values, or those under the mouse, in words.

    Subclasses override `depends_on`, `lines`, `limits`, `levels`, `read_at` and `words`.
    """

    least_plot = LEAST_PX  # height of the plot in a wide view

    def __init__(self, session: Session, title: str, subtitle: str, owner: str, picture: str, reading: QLabel) -> None:
        """reading: the label for the values."""
        super().__init__(session, title, subtitle)
        self.plot = LinePlot(session.theme, f"{owner}-plot", picture)
        self.plot.explain(ZOOM_HELP)
        self.axis = AxisChoice(f"{owner}-axis", f"Horizontal axis: {title}", "Quantity on the horizontal axis", AXES)
        self.plot.set_axis_title(self.axis)
        self.reading = reading
        self.reading.setObjectName(f"{owner}-reading")
        self.reading.setTextFormat(Qt.TextFormat.RichText)
        self.levels_line = ElidedLabel()
        self.levels_line.between_parts = PART_GAP, ", ", ": "
        introduced(self.levels_line, f"{owner}-levels", "", role="small")
        self.levels_line.hide()
        self.baselines: list[Baseline] = []
        self.mouse: float | None = None  # x under the mouse
        self._curve: Curve | None = None
        self._drawn: tuple[object, ...] = ()
        self._limits = 0.0, 1.0  # of the vertical axis
        self._baselines_of: tuple[object, str, str, int] | None = None  # data and settings that they belong to
        self._asked_in = -1  # the run in which they were asked for
        self._place = object()
        self._places = Places()
        self.axis.changed.connect(lambda value: self.reset_zoom())
        self.plot.pointed.connect(self._point_at)

    # ---- what subclasses define

    def depends_on(self, curve: Curve) -> tuple[object, ...]:
        """The inputs of the picture: nothing is drawn while they stay the same."""
        raise NotImplementedError

    def lines(self, curve: Curve, theme: Theme) -> tuple[Line, ...]:
        """The curves."""
        raise NotImplementedError

    def limits(self, curve: Curve) -> tuple[float, float]:
        """The limits of the vertical axis."""
        raise NotImplementedError

    def in_shares(self) -> bool:
        """Whether the values are shares, written in per cent."""
        return False

    def levels(self, curve: Curve) -> tuple[ReferenceLevel, ...]:
        """Horizontal lines for the baselines."""
        raise NotImplementedError

    def read_at(self, curve: Curve) -> DoubleArray:
        """(n,) places on the axis at which values can be read."""
        raise NotImplementedError

    def steps_read(self, curve: Curve) -> DoubleArray:
        """(n,) the training step at each of these places."""
        raise NotImplementedError

    def words(self, curve: Curve, at: int) -> list[str]:
        """The values at the `at`-th of these places, as rich text."""
        raise NotImplementedError

    def begin(self, curve: Curve) -> None:
        """Start over when another run begins."""

    # ---- what is kept with the layout

    def choices(self) -> dict[str, str]:
        """Whether the vertical axis is logarithmic."""
        return {"log": "yes"} if self.plot.log_y else {}

    def restore(self, choices: Mapping[str, str]) -> None:
        """Restore the saved choices."""
        self.plot.set_log(choices.get("log") == "yes")

    # ---- drawing

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the run, whose curve grows with each frame."""
        session = self.session
        return session.run.frame, session.run.model_changed, session.run.status_changed, session.theme_changed

    def refresh(self) -> None:
        """Draw new values, if there are any."""
        curve, theme = self.session.run.curve, self.session.theme
        if curve is not self._curve:
            self._curve = curve
            self.plot.follow()
            self.begin(curve)
        self._ask_baselines()
        x, kind = self.places(curve)[0], str(self.axis.value())
        end = right_end(kind, self.reach(kind, float(x[-1]) if len(x) else 0.0))
        # while the curve grows, the numbers below it stand still
        still = len(x) > 0 and not self.session.run.training
        last = (float(x[-1]), text_of_place(kind, float(x[-1]))) if still else None
        drawn = (curve, theme, kind, end, last, self.session.run.kept, *self.depends_on(curve))
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.plot.show_lines(self.lines(curve, theme), theme)
        self._limits = self.limits(curve)
        self.plot.set_range(PlotRange(0.0, end, *self._limits), kind, self.in_shares())
        self.plot.bottom.set_last(last)
        self.plot.set_levels(self.levels(curve), self.width() >= NAMED_FROM_PX)
        self.plot.set_mark(self._place_of_kept(curve))
        self._write_below()
        self.tell()

    def _place_of_kept(self, curve: Curve) -> float | None:
        """The position on the axis of the best weights, which were restored at the end."""
        kept, (x, _) = self.session.run.kept, self.places(curve)
        if kept is None or not len(x):
            return None
        return float(x[min(int(np.searchsorted(curve.steps, kept.step)), len(x) - 1)])

    def reach(self, kind: str, last: float) -> float:
        """The right end of the axis for a curve that ends at `last`."""
        return last

    def redraw(self) -> None:
        """Draw, even if nothing is new."""
        self._drawn = ()
        self.refresh()

    def places(self, curve: Curve) -> tuple[DoubleArray, DoubleArray]:
        """Places on the axis of each training step and of each evaluation."""
        return self._places.follow(str(self.axis.value()), curve, self.session.run.progress)

    def _ask_baselines(self) -> None:
        """Compute the baselines again if the data or the predictions have changed."""
        dataset, config = self.session.data.dataset, self.session.run.model_config
        if dataset is None:
            return
        settings = config.architecture, config.number_loss, lag_of(config, dataset)
        of = (dataset, *settings)
        if self._baselines_of == of or self._asked_in == self.session.run.number:
            return
        self._asked_in, self._baselines_of, self.baselines = self.session.run.number, None, []
        if len(dataset.validation):
            done = partial(self._take_baselines, of)
            self.session.ask(Question(self._place, lambda _: baselines(dataset, *settings), done))

    def _take_baselines(self, of: tuple[object, str, str, int], found: list[Baseline]) -> None:
        self._baselines_of, self.baselines = of, found
        self.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt the plot's minimum height and the words to the width."""
        super().resizeEvent(event)
        self.plot.setMinimumHeight(self.least_plot if self.width() >= NARROW_PX else NARROW_LEAST_PX)
        self.plot.set_levels(self.plot.levels, self.width() >= NAMED_FROM_PX)
        self._write_below()
        if self._curve is not None:
            self.tell()

    def below(self, levels: Sequence[ReferenceLevel]) -> list[str]:
        """What stands below the plot, and the same more and more briefly, for where there is no room."""
        return levels_captions(levels)

    def show_below(self, texts: Sequence[str]) -> None:
        """Show the first of these texts that fits."""
        self.levels_line.setText(*texts)
        self.levels_line.setVisible(bool(self.levels_line.text()))

    def _write_below(self) -> None:
        self.show_below(self.below([_with_place(level, *self._limits) for level in self.plot.levels]))

    # ---- mouse

    def reset_zoom(self) -> None:
        """Let the range follow the curves again."""
        self.plot.follow()
        self.redraw()

    def _point_at(self, x: float | None) -> None:
        self.mouse = x
        self.tell()

    def step_caption(self, curve: Curve, at: int) -> list[str]:
        """The step, unless the values shown are simply the newest ones."""
        if self.mouse is None and self.session.run.kept is None:
            return []
        return [f"step {grouped(int(self.steps_read(curve)[at]))}"]

    def tell(self) -> None:
        """Show the legend with the values of the current weights, or those under the mouse."""
        curve = self.session.run.curve
        x = self.read_at(curve)
        if not len(x):
            self.plot.set_cursor(None)
            self.reading.setText("")
            return
        kept = self.session.run.kept
        if self.mouse is not None:
            at = nearest_index(x, self.mouse)
        else:  # the current weights are the last ones, or the best if these were restored
            at = len(x) - 1 if kept is None else nearest_index(self.steps_read(curve), kept.step)
        self.plot.set_cursor(None if self.mouse is None else float(x[at]))
        self.reading.setText(join_parts(self.words(curve, at)))


def _with_place(level: ReferenceLevel, low: float, high: float) -> ReferenceLevel:
    """The level; its name says if its line is outside the plot."""
    place = " (above)" if level.y > high else " (below)" if level.y < low else ""
    return replace(level, name=f"{level.name}{place}")


def levels_captions(levels: Sequence[ReferenceLevel], untrained: str = "", validated: bool = True) -> list[str]:
    """`levels_caption`, then without the values, which the axis tells too, then without the names, which the plot has,
    and at last without the step. Of several of which none is beaten, names without values say nothing new. validated:
    whether any could have been beaten by now."""
    untrained = untrained if validated else NOT_VALIDATED
    bare = [replace(level, name=level.label or level.name) for level in levels]
    captions = [levels_caption(each, untrained) for each in (levels, bare)]
    verb = verb_of(levels)
    beaten, count = [level for level in levels if level.beaten_at], len(levels)
    if not beaten:
        none = f"not {verb} yet" if count == 1 else f"none {verb} yet"
        brief = [*filter(None, (untrained, none if count and validated else ""))]
        return [captions[0], *(captions[1:] if count == 1 else brief[:1]), *brief]
    if len(beaten) < count:
        left = [level for level in bare[::-1] if not level.beaten_at]
        some = f"{len(beaten)} of {count} {verb}"
        names = (", ".join(level.name for level in left), ", ".join(level.tag for level in left))
        return [*captions, *(f"{some}, not yet {each}" for each in names), some]
    steps = {level.beaten_at for level in levels}
    every = f"all {verb}" if count > 1 else verb
    return [*captions, f"{every} {'at' if len(steps) == 1 else 'by'} step {grouped(max(steps))}", every]


def levels_caption(levels: Sequence[ReferenceLevel], untrained: str = "") -> str:
    """Each baseline with the step at which it was beaten, hardest to beat first. What is the same for all is said once.
    levels: the hardest last. untrained: said instead while none is beaten."""
    levels, verb = levels[::-1], verb_of(levels)
    steps = {level.beaten_at for level in levels}
    if len(levels) == 1 and not any(steps) and not untrained:
        return f"{levels[0].name}, not {verb} yet"
    if (len(levels) > 1 and len(steps) == 1) or not any(steps):
        at = max(steps, default=0)
        together = f"all {verb} at step {grouped(at)}" if at else untrained or (f"none {verb} yet" if levels else "")
        return PART_GAP.join(filter(None, (together, *(level.name for level in levels))))
    said = f"{verb} at step "  # once
    parts = []
    for level in levels:
        parts.append(f"{level.name} {said}{grouped(level.beaten_at)}" if level.beaten_at else f"{level.name} not yet")
        said = "at " if level.beaten_at else said
    return PART_GAP.join(parts)


def nearest_index(x: DoubleArray, wanted: float) -> int:
    """The index of the nearest of ascending numbers."""
    after = min(int(np.searchsorted(x, wanted)), len(x) - 1)
    return after - 1 if after > 0 and wanted - x[after - 1] < x[after] - wanted else after


def join_parts(parts: Sequence[str]) -> str:
    """The parts of the line above the plot, as rich text."""
    return "&nbsp; ".join(parts)


def legend(color: str, name: str, value: str) -> str:
    """A short line in the colour of a curve, its name and a value, as rich text that breaks within a long name only."""
    within = NO_BREAK if len(name) <= LONGEST_UNBROKEN else " "
    bound = name.removesuffix(" ").replace(" ", within) + NO_BREAK * name.endswith(" ")
    figure = value.replace(" ", NO_BREAK).replace(NARROW, NO_BREAK)
    return f"<span style='color:{color}'>━</span>{NO_BREAK}{escape(bound)}<b>{escape(figure)}</b>"


def legend_of(curves: Iterable[tuple[str, str]]) -> str:
    """The colour and name of each curve, as rich text that breaks between the names only."""
    return " &nbsp;".join(
        f"<span style='color:{color}'>━</span>{NO_BREAK}{escape(visible_text(name)).replace(' ', NO_BREAK)}"
        for color, name in curves
    )


def beaten_at(curve: Curve, better: NDArray[np.bool_]) -> int:
    """The step of the first evaluation in which the network was better than a baseline; 0 if there is none. better:
    (evaluations,)."""
    first = np.flatnonzero(better)
    return int(curve.validation_steps[first[0]]) if len(first) else 0
