"""A network of up to two layers is in sight from its answers to what it reads, and stands where it stood after Play."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollBar

from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.picture_scale import LEAST_SHRINK
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle
from tests.gui.panels.test_play import play
from tests.gui.panels.test_play_in_sight import high_network, in_sight
from tests.gui.panels.test_unrolled import panel_of

pytestmark = pytest.mark.one_window

Case = dict[str, Any]

SIZES = [(1440, 900), (1100, 700)]
SAMPLES = ["alphabet", "names", "reviews", "part-of-speech", "entities", "french", "reversal", "tones"]
OPTIONS: dict[str, tuple[Any, ...]] = {
    "num_layers": (1, 2),
    "bidirectional": (False, True),
    "attention": (False, True),
    "copying": (False, True),
    "pooling": ("last", "max"),
}
TILES_PX = 9  # height of the state in a cell, at least


def networks(unused: frozenset[str]) -> Iterator[Case]:
    """All combinations of these options that networks of this kind have a use for."""
    used = {name: values for name, values in OPTIONS.items() if name not in unused}
    for values in product(*used.values()):
        options = dict(zip(used, values, strict=True))
        if options.get("attention", True) or not options.get("copying"):
            yield options


def pairs_in(case: Case) -> set[tuple[Any, ...]]:
    return set(combinations(case.items(), 2))


def every_pair(cases: list[Case], corners: list[Case]) -> list[Case]:
    """The corners, and so many other cases that every two values that occur together do so in one of them."""
    chosen = list(corners)
    missing = set[tuple[Any, ...]]().union(*map(pairs_in, cases)).difference(*map(pairs_in, chosen))
    while missing:
        chosen.append(max(cases, key=lambda case: len(pairs_in(case) & missing)))
        missing -= pairs_in(chosen[-1])
    return [case for case in cases if case in chosen]


def is_whole(canvas: UnrolledCanvas) -> bool:
    """Whether nothing of the picture is out of sight above or below, at a size at which it can be read."""
    layout, diagram = canvas.placed(), canvas.diagram
    answer, cell = layout.output(diagram.answer) | layout.softmax(diagram.answer), layout.cell(0, 0)
    seen = all(in_sight(canvas, box) for box in (answer, cell, layout.input(0), layout.input(len(diagram.columns) - 1)))
    readable = canvas.scale >= LEAST_SHRINK and cell.height() * canvas.scale > TILES_PX
    return canvas.verticalScrollBar().maximum() == 0 and canvas.to_top.isHidden() and seen and readable


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_network_of_up_to_two_layers_is_in_sight_from_its_answers_to_what_it_reads(
    person: Person, monkeypatch: pytest.MonkeyPatch, sample: str
) -> None:
    monkeypatch.setattr("engine.data.samples.tones.COUNT", 40)  # 3,300 recordings take seconds
    person.window.resize(*SIZES[0])
    person.choose_sample(sample)
    panel, canvas = panel_of(person), panel_of(person).canvas
    cases = [{**options, "size": size} for options in networks(person.session.run.network.unused) for size in SIZES]
    corners = [*cases[: len(SIZES)], *cases[-len(SIZES) :]]  # the lowest and the highest network
    out_of_sight = []
    for case in every_pair(cases, corners):
        person.session.set_model(**{name: value for name, value in case.items() if name != "size"})
        person.wait_ready()
        person.wait_until(lambda: panel.looked is not None)
        person.window.resize(*case["size"])
        settle(person)
        if not is_whole(canvas):
            out_of_sight.append((case, canvas.verticalScrollBar().maximum()))
    assert not out_of_sight


def bars_of(canvas: UnrolledCanvas) -> tuple[QScrollBar, QScrollBar]:
    return canvas.horizontalScrollBar(), canvas.verticalScrollBar()


def play_to_the_end_and_stop(person: Person, canvas: UnrolledCanvas) -> None:
    """Go through all moments with the key, and press Stop; on the way, something else must have come into sight."""
    before, seen = [bar.value() for bar in bars_of(canvas)], set()
    play(person)
    assert canvas.playing is not None
    while not canvas.playing.ended:
        person.qtbot.keyClick(canvas, Qt.Key.Key_Right)
        seen.add(tuple(bar.value() for bar in bars_of(canvas)))
    assert any(list(values) != before for values in seen)
    person.click("play")
    person.wait_until(lambda: canvas.playing is None)
    settle(person)


def test_after_play_a_high_network_stands_where_it_stood(person: Person) -> None:
    canvas = high_network(person, SIZES[1], "many-to-many")
    bars = bars_of(canvas)
    for share in (0.0, 0.5, 1.0):
        for bar in bars:
            bar.setValue(round(bar.maximum() * share))
        before = [bar.value() for bar in bars]
        play_to_the_end_and_stop(person, canvas)
        assert [bar.value() for bar in bars] == before


@pytest.mark.parametrize("sample", ["french", "reversal", "reviews"])
def test_after_play_a_long_network_stands_where_it_stood(person: Person, sample: str) -> None:
    person.window.resize(*SIZES[1])
    person.choose_sample(sample)
    person.session.set_model(hidden_size=8)
    person.wait_ready()
    panel, (bar, _) = panel_of(person), bars_of(panel_of(person).canvas)
    person.wait_until(lambda: panel.looked is not None)
    settle(person)
    for place in (0, bar.maximum() // 2, bar.maximum()):
        bar.setValue(place)
        play_to_the_end_and_stop(person, panel.canvas)
        assert bar.value() == place
