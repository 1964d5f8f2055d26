"""Settings of the reading that mean nothing for the data at hand are greyed out and say why; those of other files are
not shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from engine.data.sound.wav import wav_bytes
from tests.gui.conftest import Person
from tests.gui.panels.opening import open_file, put, show_reading, table
from tests.gui.written import tip_of

SOUNDS = ("data-sound_rate", "data-sound_window", "data-sound_hop", "data-sound_bands")
PICTURES = ("data-picture_side", "data-picture_grey")
SYMBOLS = ("data-unit", "data-lowercase", "data-min_count", "data-normal_form")


def folder_of_sounds(folder: Path, each: int = 6) -> Path:
    """Two labels, each with some short tones of its own pitch."""
    t = np.arange(2400) / 16_000
    for label, hz in (("low", 300.0), ("high", 1200.0)):
        (folder / label).mkdir(parents=True)
        for k in range(each):
            sound = np.sin(2 * np.pi * (hz + 10 * k) * t).astype(np.float32) / 2
            (folder / label / f"{k}.wav").write_bytes(wav_bytes(sound, 16_000))
    return folder


def reasons(person: Person, names: tuple[str, ...]) -> set[str]:
    """What the greyed-out fields say; the empty text for one that can be used."""
    person.unfold("more-reading")
    fields = [person.find(QWidget, name) for name in names]
    assert all(field.isEnabled() != bool(field.accessibleDescription()) for field in fields)
    assert all(field.isEnabled() or field.accessibleDescription() in tip_of(field) for field in fields)
    return {field.accessibleDescription() for field in fields}


def shown(person: Person, names: tuple[str, ...]) -> set[bool]:
    """Whether the fields and their names are shown, once More has been opened."""
    person.unfold("more-reading")
    parts = [person.find(QWidget, f"{name}{end}") for name in names for end in ("", "-name")]
    return {not part.isHidden() for part in parts}


def test_sound_and_picture_settings_are_not_shown_for_text_and_those_of_symbols_are_greyed_out_for_sounds(
    empty_person: Person, tmp_path: Path
) -> None:
    person = empty_person
    open_file(person, put(tmp_path / "a.csv", table()))
    show_reading(person)
    assert shown(person, SOUNDS) == shown(person, PICTURES) == {False}
    assert shown(person, SYMBOLS) == {True}
    assert reasons(person, SYMBOLS) == {""}
    open_file(person, folder_of_sounds(tmp_path / "sounds"))
    show_reading(person)
    assert shown(person, SOUNDS) == {True}
    assert reasons(person, SOUNDS) == {""}
    assert shown(person, PICTURES) == {False}
    assert reasons(person, SYMBOLS) == {"Numbers are read, not symbols.", "There is no text in this data."}


def test_a_table_of_numbers_can_have_another_delimiter_but_has_no_symbols(empty_person: Person, tmp_path: Path) -> None:
    rows = "\n".join(f"2020-01-{day:02d},{day % 7 + 0.5}" for day in range(1, 29))
    open_file(empty_person, put(tmp_path / "a.csv", f"date,height\n{rows}\n"))
    show_reading(empty_person)
    usable = ("data-delimiter", "data-header", "data-decimal", "data-source_column", "data-target_column")
    assert reasons(empty_person, usable) == {""}
    assert "" not in reasons(empty_person, ("data-unit", "data-target_unit", "data-longest"))


@pytest.mark.sample("prose")
def test_fields_of_training_are_grey_only_while_they_have_no_use(person: Person) -> None:
    person.unfold("more-training")
    surface, fields = QColor(person.session.theme.surface), person.window.findChildren(QAbstractSpinBox)
    looks = {field.objectName(): field.grab().toImage().pixelColor(4, field.height() // 2) for field in fields}
    usable = {field.objectName() for field in fields if field.isEnabled()}
    assert {"window", "teacher_forcing"} <= usable
    assert "made_up" not in usable
    assert {name for name, color in looks.items() if color == surface} == usable
