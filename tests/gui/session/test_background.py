"""The thread that answers: newest request wins, errors travel, it ends when told."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from engine.interruption import go_on
from gui.session.background import Background, RequestOutcome


@pytest.fixture
def background() -> Iterator[Background]:
    made = Background("unroll-test")
    yield made
    assert made.close()


def wait_answers(qtbot: QtBot, background: Background, count: int) -> list[RequestOutcome]:
    got: list[RequestOutcome] = []

    def enough() -> bool:
        got.extend(background.take_answers())
        return len(got) >= count

    qtbot.waitUntil(enough)
    return got


def test_an_answer_comes_back_from_another_thread(qtbot: QtBot, background: Background) -> None:
    background.submit("a", threading.get_ident, lambda value: None)
    (answer,) = wait_answers(qtbot, background, 1)
    assert answer.value != threading.get_ident()
    assert not background.busy


def test_the_newest_wish_of_an_owner_wins_and_others_are_served(qtbot: QtBot, background: Background) -> None:
    gate = threading.Event()
    made = []
    background.submit("slow", gate.wait, lambda value: None)
    for number in range(5):
        background.submit("a", lambda number=number: made.append(number), lambda value: None)
    background.submit("b", lambda: "b", lambda value: None)
    gate.set()
    answers = wait_answers(qtbot, background, 3)
    assert [answer.owner for answer in answers] == ["slow", "a", "b"]
    assert made == [4]


def test_an_answer_that_was_overtaken_while_it_was_made_is_dropped(qtbot: QtBot, background: Background) -> None:
    started, gate = threading.Event(), threading.Event()

    def slow() -> str:
        started.set()
        gate.wait()
        return "old"

    background.submit("a", slow, lambda value: None)
    started.wait()
    background.submit("a", lambda: "new", lambda value: None)
    gate.set()
    assert [answer.value for answer in wait_answers(qtbot, background, 1)] == ["new"]


def test_what_a_network_computes_ends_when_a_newer_wish_has_come_or_the_thread_is_to_end(qtbot: QtBot) -> None:
    background = Background("unroll-test")
    begun, ended = threading.Event(), []

    def endless() -> None:
        begun.set()
        try:
            while True:
                go_on()
        finally:
            ended.append(1)

    background.submit("a", endless, lambda value: None)
    begun.wait()
    background.submit("a", lambda: "new", lambda value: None)
    (answer,) = wait_answers(qtbot, background, 1)
    assert (answer.value, ended) == ("new", [1])
    begun.clear()
    background.submit("b", endless, lambda value: None)
    begun.wait()
    assert background.close()
    assert ended == [1, 1]


def test_an_error_travels_as_a_value_and_the_thread_lives_on(qtbot: QtBot, background: Background) -> None:
    background.submit("a", lambda: 1 // 0, lambda value: None)
    (answer,) = wait_answers(qtbot, background, 1)
    assert isinstance(answer.error, ZeroDivisionError)
    background.submit("a", lambda: 2, lambda value: None)
    assert wait_answers(qtbot, background, 1)[0].value == 2


def test_a_value_goes_to_who_asked_and_an_error_to_who_takes_it_else_it_is_raised(
    qtbot: QtBot, background: Background
) -> None:
    values: list[int] = []
    errors: list[BaseException] = []
    background.submit("value", lambda: 3, values.append, errors.append)
    background.submit("error", lambda: 1 // 0, values.append, errors.append)
    background.submit("nobody", lambda: 1 // 0, values.append)
    for answer in wait_answers(qtbot, background, 3):
        if answer.owner == "nobody":
            with pytest.raises(ZeroDivisionError):
                answer.deliver()
        else:
            answer.deliver()
    assert values == [3]
    assert [type(error) for error in errors] == [ZeroDivisionError]


def test_after_closing_nothing_is_taken_any_more() -> None:
    background = Background("unroll-test")
    background.submit("a", lambda: 1, lambda value: None)
    assert background.close()
    background.submit("a", lambda: 2, lambda value: None)
    assert not background.busy
    assert "unroll-test" not in {thread.name for thread in threading.enumerate()}


def test_of_each_answer_that_waits_somebody_is_told_and_before_each_wish_others_may_go_first(qtbot: QtBot) -> None:
    answered, asked = threading.Event(), threading.Event()
    background = Background("unroll-test", notify=answered.set, before=asked.set)
    gate = threading.Event()
    background.submit("a", gate.wait, lambda value: None)
    qtbot.waitUntil(asked.is_set)
    assert not answered.is_set()
    gate.set()
    wait_answers(qtbot, background, 1)
    assert answered.is_set()
    assert background.close()


def test_answers_can_be_taken_a_few_at_a_time(qtbot: QtBot, background: Background) -> None:
    done = threading.Event()
    for name in "abc":
        background.submit(name, lambda name=name: name, lambda value: None)
    background.submit("last", done.set, lambda value: None)
    qtbot.waitUntil(done.is_set)
    assert [answer.value for answer in background.take_answers(2)] == ["a", "b"]
    assert background.busy
    assert [answer.owner for answer in wait_answers(qtbot, background, 2)] == ["c", "last"]
    assert not background.busy


def test_one_can_wait_for_an_answer_but_not_for_ever(background: Background) -> None:
    gate = threading.Event()
    background.submit("a", lambda: gate.wait() and "there", lambda value: None)
    background.wait(0.01)
    assert background.take_answers() == []
    gate.set()
    background.wait(20.0)
    assert [answer.value for answer in background.take_answers()] == ["there"]
