"""The line of notices at the foot of the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gui.widgets.notice_bar import NoticeBar, NoticeText

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


def test_a_notice_of_many_lines_shows_its_advice_in_two_and_all_of_it_when_asked(qtbot: QtBot) -> None:
    bar = NoticeBar("")
    qtbot.addWidget(bar)
    bar.show()
    usual = bar.height()
    bar.resize(700, usual)
    text, more = bar.findChild(QLabel, "notice"), bar.findChild(QPushButton, "notice-more")
    assert text is not None
    assert more is not None
    begin, advice = "Training stopped at step 960.", "128 hidden units may help."
    for sentences in (2, 3, 6):
        notice = " ".join([begin, *[LONG] * sentences, advice])
        bar.say("info", notice)
        qtbot.waitUntil(more.isVisible)
        assert bar.height() == usual, "nothing is covered"
        brief = drawn(text)
        assert brief.startswith(begin)
        assert brief.endswith(f"… {advice}")
        assert max(inked_rows(text)) <= text.height() - 2
        qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
        assert bar.height() > usual
        assert drawn(text) == notice
        assert min(inked_rows(text)) >= 1
        assert max(inked_rows(text)) <= text.height() - 2
        qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
        assert (bar.height(), drawn(text)) == (usual, brief)
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    bar.say("info", "Saved.")
    assert bar.height() == usual
    assert not more.isVisible()
    bar.say("info", notice)
    assert (bar.height(), drawn(text)) == (usual, brief), "the next one has to be opened again"


def test_a_long_sentence_before_the_advice_is_cut_and_nothing_else(qtbot: QtBot) -> None:
    bar = NoticeBar("")
    qtbot.addWidget(bar)
    bar.show()
    bar.resize(500, bar.height())
    text = bar.findChild(QLabel, "notice")
    assert text is not None
    advice = "Open it in another program and save it again."
    bar.say("error", f"The file could not be read: {'this is why, ' * 20}and so on. {advice}")
    assert drawn(text).startswith("The file could not be read: this")
    assert drawn(text).endswith(f" … {advice}")
    bar.say("error", "word " * 90)
    assert drawn(text).startswith("word word")
    assert drawn(text).endswith("…")


def drawn(label: QLabel) -> str:
    """The text as it is drawn in small lines."""
    assert isinstance(label, NoticeText)
    return " ".join(label.lines())


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
    """The timer after which the notice goes."""
    timer = bar.findChild(QTimer, "notice-time")
    assert timer is not None
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
