"""The tiles under the cells of a network that reads numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

import engine
from gui.theme import LIGHT
from gui.unrolled_view.descriptions import tip_of
from gui.unrolled_view.diagram_builder import from_trace
from gui.unrolled_view.tiles import StatePictures

RNG = np.random.default_rng(0)
SERIES = np.column_stack([RNG.normal(10, 10, 400), RNG.normal(1000, 300, 400)])


def model() -> engine.Model:
    dataset = engine.make_dataset([SERIES], "series")
    return engine.build_model(engine.ModelConfig(architecture="many-to-many", hidden_size=4), dataset, seed=0)


def colours(values: NDArray[np.float64]) -> list[list[str]]:
    """The colours of each step's two tiles."""
    network = model()
    diagram = from_trace(
        engine.trace(network, np.vstack([values, values[-1:]])), network.config
    )  # the last is a target
    ((image, _),) = StatePictures(diagram, LIGHT).strips[""]
    assert isinstance(image, QImage)
    return [[image.pixelColor(2 * t + k, 0).name() for k in (0, 1)] for t in range(len(values))]


def test_each_column_has_a_scale_of_its_own_that_does_not_depend_on_what_else_is_read() -> None:
    warm, cold, alike = colours(np.array([[30.0, 1000.0], [-10.0, 1000.0], [30.0, 1300.0]]))
    assert warm[0] != cold[0], "beside a column with numbers a hundred times as large"
    assert warm[1] == cold[1]
    assert alike[0] == warm[0]
    alone = colours(np.array([[30.0, 1000.0], [30.0, 1000.0]]))
    assert alone[0] == warm


def test_what_a_colour_means_is_said_under_the_mouse() -> None:
    network = model()
    diagram = from_trace(engine.trace(network, SERIES[:5]), network.config)
    assert "blue above the average of its column in training, orange below" in tip_of(diagram, 0)
