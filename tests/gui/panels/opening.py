"""Opening files of one's own in the window, and changing how they are read."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel, QWidget

import engine
from gui.widgets.fields import Choice
from tests.gui.conftest import Person

WORDS = ["anna", "bella", "carla", "dora", "emma", "fiona", "greta", "hanna", "ida", "jana", "klara", "lena"]


def table(delimiter: str = ",", header: str = "text,label,note") -> str:
    rows = [f"{a} likes {b}{delimiter}{'yes' if i % 2 else 'no'}{delimiter}{b} {i}"
            for i, a in enumerate(WORDS) for b in WORDS]  # fmt: skip
    return "\n".join([header.replace(",", delimiter), *rows]) + "\n"


def open_file(person: Person, path: Path | list[Path]) -> engine.Dataset:
    """Open and wait for other data."""
    before = person.session.data.dataset
    person.session.data.open(path)
    person.wait_until(lambda: person.session.data.dataset is not before)
    person.wait_ready()
    assert person.session.data.dataset is not None
    return person.session.data.dataset


def show_reading(person: Person) -> None:
    person.click("data-change")
    person.wait_until(person.window.updatesEnabled)
    assert person.find(QWidget, "reading").isVisible()


def choose(person: Person, name: str, value: object) -> engine.Dataset:
    """Choose an entry of a list in the form, and wait until the data were read again."""
    field = person.find(Choice, f"data-{name}")
    at = field.findData(value)
    assert at >= 0, f"{name} cannot be {value!r}"
    person.choose_data(field, at)
    assert person.session.data.dataset is not None
    return person.session.data.dataset


def choose_refused(person: Person, name: str, value: object) -> str:
    """Choose an entry with which the data cannot be read, and wait until the form says why: what it says."""
    field, said = person.find(Choice, f"data-{name}"), person.find(QLabel, "reading-reason")
    before = said.text()
    field.setCurrentIndex(field.findData(value))
    field.activated.emit(field.currentIndex())
    person.wait_until(lambda: said.text() != before)
    return said.text()


def put(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path
