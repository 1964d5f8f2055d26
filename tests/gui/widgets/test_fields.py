"""Each declared option becomes the field that fits it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.config import ModelConfig, TrainingConfig
from engine.data.data_config import DataConfig
from engine.options import Config
from gui.widgets.fields import Choice, Real, Switch, TextField, Whole, field_for
from gui.widgets.typing_undo import can_undo
from tests.gui.widgets.field_words import said_beside
from tests.gui.written import tip_of

ALL = [(config, name) for config in (ModelConfig, TrainingConfig, DataConfig) for name in config.options()]


@pytest.fixture
def around(qtbot: QtBot) -> QWidget:
    """A window to put a field into."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 200)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.mark.parametrize(("config", "name"), ALL)
def test_every_option_has_a_field_that_shows_its_default_with_name_and_help(
    qtbot: QtBot, config: type[Config], name: str
) -> None:
    field = field_for(config, name)
    qtbot.addWidget(field)
    default: Any = config.default(name)
    said = []
    field.changed.connect(said.append)
    field.set_value(default)
    assert field.value() == default
    assert said == []
    declared = config.options()[name]
    assert (field.objectName(), field.accessibleName(), tip_of(field)) == (name, declared.label, declared.help)


def test_a_whole_number_is_said_once_when_it_is_finished(qtbot: QtBot) -> None:
    field = field_for(TrainingConfig, "batch_size")
    assert isinstance(field, Whole)
    qtbot.addWidget(field)
    said = []
    field.changed.connect(said.append)
    field.selectAll()
    qtbot.keyClicks(field, "128")
    assert said == []
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert said == [128]


def test_a_large_number_is_grouped_and_may_be_typed_either_way(qtbot: QtBot) -> None:
    field = field_for(TrainingConfig, "epochs")
    assert isinstance(field, Whole)
    qtbot.addWidget(field)
    for typed in ("12000", "12 000", "12,000"):
        field.set_value(7)
        field.selectAll()
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert (field.value(), field.text()) == (12000, "12,000")


@pytest.mark.parametrize(
    ("config", "name", "text"),
    [(TrainingConfig, "minutes", "no limit"), (TrainingConfig, "patience", "off"), (DataConfig, "longest", "no limit")],
)
def test_a_zero_that_stands_for_something_else_is_shown_as_that(
    qtbot: QtBot, config: type[Config], name: str, text: str
) -> None:
    field = field_for(config, name)
    assert isinstance(field, Whole | Real)
    qtbot.addWidget(field)
    field.set_value(0)
    assert field.text() == text
    field.selectAll()
    qtbot.keyClicks(field, "7")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.value(), field.text()) == (7, "7")


def test_fields_are_of_the_kind_of_their_option() -> None:
    assert isinstance(field_for(TrainingConfig, "optimizer"), Choice)
    assert isinstance(field_for(TrainingConfig, "momentum"), Real)
    assert isinstance(field_for(ModelConfig, "attention"), Switch)


def test_a_value_that_is_not_among_the_choices_joins_them(qtbot: QtBot) -> None:
    choice = Choice("size", "Size", "How large.", {0: "none", 8: "8"})
    qtbot.addWidget(choice)
    choice.set_value(24)
    assert choice.value() == 24
    assert choice.currentText() == "24"


@pytest.mark.parametrize(
    ("config", "name", "typed", "value", "word"),
    [
        (DataConfig, "validation", "95", 0.9, "At most 90\u202f%"),
        (DataConfig, "validation", "95%", 0.9, "At most 90\u202f%"),
        (DataConfig, "validation", "0", 0.001, "At least 0.1\u202f%"),
        (TrainingConfig, "batch_size", "99999", 8192, "At most 8,192"),
        (TrainingConfig, "batch_size", "0", 1, "At least 1"),
        (TrainingConfig, "batch_size", "-64", 1, "At least 1"),
        (ModelConfig, "num_layers", "12", 8, "At most 8"),
    ],
)
def test_a_number_beyond_a_limit_stays_as_it_is_typed_and_then_becomes_the_limit_with_a_word(
    qtbot: QtBot, around: QWidget, config: type[Config], name: str, typed: str, value: float, word: str
) -> None:
    field = _shown(around, config, name)
    field.selectAll()
    qtbot.keyClicks(field, typed)
    assert field.cleanText().startswith(typed.rstrip("%")), "nothing is refused while typing"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.value() == value
    qtbot.waitUntil(lambda: said_beside(around) == [word])
    assert word.endswith(f" {field.text()}")


def test_a_number_below_a_limit_that_stands_for_something_else_is_not_taken(qtbot: QtBot, around: QWidget) -> None:
    field = _shown(around, TrainingConfig, "minutes")
    field.set_value(7)
    field.selectAll()
    qtbot.keyClicks(field, "-3")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.value(), field.text()) == (7, "7")
    qtbot.waitUntil(lambda: said_beside(around) == ["At least 0"])


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1e-5", 1e-5),
        ("0.00001", 1e-5),
        ("0,5", 0.5),
        ("0.5", 0.5),
        ("5e-1", 0.5),
        ("1", 1.0),
        ("-", 0.25),
        ("e", 0.25),
    ],
)
def test_a_fraction_may_be_typed_in_every_usual_way(qtbot: QtBot, around: QWidget, typed: str, value: float) -> None:
    field = _shown(around, TrainingConfig, "weight_decay")
    field.set_value(0.25)
    field.selectAll()
    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.value() == value


def test_a_fraction_is_not_made_a_whole_number_by_leaving_its_point_out(qtbot: QtBot, around: QWidget) -> None:
    field = _shown(around, TrainingConfig, "batch_size")
    field.set_value(32)
    for typed in ("1.5", "1,5"):
        field.selectAll()
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert (field.value(), field.text()) == (32, "32")
        qtbot.waitUntil(lambda: said_beside(around) == ["Whole numbers only"])


def _shown(around: QWidget, config: type[Config], name: str) -> Whole | Real:
    """The field of an option, with the focus."""
    field = field_for(config, name)
    assert isinstance(field, Whole | Real)
    field.setParent(around)
    field.show()
    field.setFocus()
    return field


def test_escape_in_a_line_of_text_puts_back_what_stood_there(qtbot: QtBot) -> None:
    field = field_for(DataConfig, "target_column")
    assert isinstance(field, TextField)
    qtbot.addWidget(field)
    said = []
    field.changed.connect(said.append)
    field.set_value("label")
    field.show()
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "other")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), said) == ("label", [])
    field.selectAll()
    qtbot.keyClicks(field, "other")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.text(), said) == ("other", ["other"])


def test_the_word_beside_a_field_goes_away_when_the_field_is_used_again(qtbot: QtBot, around: QWidget) -> None:
    field = _shown(around, TrainingConfig, "batch_size")
    field.selectAll()
    qtbot.keyClicks(field, "99999")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: said_beside(around) == ["At most 8,192"])
    field.setFocus()
    assert said_beside(around) == []


@pytest.mark.parametrize(
    ("config", "name", "prefix"),
    [
        (DataConfig, "validation", ""),
        (ModelConfig, "dropout", ""),
        (TrainingConfig, "batch_size", ""),
        (TrainingConfig, "batch_size", "unit "),
        (TrainingConfig, "minutes", ""),  # 0 is written in words
    ],
)
def test_undo_belongs_to_a_number_field_only_while_something_is_typed_there(
    qtbot: QtBot, config: type[Config], name: str, prefix: str
) -> None:
    field = field_for(config, name)
    assert isinstance(field, Whole | Real)
    qtbot.addWidget(field)
    field.setPrefix(prefix)
    field.set_value(config.default(name))
    assert not can_undo(field)
    field.selectAll()
    qtbot.keyClicks(field, "2")
    assert can_undo(field)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not can_undo(field)
