"""What is drawn waits while much changes at once."""

from __future__ import annotations

import sys

import pytest

from gui.session.deferred_redraws import DeferredRedraws
from tests.gui.conftest import Person


def test_what_has_to_be_drawn_several_times_during_a_change_is_drawn_once_after_it() -> None:
    news, drawn = DeferredRedraws(), list[str]()

    def draw() -> None:
        if not news.wait(draw):
            drawn.append("drawn")

    def inner() -> None:
        draw()
        draw()

    def change() -> None:
        draw()
        with news.held():
            inner()
        assert drawn == []

    with news.held():
        change()
    assert drawn == ["drawn"]
    draw()
    assert drawn == ["drawn", "drawn"]


def test_a_change_that_fails_is_told_all_the_same_and_one_that_cannot_be_drawn_does_not_hold_up_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    news, drawn, told = DeferredRedraws(), list[str](), list[str]()
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append(str(error)))

    def first() -> None:
        raise ValueError("cannot be drawn")

    def second() -> None:
        drawn.append("drawn")

    def change() -> None:
        assert news.wait(first)
        assert news.wait(second)
        raise OSError("the change fails")

    with pytest.raises(OSError, match="the change fails"), news.held():
        change()
    assert (told, drawn) == (["cannot be drawn"], ["drawn"])


def test_the_settings_are_drawn_once_where_the_data_and_with_them_the_network_change(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, drawn = person.window.panels["architecture"], list[None]()
    refresh = panel.refresh

    def count() -> None:
        drawn.append(None)
        refresh()

    monkeypatch.setattr(panel, "refresh", count)
    person.choose_sample("reviews")
    assert len(drawn) == 1


@pytest.mark.parametrize("view", ["compare", "training"])
def test_a_setting_that_begins_a_new_network_draws_each_view_once(
    person: Person, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    person.window.docking.show_view("compare")
    person.wait_until(lambda: not person.session.busy and not person.session.questions.busy)
    panel, drawn = person.window.panels[view], list[None]()
    refresh = panel.refresh

    def count() -> None:
        drawn.append(None)
        refresh()

    monkeypatch.setattr(panel, "refresh", count)
    person.session.run.set_training(optimizer="rmsprop")
    assert len(drawn) == 1
