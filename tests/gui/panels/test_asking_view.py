"""Views that ask: how often they draw, and what they say when they cannot."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

import engine
from gui.panels.base.asking_view import NOT_YET_FOUND, AskingView
from gui.panels.base.view import View
from gui.panels.hidden_state import HiddenStatePanel
from gui.panels.memory import MemoryPanel
from gui.session.questions import NO_MEMORY
from gui.theme import DARK, LIGHT
from tests.gui.conftest import Person
from tests.gui.panels.open_views import open_view, settle

pytestmark = pytest.mark.one_window


def view_of(person: Person, name: str) -> AskingView[object]:
    view = person.window.panels[name]
    assert isinstance(view, AskingView)
    return view


def count_drawings(view: AskingView[object], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    drawings: list[int] = []
    draw = view.draw

    def counted() -> None:
        drawings.append(1)
        draw()

    monkeypatch.setattr(view, "draw", counted)
    return drawings


@pytest.mark.parametrize("name", ["hidden_state", "memory"])
def test_a_view_draws_once_for_each_answer_and_not_for_each_refresh(
    person: Person, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(person)
    view = view_of(person, name)
    drawings = count_drawings(view, monkeypatch)
    for text in ("mia", "leo", "ada"):
        person.session.probe.set(text)
        settle(person)
    assert len(drawings) == 3
    for _ in range(5):
        view.refresh()  # with nothing new
    settle(person)
    assert len(drawings) == 3


def test_new_colours_are_shown_at_once_and_cost_no_answer(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(person)
    drawings = count_drawings(view_of(person, "hidden_state"), monkeypatch)
    person.session.set_theme(DARK if person.session.theme is LIGHT else LIGHT)
    assert len(drawings) == 1
    settle(person)
    assert len(drawings) == 1


def test_want_of_memory_is_said_in_the_view_that_lacks_it_and_the_others_go_on(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(person)
    poor, other = view_of(person, "hidden_state"), view_of(person, "memory")
    assert isinstance(poor, HiddenStatePanel)
    assert isinstance(other, MemoryPanel)

    def too_much(snapshot: engine.Snapshot) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(poor, "work", lambda: too_much)
        person.session.probe.set("mia")
        settle(person)
    assert poor.hint.isVisible()
    assert poor.hint.text() == NO_MEMORY
    assert not poor.heat_map.isVisible()
    assert other.found is not None
    assert other.found.inputs[-3:] == ("m", "i", "a")
    assert person.window.notice_bar.level != "error"
    person.session.probe.set("mira")
    settle(person)
    assert not poor.hint.isVisible()
    assert poor.heat_map.isVisible()


@pytest.mark.parametrize("name", ["hidden_state", "memory", "mistakes"])
def test_what_belongs_to_an_earlier_run_is_hidden_at_once(person: Person, name: str) -> None:
    open_view(person, name, View)
    view = view_of(person, name)

    def is_found() -> bool:
        return view.hint.isHidden() and view.found is not None

    def check_hidden() -> None:
        assert view.hint.isVisible()
        assert view.hint.text() == NOT_YET_FOUND
        assert not view.box.isVisible()
        assert list(view.table())[1:] == []

    person.wait_until(is_found)
    person.click("reset")
    check_hidden()
    person.wait_until(is_found)
    with person.qtbot.waitSignal(person.session.run.model_changed):
        box = person.find(QComboBox, "sample")
        box.setCurrentIndex(box.findData("order"))
        box.activated.emit(box.currentIndex())
    check_hidden()
    person.wait_until(is_found)


def empty_the_text(person: Person, view: AskingView[object]) -> None:
    field = person.find(QLineEdit, "probe")
    field.setFocus()
    person.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    person.qtbot.keyClick(field, Qt.Key.Key_Delete)
    person.wait_until(view.hint.isVisible)
    settle(person)


@pytest.mark.parametrize("name", ["trajectory", "memory", "inside", "hidden_state"])
def test_what_a_heading_says_of_a_picture_goes_with_it(person: Person, name: str) -> None:
    view = open_view(person, name, AskingView)
    person.choose_sample("part-of-speech")
    person.wait_until(lambda: view.found is not None)
    empty_the_text(person, view)
    assert not any(digit in view.subtitle.text() for digit in "0123456789")


def test_the_share_that_a_map_of_symbols_shows_goes_with_the_map(person: Person) -> None:
    view = open_view(person, "embeddings", AskingView)
    person.wait_until(lambda: view.found is not None)
    settle(person)
    assert "%" in view.subtitle.text()
    person.choose_sample("waves")
    person.wait_until(lambda: "reads numbers" in view.hint.text())
    assert view.subtitle.text() == "the most frequent symbols in two dimensions"


ASKING = ["hidden_state", "gradient", "memory", "gates", "inside", "trajectory", "embeddings", "mistakes", "weights"]


def test_every_view_says_in_words_that_it_lacks_memory_and_recovers(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bugs: list[BaseException] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: bugs.append(error))

    def too_much(snapshot: engine.Snapshot) -> engine.Model:
        raise MemoryError

    def words(panel: QWidget) -> list[str]:
        return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]

    panels = person.window.panels
    with monkeypatch.context() as patched:
        patched.setattr(engine.Snapshot, "model", too_much)
        person.press(Qt.Key.Key_R)
        person.wait_ready()
        for name in ASKING:
            view = open_view(person, name, View)
            person.wait_until(lambda view=view: NO_MEMORY in words(view))
        for name in ("unrolled", "try_it"):
            person.wait_until(lambda name=name: NO_MEMORY in words(panels[name]))
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    for name in ASKING:
        view = open_view(person, name, View)
        person.wait_until(lambda view=view: NO_MEMORY not in words(view))
    for name in ("unrolled", "try_it"):
        person.wait_until(lambda name=name: NO_MEMORY not in words(panels[name]))
    assert bugs == []
