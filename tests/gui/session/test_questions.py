"""Questions to the newest snapshot: what the user asks does not wait for what follows the training."""

from __future__ import annotations

import threading
import time

import pytest

import engine
from gui.session.questions import LONGEST_REST_S, Asker
from tests.gui.conftest import Person


@pytest.mark.parametrize("same", [True, False], ids=["of the same panel", "of another panel"])
def test_what_a_person_asks_is_answered_while_a_refresh_is_still_at_work(person: Person, same: bool) -> None:
    person.click("train")
    asker, answers = Asker(person.session, "test", urgent=True), []
    refresher = asker if same else Asker(person.session, "other")
    begun, gate = threading.Event(), threading.Event()

    def slow(snapshot: engine.Snapshot) -> str:
        begun.set()
        gate.wait()
        return "followed"

    refresher.follow(slow, answers.append)
    person.wait_until(begun.is_set)
    asker.ask(lambda snapshot: "asked", answers.append)
    person.wait_until(lambda: answers == ["asked"])
    gate.set()
    if same:  # nobody wants the older answer any more
        asker.ask(lambda snapshot: "asked again", answers.append)
        person.wait_until(lambda: answers == ["asked", "asked again"])
    else:
        person.wait_until(lambda: answers == ["asked", "followed"])


def test_what_a_person_asks_does_not_rest_after_a_long_answer(person: Person) -> None:
    person.click("train")
    asker, answers = Asker(person.session, "test", urgent=True), []
    gate = threading.Event()

    def slow(snapshot: engine.Snapshot) -> str:
        gate.wait()
        return "first"

    asker.ask(slow, answers.append)
    asker.ask(lambda snapshot: "second", answers.append)
    started = time.monotonic()
    person.wait_until(lambda: time.monotonic() - started > 0.1)  # so long that a refresh would rest its longest
    gate.set()
    started = time.monotonic()
    person.wait_until(lambda: answers == ["first", "second"])
    assert time.monotonic() - started < LONGEST_REST_S / 2


def test_newer_weights_do_not_push_a_question_of_the_user_back(person: Person) -> None:
    person.click("train")
    asker, answers = Asker(person.session, "test", urgent=True), []
    gate = threading.Event()

    def slow(snapshot: engine.Snapshot) -> bool:
        return gate.wait()

    asker.ask(slow, lambda value: None)
    asker.ask(lambda snapshot: "asked", answers.append)
    asker.follow(lambda snapshot: "followed", answers.append)
    assert asker._waiting is not None
    assert asker._waiting.urgent
    gate.set()
    person.wait_until(lambda: answers == ["followed"])


def test_refreshes_wait_until_what_a_person_asked_has_been_drawn(person: Person) -> None:
    order: list[str] = []
    gate = threading.Event()

    def slow(snapshot: engine.Snapshot) -> None:
        gate.wait()
        order.append("asked")

    Asker(person.session, "person", urgent=True).ask(slow, lambda value: order.append("shown"))
    Asker(person.session, "panel").ask(lambda snapshot: order.append("refreshed"), lambda value: None)
    gate.set()
    person.wait_until(lambda: len(order) == 3)
    assert order == ["asked", "shown", "refreshed"]
