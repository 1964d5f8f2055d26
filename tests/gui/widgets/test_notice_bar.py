"""The line of notices at the foot of the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, QTimer
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gui.widgets.notice_bar import SMALL_PX, NoticeBar
from gui.widgets.text import wrapped

LONG = "Perhaps underfitted (loss 1.234 on training and 1.240 on validation examples): 64 hidden units may help."


def test_a_long_notice_takes_two_lines_and_its_tooltip_has_all_of_it(qtbot: QtBot) -> None:
    bar = NoticeBar("")
    qtbot.addWidget(bar)
    bar.say("info", LONG)
    text = bar.findChild(QLabel, "notice")
    assert text is not None
    bar.show()
    inked = []
    for width in (1200, 500):
        bar.resize(width, bar.height())
        rows = inked_rows(text)
        inked.append(rows[-1] - rows[0])
    assert inked[1] > 1.5 * inked[0]
    assert rows[0] >= 2, "room above the first line"
    assert rows[-1] <= text.height() - 2, "room below the second"
    assert LONG.split()[0] in text.toolTip()


def test_a_notice_is_never_cut_before_its_advice_and_gives_its_room_back(qtbot: QtBot) -> None:
    bar = NoticeBar("")
    qtbot.addWidget(bar)
    bar.show()
    usual = bar.height()
    bar.resize(700, usual)
    text = bar.findChild(QLabel, "notice")
    assert text is not None
    small = QFont(text.font())
    small.setPixelSize(SMALL_PX)
    for sentences in (3, 4):
        bar.say("info", " ".join([LONG] * sentences))
        qtbot.waitUntil(lambda: bar.height() > usual)
        rows = inked_rows(text)
        assert min(rows) >= 1
        assert max(rows) <= text.height() - 2
        lines = wrapped(bar.text(), small, text.width())
        assert " ".join(lines) == bar.text()
        assert all(QFontMetrics(small).horizontalAdvance(line) <= text.width() for line in lines)
    bar.say("info", "Saved.")
    assert bar.height() == usual
    bar.say("info", " ".join([LONG] * 30))
    assert bar.height() <= 2 * usual, "the rest is in the tooltip"
    assert wrapped(bar.text(), small, text.width())[-1].endswith("…")


def inked_rows(label: QLabel) -> list[int]:
    """The rows of pixels in which something is drawn."""
    image = label.grab().toImage()
    return [y for y in range(image.height()) if len({image.pixel(x, y) for x in range(image.width())}) > 1]


def test_a_notice_that_fits_one_line_in_the_smaller_font_stands_in_the_middle(qtbot: QtBot) -> None:
    bar = NoticeBar("")
    qtbot.addWidget(bar)
    bar.say("info", LONG)
    bar.show()
    text = bar.findChild(QLabel, "notice")
    assert text is not None
    bar.resize(bar.width() - text.width() + text.sizeHint().width() - 2, bar.height())
    assert text.width() == text.sizeHint().width() - 2
    rows = inked_rows(text)
    assert abs(rows[0] + rows[-1] - text.height()) <= 4


def timer_of(bar: NoticeBar) -> QTimer:
    """The one timer of the line."""
    (timer,) = bar.findChildren(QTimer)
    return timer


def test_a_notice_that_only_confirms_something_goes_away_by_itself(qtbot: QtBot) -> None:
    bar = NoticeBar("")
    qtbot.addWidget(bar)
    bar.say("done", "Settings pasted.")
    assert timer_of(bar).isActive()
    timer_of(bar).timeout.emit()  # the time is over
    assert (bar.text(), bar.level) == ("", "")


@pytest.mark.parametrize("level", ["info", "warning", "error"])
def test_other_notices_stay_even_after_one_that_would_have_gone(qtbot: QtBot, level: str) -> None:
    bar = NoticeBar("")
    qtbot.addWidget(bar)
    bar.say("done", "Settings pasted.")
    bar.say(level, LONG)
    assert not timer_of(bar).isActive()


def test_a_notice_stays_while_the_pointer_is_over_it(qtbot: QtBot) -> None:
    bar = NoticeBar("")
    qtbot.addWidget(bar)
    bar.say("done", "Settings pasted.")
    QApplication.sendEvent(bar, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    assert not timer_of(bar).isActive()
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    assert timer_of(bar).isActive()
