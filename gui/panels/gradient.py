"""How far back in time the error reaches: ‖∂loss/∂h‖ by steps back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

import engine
from gui.asking import Asker
from gui.exporting import Table
from gui.looking import text_to_look_at
from gui.panels.view import View
from gui.session import Session
from gui.unrolled_view.painter import visible_symbol
from gui.widgets.segments import Segments
from gui.widgets.step_bars import StepBars, StepValue
from gui.widgets.text import text_label

MOST_STEPS = 400  # of a long text its last ones, from where the error starts
NARROW_PX = 300  # a panel narrower than this tells its footnote under the mouse only
RECENT_STEPS = 100  # of training, for the share that was clipped
SCALES = {"linear": "linear", "log": "log"}
SUBTITLE = "‖∂loss/∂h‖ by steps back"


@dataclass(frozen=True)
class Flow:
    """The gradient's way back, ready to be drawn."""

    values: tuple[StepValue, ...]
    verdict: str
    radius: dict[str, float]


class GradientPanel(View):
    """Bars by steps back, a verdict in words, and the spectral radius of the recurrent weights."""

    HELP = (
        "The network is told at the last step how wrong it was. This is how much of that message arrives at each "
        "earlier step: the length of ∂loss/∂h, carried backwards through time. In a plain RNN it shrinks (or grows) by "
        "about the same factor at each step, so what happened long ago is hardly learned; the gates of LSTM and GRU "
        "let it pass. The logarithmic scale shows how much is left where the bars look empty.\n\nThe spectral radius "
        "is the largest factor by which the recurrent weights alone can stretch a state at each step."
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Gradient through time", SUBTITLE)
        self.scale = Segments("gradient-scale", SCALES, "Logarithmic: how much is left when it looks like nothing")
        self.scale.setFixedWidth(136)
        self.scale.set_value("linear")
        self.scale.changed.connect(lambda value: self._draw())
        self.header.addWidget(self.scale)
        self.bars = StepBars(session.theme, "gradient-plot", "Gradient by steps back in time")
        self.verdict = text_label("", "strong", wrap=True, name="gradient-verdict")
        self.health = text_label("", "small", wrap=True, name="gradient-health")
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.verdict)
        self.body.addWidget(self.bars, 1)
        self.body.addWidget(self.health)
        self.flow: Flow | None = None
        self._asker = Asker(session, "gradient")
        self._asked: tuple[object, ...] = ()

    def refresh(self) -> None:
        """Ask for the gradient of the probe with the newest weights."""
        session = self.session
        wanted = (session.probe, session.label, session.run, session.theme.name)
        ask = self._asker.follow if wanted == self._asked else self._asker.ask
        if self._asked[2:3] != wanted[2:3]:
            self.flow = None
        if self._asked[3:] != wanted[3:]:
            self._draw()
        self._asked = wanted
        ask(partial(flow_back, probe=session.probe, label=session.label), self._show, self._refuse)

    def _show(self, flow: Flow) -> None:
        self.flow = flow
        self.verdict.setText(flow.verdict)
        self._tell_health(_health(flow.radius, self.session.curve.clipped))
        self._draw()

    def table(self) -> Table:
        """One row for each step."""
        return Table(("steps back", "gradient"), [(value.name, value.value) for value in self.bars.values])

    def _refuse(self, message: str) -> None:
        self.flow = None
        self.verdict.setText(message)
        self._tell_health("")
        self._draw()

    def _tell_health(self, text: str) -> None:
        self.health.setText(text)
        self.verdict.setToolTip(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The footnote gives way to the bars when the panel is narrow."""
        super().resizeEvent(event)
        self.health.setVisible(self.width() >= NARROW_PX)

    def _draw(self) -> None:
        values = self.flow.values if self.flow is not None else ()
        self.bars.show_values(values, self.session.theme, logarithmic=self.scale.value() == "log")


def flow_back(snapshot: engine.Snapshot, probe: str, label: str | None) -> Flow:
    """The gradient along the probe; runs in the background."""
    model = snapshot.model()
    tokens = text_to_look_at(model, snapshot, probe, label)[-MOST_STEPS:]
    if not tokens:
        return Flow((), "Type a text to see how far back its error reaches.", {})
    flow = engine.gradient_flow(model, tokens, label=label)
    last = len(flow.last) - 1
    values = tuple(
        StepValue(
            f"{i - last}".replace("-", "−"),
            float(value),
            f"{last - i} steps back, at {visible_symbol(flow.inputs[i])}: {value:.3g}",
        )
        for i, value in enumerate(flow.last)
    )
    return Flow(values, flow.verdict, engine.spectral_radius(model))


def _health(radius: dict[str, float], clipped: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    """Spectral radius by gate, and how often the gradient was shortened lately."""
    parts = []
    if radius:
        largest: dict[str, float] = {}
        for name, value in radius.items():
            gate = name.rpartition(" ")[2]
            if not largest.get(gate, -math.inf) > value:
                largest[gate] = value
        parts.append(
            "spectral radius of the recurrent weights: "
            + ", ".join(f"{gate} {value:.2f}" for gate, value in largest.items())
        )
    if len(clipped):
        recent = clipped[-RECENT_STEPS:]
        parts.append(f"clipped in {100 * float(np.mean(recent)):.0f} % of the last {len(recent)} steps")
    return " · ".join(parts)
