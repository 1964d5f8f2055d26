"""Tunes that a network writes: seen as a piano roll, saved as MIDI and as sound."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton

from engine.data.music.notes import read_notes
from gui.panels.try_it.generate import GenerateView
from gui.panels.try_it.written_tune import TuneView
from gui.session.session import Session
from gui.theme import DARK
from gui.widgets.piano_roll import PianoRoll
from gui.widgets.result_list import ResultList
from tests.gui.conftest import Person
from tests.gui.panels.trying import shown


def test_tunes_are_looked_at_as_tunes_and_names_are_not(person: Person) -> None:
    assert "tune" not in [b.objectName() for b in shown(person, GenerateView).look.findChildren(QPushButton)]
    person.choose_sample("tunes")
    view = shown(person, GenerateView)
    assert view.look.value() == "tune"
    person.wait_until(lambda: bool(view.tune.caption.text()))
    person.click("try-look-new")
    assert view.stack.currentWidget() is view.rates


@pytest.mark.sample("tunes")
def test_a_tune_that_was_out_of_sight_when_the_colours_changed_is_shown_in_the_new_ones(person: Person) -> None:
    view = shown(person, GenerateView)
    person.wait_until(lambda: view.results.count() == 10 and not person.session.busy)
    view.results.pointed.emit(view.results.results[0])
    person.click("try-look-new")
    person.change_theme(DARK)
    person.click("try-look-tune")
    seen = view.tune.roll.grab().toImage()
    view.tune.draw()
    assert view.tune.roll.grab().toImage() == seen


@pytest.mark.sample("tunes")
def test_one_tune_is_selected_and_it_is_the_one_that_is_drawn(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    view = shown(person, GenerateView)
    person.wait_until(lambda: view.results.count() == 10 and view.greedy.count() == 1 and not person.session.busy)

    def click(texts: ResultList, row: int) -> None:
        box = texts.visualItemRect(texts.item(row))
        person.qtbot.mouseClick(texts.viewport(), Qt.MouseButton.LeftButton, pos=box.center())

    def selected() -> tuple[int, int]:
        return len(view.greedy.selectedItems()), len(view.results.selectedItems())

    click(view.results, 2)
    assert selected() == (0, 1)
    click(view.greedy, 0)
    assert selected() == (1, 0)
    click(view.results, 3)
    assert selected() == (0, 1)
    before, drawn = view.results.results, list[str]()
    monkeypatch.setattr(view.tune, "show_text", lambda text, label: drawn.append(text))
    person.click("try-generate")
    person.wait_until(lambda: view.results.results != before and not person.session.busy)
    assert drawn[-1] == view.results.results[3].text


def test_a_note_stands_as_high_as_its_pitch_and_is_as_long_as_it_sounds(person: Person) -> None:
    roll = PianoRoll("roll", "Notes")
    person.qtbot.addWidget(roll)
    roll.resize(430, 150)
    roll.show_notes(read_notes("C4:1/4 G4:1/2 R:1/4 C5:1/4"), person.session.theme)
    first, second, third = roll.boxes()
    assert second.width() == 2 * first.width()
    assert third.left() - second.right() == first.width()  # the rest
    assert first.top() - second.top() == 7 * first.height()  # a fifth is seven semitones
    assert first.top() - third.top() == 12 * first.height()


def test_a_tune_is_saved_as_sound_and_as_midi(empty_person: Person, tmp_path: Path) -> None:
    session = Session(own_process=False)
    view = TuneView(session)
    empty_person.qtbot.addWidget(view)
    view.show_text("|:GAB c2d:|", "6/8 G major")
    assert view.caption.text() == "10 notes of “|:GAB c2d:|”"
    for ending in ("wav", "mid"):
        button = view.findChild(QPushButton, f"try-{ending}")
        assert button is not None
        button.click()
        dialog = view.findChildren(QFileDialog, "tune-save-dialog")[-1]
        dialog.fileSelected.emit(str(tmp_path / f"tune.{ending}"))
        dialog.close()
    with wave.open(str(tmp_path / "tune.wav")) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    assert abs(seconds - 12 / 8 * 4 * 60 / 112) < 0.01  # six eighths, played twice, at 112 quarters a minute
    assert (tmp_path / "tune.mid").read_bytes()[:4] == b"MThd"
    session.close()
