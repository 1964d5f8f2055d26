"""The path of the hidden state while it reads the probe text, in the plane of its two principal components."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import SignalInstance

import engine
from engine.data.numbers.recording import NetworkInput
from engine.inspection.projection import principal_components
from engine.inspection.text_search import look, typed_inputs
from gui.panels.base.asking_view import STATELESS, offer
from gui.panels.base.plane_view import Plane, PlaneView
from gui.plots.scatter import Cloud
from gui.session.probe import Selection
from gui.session.session import Session
from gui.widgets.fields import Choice
from gui.widgets.symbols import visible_symbol

SUBTITLE = "states of all steps in two dimensions"
LEAST_LETTERS = 6  # of the list of layers
NOTHING = "Type a text above to see the path of its state."


@dataclass(frozen=True, eq=False)
class Trajectory(Plane):
    """A trajectory, ready to be drawn, and the layers to choose from (key → title)."""

    layer: int
    places: dict[int, tuple[str, int, str]]  # layer → part, number within the part, direction
    choices: dict[str, str]


class TrajectoryPanel(PlaneView[Trajectory]):
    """Each point is the state after one symbol; the line goes from the first (dark) to the last (bright)."""

    HELP = (
        "A hidden state is a point in a space with as many dimensions as there are units. Here you see that space "
        "from the direction in which the states of this sequence differ most: the first two principal components. The "
        "percentage above says how much of the differences between the states can be seen from there. The line "
        "follows the sequence, and the ring is the state before its first step. States after which the network expects "
        "the same lie close together. A network that only remembers its last input jumps back and forth "
        "between a few places; one that counts or remembers moves on.\n\n"
        "Click a point to look inside that step."
    )

    def __init__(self, session: Session, title: str) -> None:
        picture = "States of all steps in two principal components"
        super().__init__(session, title, SUBTITLE, "trajectory", picture)
        self.scatter.chosen.connect(self._choose)
        self.layer = Choice("trajectory-layer", "Layer", "Layer and direction whose states are shown", {})
        self.layer.changed.connect(lambda value: self.ask())
        self.layer.hide()
        self.header.addWidget(self.layer, 1)
        self._marked: Selection | None = None

    def nothing(self) -> str:
        """Say why there is no picture."""
        return STATELESS if self.session.probe.text else NOTHING

    def about(self) -> tuple[object, ...]:
        """What the picture depends on, including the layer."""
        return (*super().about(), self.layer.value())

    def work(self) -> Callable[[engine.Snapshot], Trajectory | None]:
        """Compute the states of the probe, and project them."""
        session = self.session
        return partial(way_of, probe=session.probe.given, label=session.probe.label, wanted=str(self.layer.value()))

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals to watch, including that of the selected step."""
        return *super().watches(), self.session.probe.selection_changed

    def refresh(self) -> None:
        """Mark a newly selected step at once; ask for everything else."""
        if self.session.probe.cell != self._marked:
            self.draw()
        super().refresh()

    def draw(self) -> None:
        """Draw points, line, and the mark of the selected step."""
        self._marked = self.session.probe.cell
        if self.found is not None:
            offer(self.layer, self.found.choices, list(self.found.choices)[self.found.layer])
            self.layer.hold_chosen(LEAST_LETTERS)
        self.layer.setVisible(self.found is not None and self.layer.count() > 1)
        super().draw()

    def points_are(self, found: Trajectory) -> str:
        """States."""
        return "states"

    def marked(self, found: Trajectory) -> int:
        """The selected step, if it is one of this layer."""
        selection = self.session.probe.cell
        here = found.places[found.layer]
        chosen = selection is not None and (selection.part, selection.layer, selection.direction) == here
        return selection.step if chosen and selection else -1

    def _choose(self, step: int) -> None:
        if self.found is not None:
            self.session.probe.select(Selection(*self.found.places[self.found.layer], step))


def way_of(snapshot: engine.Snapshot, probe: NetworkInput, label: str | None, wanted: str) -> Trajectory | None:
    """The states of one layer, projected; runs in the background. wanted: the layer's name; else the first layer, as
    in the views beside it."""
    found = look(snapshot, probe, label)
    if found is None or not found.trace.layers:
        return None
    layers = found.trace.layers
    index = next((i for i, each in enumerate(layers) if each.name == wanted), 0)
    layer = layers[index]
    rows = np.concatenate([layer.initial[None], layer.states]).astype(np.float64)
    if not np.isfinite(rows).all():
        raise engine.ConfigError("Training has diverged: the states are no longer finite.")
    projection = principal_components(rows)
    names = tuple(map(visible_symbol, typed_inputs(layer, found)))
    order = np.linspace(0.0, 1.0, len(layer.states)) if len(layer.states) > 1 else np.ones(1)
    if layer.direction == "backward":
        points, start, order = projection.points[1:], None, order[::-1]
    else:
        points, start = projection.points[1:], (float(projection.points[0, 0]), float(projection.points[0, 1]))
    hints = tuple(f"after step {i + 1}: {name}" for i, name in enumerate(names))
    cloud = Cloud(points, names, order, True, start, hints)
    places = {i: (each.part, each.layer, each.direction) for i, each in enumerate(layers)}
    choices = {each.name: each.name or "state" for each in layers}
    explained = float(projection.explained[0]), float(projection.explained[1])
    return Trajectory(cloud, explained, index, places, choices)
