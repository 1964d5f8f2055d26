"""Questions to the newest snapshot: what the user asks does not wait for what follows the training."""

from __future__ import annotations

import threading
import time

import engine
from gui.asking import LONGEST_REST_S, Asker
from tests.gui.conftest import Person


def test_what_the_user_asks_is_not_kept_back_by_the_rest_after_a_long_answer(person: Person) -> None:
    person.click("train")
    asker, answers = Asker(person.session, "test", urgent=True), []
    begun, gate = threading.Event(), threading.Event()

    def slow(snapshot: engine.Snapshot) -> str:
        begun.set()
        gate.wait()
        return "followed"

    asker.follow(slow, answers.append)
    person.wait_until(begun.is_set)
    started = time.monotonic()
    person.wait_until(lambda: time.monotonic() - started > 0.1)  # long enough for the longest rest
    asker.ask(lambda snapshot: "asked", answers.append)
    gate.set()
    started = time.monotonic()
    person.wait_until(lambda: answers == ["followed", "asked"])
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
