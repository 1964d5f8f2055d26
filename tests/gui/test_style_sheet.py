"""Switching the theme reaches every widget."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractSpinBox, QDialog, QFileDialog, QLabel, QSpinBox, QToolButton, QWidget

from gui.session.probe import Selection
from gui.theme import DARK, LIGHT, Theme
from tests.gui.conftest import Person

pytestmark = pytest.mark.one_window

ROLES = {"secondary": "secondary", "muted": "muted", "small": "muted"}  # role of a label → its colour


def colors_of_labels(widget: QWidget) -> set[tuple[str, str]]:
    """Each role with the colours in which its visible labels are written."""
    labels = [label for label in widget.findChildren(QLabel) if label.isEnabled() and label.isVisible()]
    roles = {label: ROLES.get(str(label.property("role")), "") for label in labels}
    return {(role, label.palette().windowText().color().name()) for label, role in roles.items() if role}


def test_every_visible_label_takes_the_colour_of_its_role(person: Person) -> None:
    for theme in (LIGHT, DARK, LIGHT):
        person.change_theme(theme)
        assert colors_of_labels(person.window) == {("secondary", theme.secondary), ("muted", theme.muted)}


def test_what_was_hidden_when_the_theme_changed_has_its_colours_when_it_is_shown(person: Person) -> None:
    docking, behind = person.window.docking, person.window.panels["runs"]
    for theme in (DARK, LIGHT, DARK):
        docking.show_view("loss")
        assert not behind.isVisible()
        person.change_theme(theme)
        docking.show_view("runs")
        assert colors_of_labels(behind) == {("muted", theme.muted)}


def left_of_text(field: QAbstractSpinBox) -> int:
    """Columns of pixels between the left edge and the first letter."""
    picture = field.grab().toImage()
    middle, edge = picture.height() // 2, 3  # the frame is that wide, with its rounding
    paper = picture.pixelColor(picture.width() - 1 - edge, middle)
    rows = range(middle - 5, middle + 5)
    return next(x for x in range(edge, picture.width()) if any(picture.pixelColor(x, y) != paper for y in rows))


def test_the_text_of_every_number_field_keeps_off_its_edge(person: Person) -> None:
    person.session.probe.select(Selection("", 0, "forward", 2))
    unit = person.find(QSpinBox, "inside-unit")
    person.wait_until(unit.isVisible)
    fields = [field for field in person.window.findChildren(QAbstractSpinBox) if field.isVisible()]
    assert len(fields) > 3
    assert {field.objectName(): left_of_text(field) for field in fields if left_of_text(field) < 5} == {}


def test_the_buttons_of_a_file_dialog_have_room_for_their_icons(person: Person) -> None:
    person.window.files.open()
    dialog = person.window.findChild(QFileDialog)
    assert dialog is not None
    buttons = [button for button in dialog.findChildren(QToolButton) if button.isVisible()]
    assert buttons
    assert all(button.sizeHint().width() <= button.width() for button in buttons)
    dialog.reject()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_arrows_of_a_file_dialog_can_be_told_from_their_buttons(person: Person, theme: Theme) -> None:
    person.window.files.open()
    person.change_theme(theme)  # the system's may change while the dialog is open
    dialog = person.window.findChild(QFileDialog)
    assert dialog is not None
    surface = QColor(theme.surface).lightness()
    for name in ("backButton", "forwardButton", "toParentButton"):
        picture = person.find(QToolButton, name).icon().pixmap(16).toImage()
        inked = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
        assert max(abs(color.lightness() - surface) for color in inked if color.alpha() > 200) > 100, name
    dialog.reject()


def test_a_dialog_has_the_colours_of_the_window(person: Person) -> None:
    opened_before = QDialog(person.window)
    opened_before.show()
    person.change_theme(DARK)
    opened_later = QDialog(person.window)
    opened_later.show()
    for dialog in (opened_before, opened_later):
        assert dialog.palette().window().color().name() == DARK.background
        assert dialog.palette().windowText().color().name() == DARK.text
        dialog.close()
