"""Every option of the three Configs has its control in the window; what is not at its default is marked, with why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.config import ModelConfig, TrainingConfig
from engine.data.data_config import DataConfig
from engine.data.no_use import FRAMES
from engine.options import Config, option
from gui.panels.training import IN_SIGHT as TRAINING_IN_SIGHT
from gui.widgets.fields import FileChoice
from gui.widgets.setting_name import CHANGED, PROPOSED
from gui.widgets.settings_form import SettingsForm
from gui.widgets.shape_card import ShapeCard
from tests.gui.conftest import Person
from tests.gui.panels.test_data_panel import WORDS, choose, open_file, put, show_reading, table
from tests.gui.panels.trying import notices
from tests.gui.written import tip_of

pytestmark = [pytest.mark.one_window, pytest.mark.qt_log_ignore("This plugin does not support")]

MORE = {"architecture": "more-architecture", "training": "more-training", "data": "more-reading"}
ENABLED = Qt.ItemFlag.ItemIsEnabled
SAMPLES = ("names", "reviews", "reversal", "part-of-speech", "prose", "waves")  # on one of them every option applies


def make_useful(person: Person, panel: str, name: str, config: type[Config]) -> QWidget:
    """Choose data, and what the option needs, until it applies; its field."""
    field = control(person, panel, name)
    current = person.session.data.sample
    for sample in dict.fromkeys(("" if current is None else current.name, *SAMPLES)):
        now = person.session.data.sample
        if sample and (now is None or now.name != sample):
            person.choose_sample(sample)
        declared = config.options()[name]
        if declared.needs and not field.isEnabled():
            default = config.default(declared.needs)
            wanted = declared.needed[0] if declared.needed else True if isinstance(default, bool) else 8
            change = person.session.set_model if config is ModelConfig else person.session.run.set_training
            change(**{declared.needs: wanted})
            person.wait_ready()
        if field.isEnabled():
            return field
    raise AssertionError(f"{name} applies to none of the samples")


def control(person: Person, panel: str, name: str) -> QWidget:
    """The field of a setting, after opening More; other views call their pictures the same as some settings."""
    person.unfold(MORE[panel])
    found = person.window.panels[panel].findChildren(QWidget, name)
    assert len(found) == 1, f"{len(found)} controls are called {name}"
    return found[0]


def operate(person: Person, field: QWidget, before: Any, chosen: Path) -> Any:
    """Give a control another value by hand; the value."""
    match field:
        case FileChoice():
            field.activated.emit(field.count() - 1)
            dialog = person.window.findChild(QFileDialog, f"{field.objectName()}-dialog")
            assert dialog is not None
            dialog.fileSelected.emit(str(chosen))
            dialog.close()
            return str(chosen)
        case QComboBox():
            offered = [i for i in range(field.count()) if field.model().flags(field.model().index(i, 0)) & ENABLED]
            at = next(i for i in offered if field.itemData(i) not in (before, "auto", ""))
            field.setCurrentIndex(at)
            field.activated.emit(at)
            return field.itemData(at)
        case QCheckBox():
            field.click()
            return not before
        case QDoubleSpinBox() | QSpinBox():
            wanted = before / 2 if isinstance(field, QDoubleSpinBox) and before else before + 1
            field.selectAll()
            person.qtbot.keyClicks(field, f"{wanted * (100 if field.suffix() else 1):g}")  # a share is typed in percent
            person.qtbot.keyClick(field, Qt.Key.Key_Return)
            return wanted
    wanted = 20 if isinstance(before, int) else 0.5
    person.type(f"{field.objectName()}-number", str(wanted))
    return wanted


def test_every_option_of_the_network_is_in_the_window_and_changes_it(person: Person, tmp_path: Path) -> None:
    vectors = put(tmp_path / "vectors.txt", "the 0.1 0.2\nnot 0.3 -0.4\nwas 0.5 0.6\n")
    for name in ModelConfig.options():
        if name == "architecture":
            continue
        field = make_useful(person, "architecture", name, ModelConfig)
        assert field.isVisible(), name
        expected = operate(person, field, value_of(person, name), vectors)
        person.wait_until(lambda name=name, expected=expected: value_of(person, name) == expected)  # type: ignore[misc]
        person.wait_ready()


def value_of(person: Person, name: str) -> object:
    return getattr(person.session.run.model_config, name)


def test_every_shape_of_network_is_in_the_window(person: Person) -> None:
    cards = person.window.findChildren(ShapeCard)
    assert len(cards) == len(ModelConfig.options()["architecture"].choices or {})
    person.click("architecture-many-to-one")
    assert person.session.run.model_config.architecture == "many-to-one"


def test_every_option_of_the_training_is_in_the_window_and_changes_it(person: Person) -> None:
    for name in TrainingConfig.options():
        field = make_useful(person, "training", name, TrainingConfig)
        assert field.isVisible(), name
        expected = operate(person, field, getattr(person.session.run.training_config, name), Path())
        assert getattr(person.session.run.training_config, name) == expected, name
        person.wait_ready()


def test_every_option_of_the_data_is_in_the_window_and_changes_it(person: Person, tmp_path: Path) -> None:
    pairs = put(tmp_path / "pairs.tsv", "\n".join(f"{a} and {b}\t{b[::-1]} {a[::-1]}" for a in WORDS for b in WORDS))
    own = put(tmp_path / "own.csv", "text,label,note\nida likes me,yes,x y\nlena likes you,no,y z\n")
    open_file(person, put(tmp_path / "a.csv", table()))
    of_others = {"sheet", "decimal", *(name for names, _ in FRAMES.values() for name in names)}
    last = ("pieces", "unit", "validation_file", "target_unit")  # they decide what else there is to choose
    for name in sorted(DataConfig.options(), key=lambda name: (last.index(name) + 1) if name in last else 0):
        if name == "target_unit":
            open_file(person, pairs)
        if name == "pieces":
            person.session.data.change(unit="piece")
            person.wait_ready()
        sheet = person.window.findChild(QWidget, "reading")
        if sheet is None or not sheet.isVisible():
            show_reading(person)
        field = control(person, "data", f"data-{name}")
        if name in of_others:  # this file has none
            assert field.isHidden(), name
            continue
        assert field.isVisible(), name
        assert field.isEnabled(), name
        if name in ("form", "kind", "delimiter"):  # this file can be read in one way only: others are refused in words
            assert isinstance(field, QComboBox)
            assert field.count() > 1
            continue
        before = person.session.data.dataset
        assert before is not None
        expected = operate(person, field, getattr(before.config, name), own)
        person.wait_until(lambda before=before: person.session.data.dataset is not before)  # type: ignore[misc]
        now = person.session.data.dataset
        assert now is not None
        assert getattr(now.config, name) == expected, name


@dataclass(frozen=True)
class Longer(TrainingConfig):
    """TrainingConfig as it is with three new lines in its declaration."""

    warm_up: int = option(0, "Warm-up", "Steps with a rising learning rate.", 0, 1000)
    averaged: bool = option(False, "Averaged weights", "Keep the mean of the weights.")
    note: str = option("", "Note", "Words for oneself.")


def test_an_option_that_is_only_declared_gets_a_row_by_itself(qtbot: QtBot) -> None:
    form = SettingsForm(Longer, TRAINING_IN_SIGHT, "more", {})
    qtbot.addWidget(form)
    said: list[tuple[str, object]] = []
    form.changed.connect(lambda name, value: said.append((name, value)))
    form.show()
    button = form.findChild(QAbstractButton, "more")
    assert button is not None
    button.click()
    note, average, warm_up = (form.findChild(QWidget, name) for name in ("note", "averaged", "warm_up"))
    assert isinstance(note, QLineEdit)
    assert isinstance(average, QCheckBox)
    assert isinstance(warm_up, QSpinBox)
    qtbot.keyClicks(note, "try again")
    qtbot.keyClick(note, Qt.Key.Key_Return)
    average.click()
    warm_up.selectAll()
    qtbot.keyClicks(warm_up, "12")
    qtbot.keyClick(warm_up, Qt.Key.Key_Return)
    assert said == [("note", "try again"), ("averaged", True), ("warm_up", 12)]


def sign(person: Person, name: str) -> QAbstractButton:
    return person.find(QAbstractButton, f"{name}-name")


def test_what_the_program_proposes_is_marked_and_says_why(person: Person, tmp_path: Path) -> None:
    rows = [f"{a} likes {b},{'yes' if i % 2 else 'no'}" for i, a in enumerate(WORDS) for b in WORDS]
    open_file(person, put(tmp_path / "a.csv", "text,label\n" + "\n".join(rows)))
    config = person.session.run.model_config
    assert config.dropout == 0.5
    assert PROPOSED in sign(person, "dropout").text()
    assert "Little text" in sign(person, "dropout").toolTip()
    assert "memorizing" in sign(person, "dropout").toolTip()
    for more in ("more-architecture", "more-training"):
        person.unfold(more)
    proposed = {name for config in (person.session.run.model_config, person.session.run.training_config)
                for name in config.options() if getattr(config, name) != config.default(name)}  # fmt: skip
    for name in proposed:
        assert PROPOSED in sign(person, name).text(), name
        assert "suggested for this data: " in sign(person, name).toolTip(), name
    assert sign(person, "num_layers").text().strip() == "Layers"


def test_the_keys_go_on_from_more_to_what_it_has_opened(person: Person) -> None:
    person.activate()
    person.unfold("more-training")
    fields = [control(person, "training", name) for name in ("minutes", "schedule", "patience")]
    person.find(QAbstractButton, "more-training").setFocus(Qt.FocusReason.TabFocusReason)
    reached: list[QWidget | None] = []
    while fields[-1] not in reached:
        person.press(Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
        assert reached[-1] is not None
        assert person.window.panels["training"].isAncestorOf(reached[-1])
    assert [widget for widget in reached if widget in fields] == fields


def test_what_was_changed_is_marked_and_put_back_with_one_key(person: Person) -> None:
    name = sign(person, "optimizer")
    assert name.focusPolicy() == Qt.FocusPolicy.NoFocus
    person.choose("optimizer", "sgd")
    assert CHANGED in name.text()
    assert "Adam is the default" in name.toolTip()
    name.setFocus(Qt.FocusReason.TabFocusReason)
    assert name.focusPolicy() == Qt.FocusPolicy.TabFocus
    person.qtbot.keyClick(name, Qt.Key.Key_Return)
    assert person.session.run.training_config.optimizer == "adam"
    assert CHANGED not in name.text()


def test_a_proposal_gives_way_to_the_default_and_comes_back(person: Person) -> None:
    assert person.session.run.model_config.dropout == 0.4
    person.click("dropout-name")
    person.wait_until(lambda: person.session.run.model_config.dropout == 0.0)
    assert CHANGED in sign(person, "dropout").text()
    person.click("dropout-name")
    person.wait_until(lambda: person.session.run.model_config.dropout == 0.4)
    assert PROPOSED in sign(person, "dropout").text()


def test_an_option_that_does_not_apply_is_disabled_and_says_why(person: Person) -> None:
    for panel, name, reason in (
        ("training", "momentum", "Only the optimizers Momentum and Nesterov"),
        ("training", "window", "Only running text"),
        ("architecture", "bidirectional", ""),
        ("architecture", "pooling", ""),
    ):
        field = control(person, panel, name)
        assert not field.isEnabled()
        assert field.toolTip().startswith(reason)
        assert field.toolTip().endswith(".")
        assert field.accessibleDescription() == tip_of(field)
    person.choose("optimizer", "momentum")
    assert person.find(QWidget, "momentum").isEnabled()


def test_a_metric_that_is_not_measured_cannot_decide_which_weights_are_best(person: Person) -> None:
    assert not control(person, "training", "best_by").isEnabled()
    person.click("architecture-many-to-one")
    person.wait_ready()
    box = person.find(QComboBox, "best_by")
    assert box.isEnabled()
    offered = {box.itemData(i) for i in range(box.count()) if box.model().flags(box.model().index(i, 0)) & ENABLED}
    assert offered == {"loss", "accuracy", "macro_f1"}
    person.choose("best_by", "accuracy")
    person.wait_ready()
    person.click("architecture-one-to-many")  # has no accuracy: the loss decides again, and it trains
    person.wait_ready()
    assert person.session.run.training_config.best_by == "loss"


@pytest.mark.sample("reviews")
def test_word_vectors_bring_the_size_of_their_embedding_and_a_bad_file_changes_nothing(
    person: Person, tmp_path: Path
) -> None:
    field = control(person, "architecture", "vectors")
    bad = put(tmp_path / "bad.txt", "the\nnot\n")
    before = person.session.run.model_config
    posted = notices(person)
    operate(person, field, "", bad)
    person.wait_until(lambda: any("expected a file of word vectors" in text for text in posted))
    assert person.session.run.model_config == before
    assert isinstance(field, QComboBox)
    assert field.currentText() == "none"
    operate(person, field, "", put(tmp_path / "glove.txt", "the 0.1 0.2 0.3\nnot 0.3 -0.4 0.1\nwas 0.5 0.6 0\n"))
    person.wait_until(lambda: person.session.run.model_config.embedding_size == 3)
    person.wait_ready()
    assert person.session.run.model_config.vectors.endswith("glove.txt")
    assert field.currentText() == "glove.txt"


def test_a_sample_has_no_file_that_could_be_read_otherwise(person: Person) -> None:
    show_reading(person)
    person.unfold("more-reading")
    for name in ("form", "encoding", "test_file"):
        assert not person.find(QWidget, f"data-{name}").isEnabled()
        assert "sample" in person.find(QWidget, f"data-{name}").toolTip()
    assert choose(person, "unit", "word").codec.unit == "word"


@pytest.mark.sample("recall")
def test_a_closed_more_says_which_setting_behind_it_is_not_the_default(person: Person) -> None:
    more = person.find(QAbstractButton, "more-architecture")
    assert more.text() == "More · Initial weights ◆"
    assert "Initial weights: long memory" in more.toolTip()
    person.session.set_model(word_dropout=0.1, pooling="max")
    person.wait_ready()
    person.wait_until(lambda: more.text() == "More · 3 settings ↺")
    assert "Read from: " in more.toolTip()
    person.session.set_model(word_dropout=0.0, pooling="last", initialization="uniform")
    person.wait_ready()
    person.wait_until(lambda: more.text() == "More · Initial weights ↺")
    person.click("more-architecture")
    person.click("initialization-name")  # puts back what is suggested
    person.wait_until(lambda: more.text() == "More · Initial weights ◆")
    person.click("initialization-name")  # uses the default
    person.wait_until(lambda: more.text() == "More · Initial weights ↺")
