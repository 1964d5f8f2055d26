"""How often the window pulls: only while threads are busy, and less often where drawing is slow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from gui.session.frame_clock import SLOWEST_FRAME_MS, FrameClock


class Pulled:
    """Counts how often it was pulled, and is busy until it was pulled often enough."""

    def __init__(self, until: int) -> None:
        self.times, self._until = 0, until

    def pull(self) -> None:
        self.times += 1

    def busy(self) -> bool:
        return self.times < self._until


def clock_for(pulled: Pulled, each: Callable[[], None] | None = None) -> FrameClock:
    def pull() -> None:
        pulled.pull()
        if each is not None:
            each()

    return FrameClock(pull, pulled.busy, training=lambda: False)


def test_it_pulls_until_nothing_more_can_come_and_again_when_woken(qtbot: QtBot) -> None:
    pulled = Pulled(until=3)
    clock = clock_for(pulled)
    clock.wake()
    clock.wake()  # once is enough
    qtbot.waitUntil(lambda: not pulled.busy())
    clock.wake()
    qtbot.waitUntil(lambda: pulled.times == 4)


def test_slow_drawing_makes_frames_longer_but_not_endless(qtbot: QtBot) -> None:
    pulled = Pulled(until=20)
    clock = clock_for(pulled, lambda: clock.add_paint_cost(10.0))
    assert clock.slowness == 1
    clock.wake()
    qtbot.waitUntil(lambda: not pulled.busy())
    assert 5 <= clock.slowness <= SLOWEST_FRAME_MS // 33


def test_a_stopped_clock_never_pulls(qtbot: QtBot) -> None:
    pulled, other = Pulled(until=5), Pulled(until=5)
    clock = clock_for(pulled)
    clock.wake()
    clock.stop()
    clock.wake()
    running = clock_for(other)
    running.wake()
    qtbot.waitUntil(lambda: not other.busy())
    assert pulled.times == 0


def test_a_bug_while_pulling_does_not_stop_the_clock(qtbot: QtBot) -> None:
    pulled = Pulled(until=4)

    def stumble() -> None:
        if pulled.times == 2:
            raise RuntimeError("stumbled")

    clock = clock_for(pulled, stumble)
    with qtbot.captureExceptions() as caught:
        clock.wake()
        qtbot.waitUntil(lambda: not pulled.busy())
    assert [str(error) for _, error, _ in caught] == ["stumbled"]


@pytest.mark.parametrize("seconds", [0.0, 0.001])
def test_cheap_drawing_keeps_frames_short(qtbot: QtBot, seconds: float) -> None:
    pulled = Pulled(until=10)
    clock = clock_for(pulled, lambda: clock.add_paint_cost(seconds))
    clock.wake()
    qtbot.waitUntil(lambda: not pulled.busy())
    assert clock.slowness == 1
