"""Who stands still for whom, and for how long."""

from __future__ import annotations

import sys
import threading

from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from gui.right_of_way import MOST_S, SWITCH_S, QuickTurns, RightOfWay


class Watched(threading.Event):
    """Remembers how long it was waited for at most."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.waits.append(timeout)
        return super().wait(timeout)


def test_while_nobody_waits_nobody_stands_still() -> None:
    free = Watched()
    free.set()
    RightOfWay(free, 0.1).give()
    assert not free.waits


def test_it_stands_still_for_an_answer_but_no_more_than_its_share() -> None:
    free = Watched()
    way = RightOfWay(free, share=0.0)
    for _ in range(1000):
        way.give()
    assert free.waits[0] == MOST_S
    assert sum(free.waits) < 1.1 * MOST_S  # and then never again


def test_it_goes_on_as_soon_as_the_answer_is_made() -> None:
    free = Watched()
    threading.Timer(0.01, free.set).start()
    way = RightOfWay(free, 0.1)
    while not free.is_set():
        way.give()
    assert way._credit_s > 0.0


def test_threads_take_turns_more_often_only_while_a_person_waits(qtbot: QtBot) -> None:
    before = sys.getswitchinterval()
    turns = QuickTurns(QCoreApplication.instance())
    turns.begin()
    assert sys.getswitchinterval() == SWITCH_S < before
    qtbot.waitUntil(lambda: sys.getswitchinterval() == before)
    turns.begin()
    turns.end()
    assert sys.getswitchinterval() == before
