"""Each declared option becomes the field that fits it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.config import ModelConfig, TrainingConfig
from engine.data.data_config import DataConfig
from engine.options import Config
from gui.widgets.fields import Choice, Real, Switch, Whole, field_for

ALL = [(config, name) for config in (ModelConfig, TrainingConfig, DataConfig) for name in config.options()]


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
    assert (field.objectName(), field.accessibleName(), field.toolTip()) == (name, declared.label, declared.help)


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
