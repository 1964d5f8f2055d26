"""The names beside the points of a plane: none lies on another, and the important ones are always there."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
from PySide6.QtCore import QRectF, QSizeF

from gui.plots.name_positions import name_positions

AREA, SIZE = QRectF(0, 0, 300, 200), QSizeF(24, 10)


def test_no_name_lies_on_another_or_on_a_dot() -> None:
    points = np.random.default_rng(3).uniform((20, 20), (280, 180), (60, 2)).tolist()
    found = name_positions(AREA, points, dict.fromkeys(range(60), SIZE), dots=points)
    assert 5 < len(found) < 60
    assert not any(one.intersects(other) for one, other in combinations(found.values(), 2))
    assert not any(box.contains(*point) for box in found.values() for point in points)


def test_the_names_that_matter_are_written_even_in_a_crowd() -> None:
    points = np.random.default_rng(3).uniform((140, 90), (170, 110), (40, 2)).tolist()
    sizes = dict.fromkeys([7, 39, 0, *range(40)], SIZE)
    found = name_positions(AREA, points, sizes, always=(7, 39, 0), dots=points)
    assert {7, 39, 0} <= set(found)
    assert not any(one.intersects(other) for one, other in combinations(found.values(), 2))


def test_no_name_touches_the_ring_around_the_marked_point() -> None:
    points = [[100.0, 100.0], [112.0, 96.0], [90.0, 108.0]]
    found = name_positions(AREA, points, dict.fromkeys(range(3), SIZE), always=(0, 2), dots=points, ringed=0)
    assert {0, 2} <= set(found)
    for turn in np.linspace(0, 2 * np.pi, 60):
        edge = 100 + 6 * np.cos(turn), 100 + 6 * np.sin(turn)
        assert not any(box.contains(*edge) for box in found.values())


def test_a_name_that_is_always_written_goes_a_little_farther_away_before_it_covers_dots() -> None:
    long, point = QSizeF(36, 10), [150.0, 100.0]
    dots = [point, [160.0, 97.0], [160.0, 105.0], [140.0, 97.0], [140.0, 105.0]]  # at all places beside it
    (box,) = name_positions(AREA, [point], {0: long}, always=(0,), dots=dots).values()
    assert not any(box.contains(*dot) for dot in dots)
    assert np.hypot(box.center().x() - 150, box.center().y() - 100) < 45


def test_a_name_keeps_off_the_line_through_its_point() -> None:
    path = [[50.0, 100.0], [150.0, 50.0], [250.0, 25.0]]  # upwards to the right
    found = name_positions(AREA, path[1:], {0: SIZE, 1: SIZE}, dots=path, path=path)
    ways = [np.linspace(a, b, 200).tolist() for a, b in pairwise(path)]
    assert not any(box.contains(*place) for box in found.values() for way in ways for place in way)


def test_a_point_without_a_place_or_outside_the_picture_has_no_name() -> None:
    points = [[float("nan"), float("nan")], [500.0, 20.0], [100.0, 100.0]]
    assert set(name_positions(AREA, points, dict.fromkeys(range(3), SIZE), always=(0, 1, 2))) == {2}
