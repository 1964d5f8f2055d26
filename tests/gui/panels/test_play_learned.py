"""The last moment of Play for an example that the network knows by heart: tiny numbers that can be told apart."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.number_text import NARROW
from gui.theme import LIGHT
from gui.unrolled_view.play_captions import BREVITIES, caption_of
from gui.unrolled_view.playing import Playing
from gui.unrolled_view.weight_changes import ChangesTable
from tests.gui.panels.test_play import CASES, playing_of
from tests.gui.written import texts_in

LEARNED = "Hardly anything is left to learn from it."


def at_the_end(loss: float, after: float) -> Playing:
    """A translator at the last moment, with these losses."""
    kind, rows, options = CASES["translator"]
    playing = playing_of(kind, rows, **options)
    return replace(playing.go(10**6), step=replace(playing.step, loss=loss, loss_after=after))


@pytest.mark.parametrize(
    ("loss", "after", "said"),
    [
        (2.5, 2.0, "2.500 → 2.000"),
        (6.65812, 6.65811, "6.65812 → 6.65811"),
        (0.02, 0.0199, "0.02000 → 0.01990"),
        (3.621e-4, 3.6209e-4, "3.6210e−4 → 3.6209e−4"),
        (6.56e-6, 6.1e-6, "6.560e−6 → 6.100e−6"),
        (0.5, 0.5, "0.5000, as before"),
        (6.56e-6, 6.56e-6 * (1 - 1e-12), "6.560e−6, as before"),
    ],
)
def test_both_losses_have_the_digits_that_tell_them_apart(loss: float, after: float, said: str) -> None:
    playing = at_the_end(loss, after)
    for brevity in BREVITIES:
        assert f": {said}." in caption_of(playing, brevity)


def test_of_an_example_that_is_known_by_heart_it_says_that_hardly_anything_is_left_to_learn() -> None:
    assert LEARNED in caption_of(at_the_end(3.621e-4, 3.6209e-4))
    assert LEARNED in caption_of(at_the_end(3.621e-4, 3.6209e-4), 1)
    assert LEARNED not in caption_of(at_the_end(0.02, 0.01999))
    own = at_the_end(3.621e-4, 3.6209e-4)
    assert LEARNED not in caption_of(replace(own, step=replace(own.step, known=False))), "it is compared with itself"


def test_tiny_shares_of_the_changed_weights_can_be_told_apart(qtbot: QtBot, tmp_path: Path) -> None:
    kind, rows, options = CASES["translator"]
    step = playing_of(kind, rows, **options).step
    small = [replace(each, change=each.weights * 3e-8 / (k + 1)) for k, each in enumerate(step.changes)]
    place = QWidget()
    qtbot.addWidget(place)
    table = ChangesTable(place)
    table.tell(replace(step, changes=tuple(small)), LIGHT)
    table.resize(table.fit(QSize(500, 600)))
    assert table.heads[-1] == "of its size"
    shares = [text for text in texts_in(table, tmp_path) if re.fullmatch(rf"[\d.]+e−\d+{NARROW}%", text)]
    assert shares[:3] == [f"3e−6{NARROW}%", f"1.5e−6{NARROW}%", f"1e−6{NARROW}%"]
    assert f"<0.01{NARROW}%" not in texts_in(table, tmp_path)
