"""The line of notices at the foot of the window."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.widgets.notice_bar import NoticeBar

LONG = "Underfitted (loss 1.234 on training examples, 1.240 on validation examples): a larger network can learn more."


def test_a_long_notice_takes_two_lines_and_its_tooltip_has_all_of_it(qtbot: QtBot) -> None:
    bar = NoticeBar("")
    qtbot.addWidget(bar)
    bar.say("info", LONG)
    text = bar.findChild(QLabel, "notice")
    assert text is not None
    inked = []
    for width in (1200, 500):
        bar.resize(width, bar.height())
        bar.show()
        image = text.grab().toImage()
        rows = [y for y in range(image.height()) if len({image.pixel(x, y) for x in range(image.width())}) > 1]
        inked.append(rows[-1] - rows[0])
    assert inked[1] > 1.5 * inked[0]
    assert LONG.split()[0] in text.toolTip()
