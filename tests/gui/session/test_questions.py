"""Questions to the newest weights: who is answered first, what is dropped, and what a failure does."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

import engine
from gui.session.questions import NO_MEMORY, Question
from tests.gui.conftest import Person

pytestmark = pytest.mark.one_window


class Gate:
    """Work that says when it has begun, and ends when it may."""

    def __init__(self, answer: str) -> None:
        self.begun, self.open, self._answer = threading.Event(), threading.Event(), answer

    def __call__(self, snapshot: engine.Snapshot) -> str:
        self.begun.set()
        self.open.wait()
        return self._answer


def say(answer: str) -> Callable[[engine.Snapshot], str]:
    return lambda snapshot: answer


def fail(error: Exception) -> Callable[[engine.Snapshot], Any]:
    def work(snapshot: engine.Snapshot) -> Any:
        raise error

    return work


@pytest.mark.parametrize("same", [True, False], ids=["of the same owner", "of another owner"])
def test_what_a_person_asks_is_answered_while_a_refresh_is_still_at_work(person: Person, same: bool) -> None:
    person.click("train")
    owner, answers = object(), []
    refresher, slow = owner if same else object(), Gate("followed")
    person.session.ask(Question(refresher, slow, answers.append))
    person.wait_until(slow.begun.is_set)
    person.session.ask(Question(owner, say("asked"), answers.append, urgent=True))
    person.wait_until(lambda: answers == ["asked"])
    slow.open.set()
    if same:  # nobody wants the older answer any more
        person.session.ask(Question(owner, say("asked again"), answers.append, urgent=True))
        person.wait_until(lambda: answers == ["asked", "asked again"])
    else:
        person.wait_until(lambda: answers == ["asked", "followed"])


def test_what_a_person_asks_does_not_rest_after_a_long_answer(person: Person) -> None:
    person.click("train")
    owner, answers, slow = object(), [], Gate("first")
    person.session.ask(Question(owner, slow, answers.append, urgent=True, share=1e-9))  # a refresh would rest for weeks
    person.session.ask(Question(owner, say("second"), answers.append, urgent=True, share=1e-9))
    slow.open.set()
    person.wait_until(lambda: answers == ["first", "second"])


def test_newer_weights_do_not_make_a_question_of_a_person_rest(person: Person) -> None:
    person.click("train")
    owner, answers, slow = object(), [], Gate("first")
    person.session.ask(Question(owner, slow, answers.append, about=1, share=1e-9))
    person.wait_until(slow.begun.is_set)
    person.session.ask(Question(owner, say("asked"), answers.append, about=2, share=1e-9))
    person.session.ask(Question(owner, say("followed"), answers.append, about=2, share=1e-9))
    slow.open.set()
    person.wait_until(lambda: answers == ["first", "followed"])  # else it would rest for years


def test_a_refresh_rests_while_the_training_needs_the_machine_and_not_when_it_is_paused(person: Person) -> None:
    session, owner, answers = person.session, object(), []
    person.click("train")

    def refresh() -> None:
        session.ask(Question(owner, say("refreshed"), answers.append, about=None, share=1e-9))

    refresh()
    person.wait_until(lambda: answers == ["refreshed"])
    step = session.run.progress.step
    person.wait_steps(step + 20)
    refresh()
    other: list[str] = []
    session.ask(Question(object(), say("other"), other.append))
    person.wait_until(lambda: other == ["other"])
    assert answers == ["refreshed"]
    person.click("train")
    person.wait_until(lambda: not session.busy)
    refresh()
    person.wait_until(lambda: answers == ["refreshed", "refreshed"])


def test_a_refresh_that_rests_can_be_dropped_and_what_a_person_asks_cannot(person: Person) -> None:
    session, owner, answers, slow = person.session, object(), [], Gate("first")
    person.click("train")

    def ask(answer: str, about: str) -> None:
        session.ask(Question(owner, say(answer), answers.append, about=about, share=1e-9))

    session.ask(Question(owner, slow, answers.append, about="one thing", share=1e-9))
    person.wait_until(slow.begun.is_set)
    ask("asked", "another thing")  # waits for the first answer
    session.questions.drop_refresh(owner)
    slow.open.set()
    person.wait_until(lambda: answers == ["first", "asked"])
    person.wait_steps(session.run.progress.step + 20)
    ask("refreshed", "another thing")  # rests for years while the network trains
    session.questions.drop_refresh(owner)
    person.click("train")
    person.wait_until(lambda: not session.busy)
    session.questions.send_waiting()
    other: list[str] = []
    session.ask(Question(object(), say("other"), other.append))
    person.wait_until(lambda: other == ["other"])
    assert answers == ["first", "asked"]


def test_refreshes_wait_until_what_a_person_asked_has_been_drawn(person: Person) -> None:
    order: list[str] = []
    slow = Gate("asked")

    def asked(snapshot: engine.Snapshot) -> None:
        slow(snapshot)
        order.append("asked")

    person.session.ask(Question(object(), asked, lambda value: order.append("shown"), urgent=True))
    person.session.ask(Question(object(), lambda snapshot: order.append("refreshed"), lambda value: None))
    slow.open.set()
    person.wait_until(lambda: len(order) == 3)
    assert order == ["asked", "shown", "refreshed"]


def test_owners_that_look_alike_do_not_drop_each_others_answers(person: Person) -> None:
    answers: list[str] = []
    for answer in ("first", "second"):
        person.session.ask(Question(["a panel"], say(answer), answers.append))
    person.wait_until(lambda: sorted(answers) == ["first", "second"])


def test_of_several_questions_that_wait_only_the_newest_is_answered(person: Person) -> None:
    owner, answers, slow = object(), [], Gate("first")
    person.session.ask(Question(owner, slow, answers.append))
    for number in range(5):
        person.session.ask(Question(owner, say(str(number)), answers.append))
    slow.open.set()
    person.wait_until(lambda: not person.session.busy)
    assert answers == ["first", "4"]


def test_the_same_question_about_the_same_weights_is_asked_once(person: Person) -> None:
    owner, asked = object(), []
    person.wait_until(lambda: not person.session.busy)
    for _ in range(3):
        person.session.ask(Question(owner, asked.append, lambda value: None, about="probe"))
        person.wait_until(lambda: not person.session.busy)
    assert len(asked) == 1
    person.session.ask(Question(owner, asked.append, lambda value: None, about="another probe"))
    person.wait_until(lambda: not person.session.busy)
    assert len(asked) == 2


def test_what_was_asked_of_an_old_run_is_not_answered_and_the_new_one_is(person: Person) -> None:
    owner, answers, slow = object(), [], Gate("old")
    person.session.ask(Question(owner, slow, answers.append))
    person.session.ask(Question(owner, say("old too"), answers.append))
    person.wait_until(slow.begun.is_set)
    person.press(Qt.Key.Key_R)
    person.session.ask(Question(owner, say("new"), answers.append))  # before there are weights
    slow.open.set()
    person.wait_ready()
    person.wait_until(lambda: not person.session.busy)
    assert answers == ["new"]


def test_a_refusal_and_want_of_memory_are_told_in_words_and_others_go_on(person: Person) -> None:
    errors, answers = [], []
    for error in (engine.ConfigError("That cannot be."), MemoryError()):
        person.session.ask(Question(object(), fail(error), answers.append, errors.append))
    person.session.ask(Question(object(), say("answer"), answers.append))
    person.wait_until(lambda: len(errors) == 2 and answers == ["answer"])
    assert errors == ["That cannot be.", NO_MEMORY]


def test_a_bug_in_one_answer_reaches_the_crash_hook_and_others_go_on(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught, answers = [], []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: caught.append(str(error)))

    def draw(value: str) -> None:
        raise RuntimeError("bug in drawing")

    owner = object()
    person.session.ask(Question(object(), fail(RuntimeError("bug in work")), answers.append))
    person.session.ask(Question(owner, say("drawn"), draw))
    person.session.ask(Question(object(), say("answer"), answers.append))
    person.wait_until(lambda: answers == ["answer"] and len(caught) == 2)
    assert sorted(caught) == ["bug in drawing", "bug in work"]
    person.session.ask(Question(owner, say("next"), answers.append))
    person.wait_until(lambda: answers == ["answer", "next"])


def test_neither_old_weights_nor_what_a_question_was_bound_to_is_kept_after_the_answer(person: Person) -> None:
    class Large:
        """Stands for data that a question is bound to."""

    session, answers, large = person.session, [], Large()
    session.ask(Question(object(), lambda snapshot, large=large: "answer", answers.append))
    person.wait_until(lambda: answers == ["answer"] and not session.busy)
    assert session.run.snapshot is not None
    weights, data = weakref.ref(session.run.snapshot), weakref.ref(large)
    del large
    for panel in person.window.panels.values():
        panel.hide()  # what is hidden asks no more
    session.run.step()
    person.wait_steps(1)
    person.wait_until(lambda: not session.busy)
    gc.collect()
    assert data() is None
    assert weights() is None
