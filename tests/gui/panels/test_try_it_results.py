"""The list of answers: where each symbol stands in its text, and what is drawn under it."""

from __future__ import annotations

import math

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from gui.theme import LIGHT, mix
from gui.widgets.bars import Bar, Bars
from gui.widgets.result_list import ROW_PX, Result, ResultList, places


@pytest.mark.parametrize(
    ("text", "symbols", "found"),
    [
        ("abc", ("a", "b", "c"), [(0, 1), (1, 2), (2, 3)]),
        ("the cat, too", ("the", "cat", ",", "too"), [(0, 3), (4, 7), (7, 8), (9, 12)]),
        ("a b", ("a", " ", "b"), [(0, 1), (1, 2), (2, 3)]),
        ("😀b", ("😀", "b"), [(0, 2), (2, 3)]),  # two units of UTF-16
        ("ab", ("\n", "a", "b", "\n"), [(0, 0), (0, 1), (1, 2), (2, 2)]),  # line ends around a text are not shown
        ("(nothing)", (), []),
        ("ab", ("x", "b"), []),
    ],
)
def test_symbols_are_found_in_their_text(text: str, symbols: tuple[str, ...], found: list[tuple[int, int]]) -> None:
    assert places(text, symbols) == found


def drawn(qtbot: QtBot, result: Result, width: int = 240, most_lines: int = 12) -> tuple[ResultList, QImage]:
    results = ResultList(LIGHT, "results", "Results", most_lines=most_lines, fits=True)
    qtbot.addWidget(results)
    results.resize(width, 200)
    results.show()
    results.show_results([result], LIGHT)
    return results, results.viewport().grab().toImage()


def rows_with(picture: QImage, color: str) -> set[int]:
    """Heights at which a colour is drawn."""
    wanted = QColor(color)
    return {y for y in range(picture.height()) for x in range(picture.width()) if picture.pixelColor(x, y) == wanted}


def shade(share: float) -> str:
    return mix(LIGHT.track, LIGHT.accent, share**0.5)


@pytest.mark.parametrize(
    ("text", "symbols"), [("sophia", tuple("sophia")), ("the old man", ("the", "old", "man")), ("سلام", tuple("سلام"))]
)
def test_the_probability_of_each_symbol_is_a_line_under_it(qtbot: QtBot, text: str, symbols: tuple[str, ...]) -> None:
    shades = (math.nan, *(0.1 * (i + 2) for i in range(len(symbols) - 1)))
    _, picture = drawn(qtbot, Result(text, number="−1.00", symbols=symbols, shades=shades))
    for share in shades[1:]:
        assert rows_with(picture, shade(share)), f"no line for {share}"
    _, other = drawn(qtbot, Result(text, number="−1.00", symbols=symbols, shades=(math.nan,) * len(symbols)))
    assert not any(rows_with(other, shade(share)) for share in shades[1:])


def test_lines_stand_under_symbols_of_every_line_of_a_long_text(qtbot: QtBot) -> None:
    words = ("wonderful",) * 9
    shades = tuple(0.1 * (i + 1) for i in range(9))
    results, picture = drawn(qtbot, Result(" ".join(words), symbols=words, shades=shades))
    heights = [min(rows_with(picture, shade(share))) for share in shades]
    assert heights == sorted(heights)
    assert len(set(heights)) >= 3
    assert results.height() > 2 * ROW_PX


def test_a_text_of_two_lines_is_shown_whole_and_a_longer_one_ends_in_dots(qtbot: QtBot) -> None:
    name = "wnhsznbmjxkuomwbspngyhyggmmqv" * 2
    whole, _ = drawn(qtbot, Result(name, "new", "good", "−96.29", symbols=tuple(name), shades=(0.5,) * len(name)))
    three, picture = drawn(
        qtbot,
        Result(name * 3, "new", "good", "−96.29", symbols=tuple(name * 3), shades=(0.9,) * 100 + (0.2,) * 74),
        most_lines=3,
    )
    assert whole.height() > ROW_PX
    assert three.height() < whole.height() + 2 * ROW_PX
    assert not rows_with(picture, shade(0.2)), "what is left out has no line"


def test_small_probabilities_are_not_written_as_nothing(qtbot: QtBot) -> None:
    bars = Bars(LIGHT, "bars", "Shares")
    qtbot.addWidget(bars)
    bars.show_bars([Bar("a", 0.5), Bar("b", 0.0021), Bar("c", 1e-5), Bar("d", 0.0)], LIGHT)
    assert bars.accessibleDescription() == "a 0.50, b 0.002, c <0.001, d <0.001", "no softmax gives 0"


def test_rows_do_not_overlap_when_a_scroll_bar_takes_room_from_their_texts(qtbot: QtBot) -> None:
    results = ResultList(LIGHT, "results", "Results")
    qtbot.addWidget(results)
    results.resize(260, 4 * ROW_PX)
    results.show()
    words = "one two three four five six seven eight"
    texts = [words[: end + 1] for end in range(12, len(words))]  # some just fit, and do not beside a scroll bar
    results.show_results([Result(text) for text in texts], LIGHT)

    def rows_fit() -> bool:
        boxes = [results.visualItemRect(results.item(row)) for row in range(results.count())]
        return all(box.height() >= results.sizeHintForRow(row) for row, box in enumerate(boxes))

    qtbot.waitUntil(lambda: results.verticalScrollBar().isVisible() and rows_fit())
