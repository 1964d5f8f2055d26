"""When the window pulls: only when it was woken, and less often where drawing is slow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from gui.session.frame_clock import SLOWEST_FRAME_MS, TURN_MS, TURNS_A_FRAME, FrameClock


class Pulled:
    """Counts frames and turns. `waiting` things are drawn in turns; `frames` are asked for, one after the other."""

    def __init__(
        self, frames: int = 1, waiting: int = 0, each: Callable[[], None] = lambda: None, training: bool = False
    ) -> None:
        self.times = 0
        self.log: list[str] = []
        self._frames, self._waiting, self._each = frames, waiting, each
        self.clock = FrameClock(self._pull, self._take_turn, training=lambda: training)

    def _pull(self) -> None:
        self.times += 1
        self.log.append("frame")
        if self.times < self._frames:
            self.clock.wake()
        self._each()

    def _take_turn(self) -> bool:
        if not self._waiting:
            return False
        self._waiting -= 1
        self.log.append("turn")
        return self._waiting > 0


def later(qtbot: QtBot) -> None:
    """After several frames' time."""
    passed: list[bool] = []
    QTimer.singleShot(20 * TURN_MS, lambda: passed.append(True))
    qtbot.waitUntil(lambda: bool(passed))


def test_it_pulls_once_for_all_that_has_woken_it_and_not_again_by_itself(qtbot: QtBot) -> None:
    pulled = Pulled()
    pulled.clock.wake()
    pulled.clock.wake()
    later(qtbot)
    assert pulled.times == 1
    pulled.clock.wake()
    qtbot.waitUntil(lambda: pulled.times == 2)


def test_what_comes_while_it_pulls_is_taken_in_the_next_frame(qtbot: QtBot) -> None:
    pulled = Pulled(frames=3)
    pulled.clock.wake()
    qtbot.waitUntil(lambda: pulled.times == 3)


def test_things_to_draw_take_turns_a_few_in_each_frame_of_a_training(qtbot: QtBot) -> None:
    pulled = Pulled(waiting=TURNS_A_FRAME + 1, training=True)
    pulled.clock.wake()
    qtbot.waitUntil(lambda: pulled.log.count("turn") == TURNS_A_FRAME + 1)
    assert pulled.log == ["frame", *["turn"] * TURNS_A_FRAME, "frame", "turn"]


def test_things_to_draw_take_turns_to_their_end_where_nothing_trains(qtbot: QtBot) -> None:
    pulled = Pulled(waiting=TURNS_A_FRAME + 1)
    pulled.clock.wake()
    qtbot.waitUntil(lambda: pulled.log.count("turn") == TURNS_A_FRAME + 1)
    assert pulled.log == ["frame", *["turn"] * (TURNS_A_FRAME + 1)]


def test_slow_drawing_makes_frames_longer_but_not_endless(qtbot: QtBot) -> None:
    pulled = Pulled(frames=20, each=lambda: pulled.clock.add_paint_cost(10.0))
    assert pulled.clock.slowness == 1
    pulled.clock.wake()
    qtbot.waitUntil(lambda: pulled.times == 20)
    assert 5 <= pulled.clock.slowness <= SLOWEST_FRAME_MS // 33


def test_a_stopped_clock_never_pulls(qtbot: QtBot) -> None:
    pulled, other = Pulled(), Pulled(frames=5)
    pulled.clock.wake()
    pulled.clock.stop()
    pulled.clock.wake()
    other.clock.wake()
    qtbot.waitUntil(lambda: other.times == 5)
    assert pulled.times == 0


def test_a_bug_while_pulling_does_not_stop_the_clock(qtbot: QtBot) -> None:
    def stumble() -> None:
        if pulled.times == 2:
            raise RuntimeError("stumbled")

    pulled = Pulled(frames=4, waiting=1, each=stumble)
    with qtbot.captureExceptions() as caught:
        pulled.clock.wake()
        qtbot.waitUntil(lambda: pulled.times == 4)
    assert [str(error) for _, error, _ in caught] == ["stumbled"]


@pytest.mark.parametrize("seconds", [0.0, 0.001])
def test_cheap_drawing_keeps_frames_short(qtbot: QtBot, seconds: float) -> None:
    pulled = Pulled(frames=10, each=lambda: pulled.clock.add_paint_cost(seconds))
    pulled.clock.wake()
    qtbot.waitUntil(lambda: pulled.times == 10)
    assert pulled.clock.slowness == 1
