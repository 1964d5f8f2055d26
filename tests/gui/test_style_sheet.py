"""Switching the theme reaches every widget."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLabel, QWidget

from gui.theme import DARK, LIGHT
from tests.gui.conftest import Person

ROLES = {"secondary": "secondary", "muted": "muted", "small": "muted"}  # role of a label → its colour


def colors_of_labels(window: QWidget) -> set[tuple[str, str]]:
    """Each role with the colours in which its labels are written, hidden ones as well."""
    labels = [label for label in window.findChildren(QLabel) if label.isEnabled()]
    roles = {label: ROLES.get(str(label.property("role")), "") for label in labels}
    return {(role, label.palette().windowText().color().name()) for label, role in roles.items() if role}


def test_every_label_takes_the_colour_of_its_role_shown_or_hidden(person: Person) -> None:
    for theme in (LIGHT, DARK, LIGHT):
        person.session.set_theme(theme)
        assert colors_of_labels(person.window) == {("secondary", theme.secondary), ("muted", theme.muted)}


def test_a_dialog_has_the_colours_of_the_window(person: Person) -> None:
    opened_before = QDialog(person.window)
    opened_before.show()
    person.session.set_theme(DARK)
    opened_later = QDialog(person.window)
    opened_later.show()
    for dialog in (opened_before, opened_later):
        assert dialog.palette().window().color().name() == DARK.background
        assert dialog.palette().windowText().color().name() == DARK.text
        dialog.close()
