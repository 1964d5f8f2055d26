"""A setting that cannot be leaves the network as it was, says why, and is not in the way of the next one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QSpinBox, QWidget

import engine
from gui.session.data import Data
from tests.gui.conftest import Person
from tests.gui.saving.saving import open_run, write_names

pytestmark = pytest.mark.one_window

WORDS = ("the", "a", "one", "red", "blue", "old", "new", "cat", "dog", "house", "tree", "sees", "likes", "finds")


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    """Tagged words, for which the network is proposed to read their spelling."""
    rng = np.random.default_rng(0)
    sentences = [rng.choice(WORDS, rng.integers(3, 8)) for _ in range(300)]
    lines = ["\n".join(f"{word}\t{'NOUN' if len(word) > 3 else 'OTHER'}" for word in words) for words in sentences]
    path = tmp_path / "words.conll"
    path.write_text("\n\n".join(lines) + "\n", "utf-8")
    return path


def notice(person: Person) -> str:
    return person.find(QLabel, "notice").text()


def choose_embedding(person: Person, size: int) -> None:
    box = person.find(QComboBox, "embedding_size")
    index = box.findData(size)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def loaded(person: Person, path: Path) -> Data:
    person.session.data.open(path)
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.path == str(path))
    person.wait_ready()
    return person.session.data


def test_one_hot_on_words_with_spelling_turns_spelling_off_and_says_so(person: Person, tagged: Path) -> None:
    loaded(person, tagged)
    run = person.session.run
    assert run.model_config.spelling != "none"
    person.click("step")
    person.wait_steps(1)
    choose_embedding(person, 0)
    person.wait_ready()
    assert (run.model_config.embedding_size, run.model_config.spelling) == (0, "none")
    assert "Spelling" in notice(person)
    person.choose("cell", "gru")  # and further changes go on
    person.wait_ready()
    assert run.model_config.cell == "gru"
    person.click("step")
    person.wait_steps(1)


def test_a_network_too_large_for_the_memory_is_refused_and_the_trained_one_stays(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = person.session.run
    person.click("step")
    person.wait_steps(1)
    number, before = run.number, run.model_config
    monkeypatch.setattr("psutil.virtual_memory", lambda: type("Free", (), {"available": 50_000_000}))
    person.type("hidden_size-number", "4096")
    assert (run.model_config, run.number) == (before, number)
    assert person.find(QLineEdit, "hidden_size-number").text() == str(before.hidden_size)
    assert "of memory for training" in notice(person)
    assert "would fit" in notice(person)
    person.press(Qt.Key.Key_S)
    person.wait_steps(2)


def field_shows(person: Person, name: str) -> str | bool:
    field = person.find(QWidget, name)
    if isinstance(field, QComboBox):
        return field.currentText()
    if isinstance(field, QAbstractButton):
        return field.isChecked()
    assert isinstance(field, QLineEdit | QSpinBox)
    return field.text()


def set_field(person: Person, name: str, value: str) -> None:
    field = person.find(QWidget, name)
    if isinstance(field, QComboBox):
        index = field.findText(value)
        assert index >= 0
        field.setCurrentIndex(index)
        field.activated.emit(index)
    elif isinstance(field, QAbstractButton):
        person.click(name)
    else:
        person.type(name, value)


def assert_refused(person: Person, name: str, value: str, why: str) -> None:
    """Setting a field to this changes nothing but the notice, and the field shows what it showed."""
    run, shown = person.session.run, field_shows(person, name)
    before = run.model_config, run.training_config, run.number
    if person.find(QWidget, "notice-close").isVisible():
        person.click("notice-close")
    set_field(person, name, value)
    assert why in notice(person), name
    assert (run.model_config, run.training_config, run.number) == before, name
    assert field_shows(person, name) == shown, name


@pytest.mark.sample("reviews")
def test_a_setting_that_there_is_no_memory_for_does_not_stay_in_its_field(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.choose("cell", "rnn")
    person.wait_ready()
    monkeypatch.setattr("psutil.virtual_memory", lambda: type("Free", (), {"available": 0}))
    for name, value in (
        ("hidden_size-number", "4096"),
        ("num_layers", "8"),
        ("batch_size", "4096"),
        ("cell", "LSTM"),
        ("embedding_size", "embed 256"),
        ("bidirectional", "on"),
    ):
        assert_refused(person, name, value, "of memory for training")


def test_a_setting_of_a_run_without_its_data_does_not_stay_in_its_field(person: Person, tmp_path: Path) -> None:
    data, path = tmp_path / "names.csv", tmp_path / "run.unroll"
    dataset = engine.load_dataset(write_names(data))
    trainer = engine.Trainer(engine.build_model(engine.ModelConfig(architecture="many-to-one"), dataset), dataset)
    next(trainer)
    engine.save_run(path, trainer)
    data.unlink()
    open_run(person, path)
    for name, value in (
        ("hidden_size-number", "77"),
        ("num_layers", "3"),
        ("cell", "GRU"),
        ("embedding_size", "embed 256"),
        ("bidirectional", "on"),
        ("batch_size", "77"),
        ("seed", "77"),
    ):
        assert_refused(person, name, value, "needs the data")


def test_what_a_setting_needs_is_declared_with_it() -> None:
    assert engine.ModelConfig(spelling="affixes").unmet().keys() == {"spelling"}
    assert engine.ModelConfig(spelling="affixes", embedding_size=8).unmet() == {}
    assert engine.ModelConfig(vectors="words.txt").unmet().keys() == {"vectors"}
    dataset = engine.load_sample("part-of-speech")
    config = engine.ModelConfig(architecture="many-to-many", spelling="affixes")
    with pytest.raises(engine.ConfigError, match="spelling is 'affixes', which needs Embedding: Spelling is added"):
        engine.build_model(config, dataset)
