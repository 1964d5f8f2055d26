"""Numbers that are typed in the window: limits, Escape, and the way back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLineEdit, QPushButton, QScrollArea, QSpinBox, QWidget

from gui.session.probe import Selection
from gui.widgets.typed_numbers import FieldWord
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle
from tests.gui.panels.opening import show_reading
from tests.gui.saving.saving import said, trained
from tests.gui.widgets.field_words import said_beside

pytestmark = pytest.mark.one_window


def type_over(person: Person, field: QWidget, text: str) -> None:
    """Replace what stands in a field, and remain in it."""
    field.setFocus()
    person.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    person.qtbot.keyClicks(field, text)


def placed(widget: QWidget) -> QRect:
    """Where a widget is on the screen."""
    return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())


def test_a_number_of_layers_beyond_the_limit_becomes_the_limit_and_says_so(person: Person) -> None:
    person.choose_sample("names")
    person.activate()
    person.type("num_layers", "12")
    assert person.find(QSpinBox, "num_layers").text() == "8"
    assert person.session.run.model_config.num_layers == 8
    person.wait_until(lambda: said_beside(person.window) == ["At most 8"])


def test_the_word_is_whole_beside_a_field_at_the_lower_edge_of_what_is_in_sight(person: Person) -> None:
    person.choose_sample("names")
    person.activate()
    field, window = person.find(QSpinBox, "batch_size"), person.window
    scroll = next(each for each in window.findChildren(QScrollArea) if each.isAncestorOf(field))
    below = field.mapTo(scroll.widget(), field.rect().bottomLeft()).y() + 6
    scroll.verticalScrollBar().setValue(below - scroll.viewport().height())
    settle(person)
    person.type("batch_size", "99999")
    person.wait_until(lambda: said_beside(window) == ["At most 8,192"])
    (word,) = (each for each in window.findChildren(FieldWord) if each.isVisible())
    assert word.visibleRegion().boundingRect() == word.rect()


def test_words_beside_fields_neither_lie_on_each_other_nor_on_the_field_that_is_typed_into(person: Person) -> None:
    """Fields that are corrected one after the other, with Tab between them, lay under the words of those before."""
    person.choose_sample("names")
    person.activate()
    window, names = person.window, ("batch_size", "epochs", "seed")
    fields = [person.find(QSpinBox, name) for name in names]
    scroll = next(each for each in window.findChildren(QScrollArea) if each.isAncestorOf(fields[-1]))
    scroll.ensureWidgetVisible(fields[-1])
    settle(person)
    words = "At most 8,192", "At least 1", "At least 0"
    for field, typed, word in zip(fields, ("99999", "0", "-1"), words, strict=True):
        type_over(person, field, typed)
        person.qtbot.keyClick(field, Qt.Key.Key_Tab)
        person.wait_until(lambda word=word: said_beside(window) == [word])  # type: ignore[misc]
        focused = QApplication.focusWidget()
        assert focused is not field
        (shown,) = (each for each in window.findChildren(FieldWord) if each.isVisible())
        assert not placed(shown).intersects(placed(field))
        assert not placed(shown).intersects(placed(focused))


def test_the_word_beside_a_field_goes_away_when_a_field_below_it_is_used(person: Person) -> None:
    person.choose_sample("names")
    person.activate()
    window, batch, seed = person.window, person.find(QSpinBox, "batch_size"), person.find(QSpinBox, "seed")
    scroll = next(each for each in window.findChildren(QScrollArea) if each.isAncestorOf(seed))
    scroll.ensureWidgetVisible(seed)
    settle(person)
    person.type("batch_size", "99999")
    person.wait_until(lambda: said_beside(window) == ["At most 8,192"])
    (word,) = (each for each in window.findChildren(FieldWord) if each.isVisible())
    under = batch if placed(word).intersects(placed(batch)) else seed
    assert placed(word).intersects(placed(under))
    under.setFocus()
    assert said_beside(window) == []


@pytest.mark.parametrize("name", ["batch_size", "hidden_size-number"])
def test_escape_puts_the_number_back_and_leaves_the_field_and_the_trained_network_stays(
    person: Person, name: str
) -> None:
    person.choose_sample("names")
    trained(person, 1)
    person.activate()
    run, before, step = person.session.run, person.session.run.number, person.session.run.progress.step
    field = person.find(QWidget, name)
    line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
    shown = line.text()
    type_over(person, field, "77")
    assert (line.text(), field.hasFocus()) == ("77", True)
    person.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (line.text(), field.hasFocus()) == (shown, False)
    assert (run.number, run.progress.step) == (before, step)
    assert "untrained" not in said(person)


def test_escape_in_a_typed_over_field_of_a_sheet_leaves_the_field_and_the_next_one_closes_the_sheet(
    person: Person,
) -> None:
    person.choose_sample("names")
    show_reading(person)
    dataset, field = person.session.data.dataset, person.find(QDoubleSpinBox, "data-validation")
    type_over(person, field, "50")
    person.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.isVisible()) == ("10\u202f%", True)
    focused = QApplication.focusWidget()
    person.qtbot.keyClick(field.window() if focused is None else focused, Qt.Key.Key_Escape)
    person.wait_until(lambda: not field.isVisible())
    assert person.session.data.dataset is dataset


@pytest.mark.parametrize(("name", "typed"), [("batch_size", "64"), ("seed", "7"), ("num_layers", "2")])
def test_the_line_about_a_network_that_a_typed_number_has_replaced_offers_the_way_back(
    person: Person, name: str, typed: str
) -> None:
    person.choose_sample("names")
    trained(person, 2)
    field = person.find(QSpinBox, name)
    before, shown = person.session.run.number, field.text()
    person.type(name, typed)
    assert "The new network starts untrained" in said(person)
    offer = person.find(QPushButton, "notice-action")
    assert (offer.isVisible(), offer.text()) == (True, "Undo")
    person.wait_ready()
    person.click("notice-action")
    person.wait_until(lambda: person.session.run.progress.step == 2 and person.session.run.number > before)
    assert field.text() == shown


def test_a_unit_beyond_the_last_becomes_the_last_and_says_so_and_less_can_be_typed_while_training_goes_on(
    person: Person,
) -> None:
    person.choose_sample("names")
    person.activate()
    person.session.probe.select(Selection("", 0, "forward", 2))
    unit = person.find(QSpinBox, "inside-unit")
    person.wait_until(unit.isVisible)
    last = person.session.run.model_config.hidden_size - 1
    person.type("inside-unit", "512")
    assert (unit.text(), person.session.probe.unit) == (f"unit {last}", last)
    person.wait_until(lambda: said_beside(person.window) == [f"At most {last}"])
    type_over(person, unit, "1")
    trained(person, 2)
    assert unit.cleanText() == "1", "what is typed stays until it is taken"
    person.qtbot.keyClick(unit, Qt.Key.Key_Return)
    assert (unit.text(), person.session.probe.unit) == ("unit 1", 1)
