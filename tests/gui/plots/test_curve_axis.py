"""Where steps stand on the axis of a curve."""

from __future__ import annotations

import numpy as np
import pytest

from gui.plots.curve_axis import Places
from gui.session.progress import Curve, Progress

PROGRESS = Progress(steps_total=40, epochs=4)


def grow(curve: Curve, steps: int) -> None:
    for step in range(len(curve) + 1, len(curve) + steps + 1):
        curve.append(step, step / 8, 1.0, 1.0, False)
        if step % 5 == 0:
            curve.append_validation(step, step / 8, 1.0, {})


EXPECTED = {
    "steps": lambda steps: steps,
    "log": np.log10,
    "epochs": lambda steps: steps / 10,
    "seconds": lambda steps: steps / 8,
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_places_follow_a_growing_curve(kind: str) -> None:
    curve, places = Curve(), Places()
    for steps in (0, 7, 1500, 0, 1):
        grow(curve, steps)
        found, evaluated = places.follow(kind, curve, PROGRESS)
        assert found == pytest.approx(EXPECTED[kind](curve.steps))
        assert evaluated == pytest.approx(EXPECTED[kind](curve.validation_steps))


def test_places_change_with_the_kind_the_run_and_the_length_of_an_epoch() -> None:
    first, second, places = Curve(), Curve(), Places()
    grow(first, 20)
    grow(second, 30)
    assert places.follow("epochs", first, PROGRESS)[0][-1] == 2.0
    assert places.follow("log", first, PROGRESS)[0][9] == 1.0
    assert places.follow("epochs", second, PROGRESS)[0][-1] == 3.0
    assert places.follow("epochs", second, Progress(steps_total=60, epochs=2))[0][-1] == 1.0
