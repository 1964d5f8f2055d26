"""The gradient: how far back in time an error reaches, and the norm of the whole gradient at each training step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QResizeEvent

import engine
from engine.data.examples import SideValue
from engine.data.numbers.recording import NetworkInput
from engine.inspection.text_search import as_typed, compared, left_out, text_to_look_at
from engine.number_text import fixed, in_figures, percent, with_minus
from engine.types import DoubleArray
from gui.panels.base.panel import CARD_MARGIN_PX
from gui.panels.base.view import View, least_plot_height
from gui.panels.compare.all_runs import AllRuns, text_curve_page
from gui.plots.bar_plot import BarValue, StepBars, reference_of
from gui.plots.norm_plot import NormPlot
from gui.plots.picture_export import Table
from gui.session.questions import Question
from gui.session.session import Session
from gui.widgets.box_layouts import add, keep_room
from gui.widgets.segments import Segments
from gui.widgets.symbols import plain_tip, visible_symbol
from gui.widgets.text import explain, height_of, text_label

MOST_STEPS = 400  # of a long text, only the last ones, from which the error starts
NARROW_PX = 300  # a panel narrower than this shows its footnote only as a tooltip
RECENT_STEPS = 100  # of training, for the share of clipped steps
LINES = {"time": "time", "training": "norm"}
LINES_HELP = "Time: how far back one error reaches. Norm: the length of the whole gradient at each training step"
LINE_PX, SCALE_PX = 92, 66  # in a window of the usual size they fit beside the title and the button of all runs
SCALES = {"linear": "lin", "log": "log"}
USUAL_VERDICT = "Vanishes within 10 steps."
RADIUS_HELP = (
    "Recurrent strength: the spectral radius (largest |eigenvalue|) of a gate's recurrent weights, a property of these "
    "weights alone. In a plain RNN with small states it is about the factor by which the gradient changes at each "
    "step; elsewhere gates and activations shrink what passes, usually by a lot."
)
NOT_TRAINED, NOTHING = "Train to see the norm.", "Type a text to see it."


@dataclass(frozen=True)
class Flow:
    """The gradient on its way back, ready to be drawn. headline: what becomes of it in a few words; verdict: in a
    sentence. state: "h", or "c" of an LSTM. cut: symbols left out. inputs: what each step reads."""

    values: tuple[BarValue, ...]
    headline: str
    verdict: str
    radius: dict[str, float]
    state: str = "h"
    cut: int = 0
    inputs: tuple[str, ...] = ()


class GradientPanel(View):
    """Through time: bars by steps back, a verdict. Over training: the norm, and what was clipped."""

    HELP = (
        "Time: at the last step the network learns how wrong it was; where the data does not tell the right answer, "
        "the network’s own stands in for it. Only this error is counted here, while Play adds up the errors of all "
        "steps, so its gradients can grow backwards. The bars show how much of this signal reaches each earlier "
        "step, in percent of what it is at the last step, as in the line above them: the length of ∂loss/∂h, the "
        "slope of the loss for each number of the state, or of ∂loss/∂c in an LSTM, whose cell state "
        "carries the memory. The numbers below count steps back; bars are pale where less than 1 % is left. In a plain "
        "RNN the signal shrinks (or grows) by about the same factor at each step, so what happened long ago is "
        "hardly learned; the gates of an LSTM or GRU let it through. Watch it while the network learns: one that has "
        "learned to hold on to something hardly changes any more and passes little back. The logarithmic scale shows "
        "how much is left where the bars look empty.\n\n"
        f"The line below the bars: {RADIUS_HELP[0].lower()}{RADIUS_HELP[1:]}\n\n"
        "Norm: the length of the whole gradient at each training step, before clipping. Where it exceeds the dashed "
        "line it was clipped: scaled down to that line, which is the setting Clip gradient. Those steps are green.\n\n"
        "While runs race or are compared, the button with their number shows all of them in one picture."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title)
        self.line = Segments("gradient-line", LINES, LINES_HELP)
        self.line.setFixedWidth(LINE_PX)
        self.line.set_value("time")
        self.line.changed.connect(self._change_line)
        self.scale = Segments("gradient-scale", SCALES, "Logarithmic: shows how much is left where bars look empty")
        self.scale.setFixedWidth(SCALE_PX)
        self.scale.changed.connect(self._choose_scale)
        self._scale = "linear"  # a gradient that vanishes shows at a glance, as an empty picture
        for choice in (self.line, self.scale):
            choice.tighten()
            self.header.addWidget(choice)
            keep_room(choice)
        self.bars = StepBars(session.theme, "gradient-plot", "Gradient by steps back in time")
        self.curve = NormPlot(session.theme)
        self.verdict = text_label("", "strong", wrap=True, name="gradient-verdict")
        self.health = text_label("", "small", wrap=True, name="gradient-health")
        self.health.setToolTip(plain_tip(RADIUS_HELP))
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignLeft)
        add(self.body, self.verdict, (self.bars, 1), (self.curve, 1), self.health)
        self.curve.hide()
        self.curve.read.connect(self._tell_health)
        self.flow: Flow | None = None
        self._refused = self._sentence = ""
        self._judged = session.run.number  # the run for whose verdict room is reserved
        self._place = object()
        self._theme, self._run = session.theme, session.run.number  # of what is drawn
        self.all_runs = AllRuns(self, "gradient", partial(text_curve_page, curve="gradient"), self.line, self.scale)

    # ---- what is shown

    @property
    def through_time(self) -> bool:
        """Whether the view shows the gradient through time rather than over training."""
        return self.line.value() == "time"

    def show_line(self, line: str) -> None:
        """Show the gradient through "time", or over the "training"."""
        if line in LINES:
            self.line.set_value(line)
            self._change_line(line)

    def choices(self) -> dict[str, str]:
        """Which of the two is shown, and their scales."""
        log = {"log": "yes"} if self.curve.log_y else {}
        return {"line": self.line.value(), "scale": self._scale} | log

    def restore(self, choices: Mapping[str, str]) -> None:
        """Restore the choices that the user made earlier."""
        self.curve.set_log(choices.get("log") == "yes")
        if choices.get("scale") in SCALES:
            self._scale = choices["scale"]
        self.show_line(choices.get("line", ""))

    def _change_line(self, line: str) -> None:
        self.scale.setVisible(self.through_time)
        shown, other = (self.bars, self.curve) if self.through_time else (self.curve, self.bars)
        other.hide()  # first: otherwise the area would keep the height that both need together
        shown.show()
        self._draw()
        if self.isVisible():
            self.refresh()

    def _choose_scale(self, scale: str) -> None:
        self._scale = scale
        self._draw()

    # ---- asking

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the run as well: the norm over training grows with each frame."""
        run, known = self.session.run, self.session.probe.known_changed
        return *super().watches(), *self.all_runs.watches(), run.frame, run.training_changed, known

    def refresh(self) -> None:
        """Ask for the gradient of the probe with the newest weights, or draw the new training steps."""
        session = self.session
        if self.all_runs.refresh():
            return
        if not self.through_time:
            self._draw()
            return
        if self._run != session.run.number:
            self.flow, self._refused = None, ""
        if (self._theme, self._run) != (session.theme, session.run.number):
            self._theme, self._run = session.theme, session.run.number
            self._draw()
        if session.known.ask():
            return  # otherwise all would be computed twice, first without the right answer
        probe = session.probe
        about = probe.given, probe.label, probe.known
        work = partial(flow_back, probe=probe.given, label=probe.label, truth=probe.known.truth)
        session.ask(Question(self._place, work, self.show_flow, self._refuse, about))

    def show_flow(self, flow: Flow) -> None:
        self.flow, self._refused = flow, ""
        self._draw()

    def _refuse(self, message: str) -> None:
        self.flow, self._refused = None, message
        self._draw()

    # ---- drawing

    def table(self) -> Table:
        """One row for each step."""
        if self.all_runs.shown:
            return self.all_runs.table()
        if self.through_time:
            return _table_of(self.flow)
        curve = self.session.run.curve
        columns = curve.steps, curve.gradient_norm, curve.clipped
        rows = (
            (int(step), float(norm), "yes" if clipped else "no") for step, norm, clipped in zip(*columns, strict=True)
        )
        return Table(("step", "norm before clipping", "clipped"), rows)

    def _tell_health(self, text: str) -> None:
        self.health.setText(text)
        self.verdict.setToolTip(plain_tip("\n".join(filter(None, (self._sentence, text)))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the footnote in a narrow panel, to leave its room to the bars."""
        super().resizeEvent(event)
        self.health.setVisible(self.width() >= NARROW_PX)
        for plot in (self.bars, self.curve):
            plot.setMinimumHeight(least_plot_height(self.width()))
        if event.oldSize().width() != event.size().width():  # its lines break differently
            self.verdict.setMinimumHeight(self._usual_height())

    def _usual_height(self) -> int:
        room = self.contentsRect().width() - 2 * CARD_MARGIN_PX
        return height_of(self.verdict, USUAL_VERDICT, room)

    def _judge(self, verdict: str, sentence: str) -> None:
        """Show the verdict, in the room of the usual one; the whole sentence is its tooltip. A longer one keeps its
        room for the rest of the run, so that the bars do not move."""
        self._sentence = sentence
        if self._judged != self.session.run.number:
            self._judged = self.session.run.number
            self.verdict.setMinimumHeight(0)
        self.verdict.setText(verdict)
        if self.isVisible():
            needed = max(self.verdict.heightForWidth(self.verdict.width()), self._usual_height())
            self.verdict.setMinimumHeight(max(self.verdict.minimumHeight(), needed))

    def _draw(self) -> None:
        run = self.session.run
        limit = run.training_config.clip_norm
        clipped = clipping(run.curve.clipped, limit)
        if not self.through_time:
            self.subtitle.setText("norm at each step")
            brief = clipping_in_brief(run.curve.clipped, limit)
            self._judge(brief or NOT_TRAINED, f"The gradient was {clipped}." if clipped else "")
            self.curve.show_curve(run.curve, limit, self.session.theme)
            return
        flow = self.flow
        values = flow.values if flow is not None else ()
        self.scale.set_value(self._scale)
        self.scale.setEnabled((flow is None and not self._refused) or bool(values))
        state = flow.state if flow is not None else "h"
        self.subtitle.setText("reach of the last error")
        explain(
            self.subtitle,
            f"The length of ∂loss/∂{state} at each step, in percent of "
            f"{_reference_name(values[-1].value if values else 1.0)}. The loss is that of the last answer alone; Play "
            "counts the errors of all steps.",
        )
        if flow is not None:
            self._judge(flow.headline, flow.verdict)
        else:
            self._judge(self._refused, "")
        self._tell_health(_health(flow, clipped, self.session.data.symbol_name) if flow is not None else "")
        self.bars.show_steps(values, self.session.theme, logarithmic=self._scale == "log")


def flow_back(snapshot: engine.Snapshot, probe: NetworkInput, label: str | None, truth: SideValue = ()) -> Flow:
    """The gradient along the probe; runs in the background. truth: the right answer, () if unknown."""
    model = snapshot.model()
    text = text_to_look_at(model, snapshot, probe, label)
    tokens = text[-MOST_STEPS:]
    if len(tokens) == 0:
        return Flow((), NOTHING, "", {})
    flow = engine.gradient_flow(model, compared(model, probe, tokens, truth, label), label=label)
    inputs, _ = as_typed(flow.inputs, tokens, snapshot.model_class)
    last, reference = len(flow.carried) - 1, reference_of(flow.carried.tolist())
    values = tuple(
        BarValue(
            with_minus(f"{i - last}"),
            float(value),
            f"{last - i} steps back, at {visible_symbol(inputs[i])}: ∂loss/∂{flow.carrier} is "
            f"{_share(float(value), reference, _reference_name(flow.carried[-1]))}",
        )
        for i, value in enumerate(flow.carried)
    )
    left_out, shown = len(text) - len(tokens), tuple(map(visible_symbol, inputs))
    return Flow(values, flow.headline, flow.verdict, engine.spectral_radius(model), flow.carrier, left_out, shown)


def _table_of(flow: Flow | None) -> Table:
    """One row for each step: the gradient, and its share of that at the last step, which the bars show."""
    sizes, inputs = ([], ()) if flow is None else ([bar.value for bar in flow.values], flow.inputs)
    newest = sizes[-1] if sizes else math.nan
    shares = [size / newest if newest > 0 else "" for size in sizes]
    rows = list(zip(reversed(range(len(sizes))), inputs, sizes, shares, strict=True))
    return Table(("steps back", "input", "gradient", "share of that at the last step"), rows)


def _share(value: float, reference: float, name: str) -> str:
    """A bar in words: its share of the one that counts as 100 %."""
    return f"{percent(value / reference, 1)} of {name}" if math.isfinite(value) else f"{value:.3g}"


def _reference_name(newest: float) -> str:
    """Which gradient the bars are shares of. newest: that at the last step."""
    return "what it is at the last step" if newest > 0 and math.isfinite(newest) else "the largest"


def clipping(clipped: DoubleArray, limit: float) -> str:
    """ "clipped to norm 1 in 46 of the last 100 steps"; "" before the first step. limit: that norm, 0 for none."""
    recent = clipped[-RECENT_STEPS:]
    count = int(np.sum(recent > 0))
    if not len(recent):
        return ""
    if not count and limit <= 0:
        return "not clipped: clipping is off"
    verb = f"clipped to norm {in_figures(limit)}" if count and limit > 0 else "clipped" if count else "not clipped"
    if len(recent) == 1:
        return f"{verb} in the first step"
    of = "all of " if count == len(recent) else f"{count} of " if count else ""
    return f"{verb} in {of}the last {len(recent)} steps"


def clipping_in_brief(clipped: DoubleArray, limit: float) -> str:
    """ "Clipped in 46 of 100 steps."; "" before the first step. limit: as for `clipping`."""
    recent = clipped[-RECENT_STEPS:]
    count, steps = int(np.sum(recent > 0)), len(recent)
    if not steps:
        return ""
    if not count and limit <= 0:
        return "Clipping is off."
    in_steps = f"{steps} step{'s' * (steps > 1)}"
    return f"Clipped in {count} of {in_steps}." if count else f"Not clipped in {in_steps}."


def _health(flow: Flow, clipped: str, unit: str) -> str:
    """What was left out, the strength of each gate's recurrent weights, and how often the gradient was clipped."""
    parts = [left_out(flow.cut, MOST_STEPS, unit)] if flow.cut else []
    if flow.radius:
        largest: dict[str, float] = {}
        for name, value in flow.radius.items():
            gate = name.rpartition(" ")[2]
            if not largest.get(gate, -math.inf) > value:
                largest[gate] = value
        parts.append("recurrent strength: " + ", ".join(f"{gate} {fixed(value)}" for gate, value in largest.items()))
    parts.append(clipped or "not clipped so far")
    return " · ".join(parts)
