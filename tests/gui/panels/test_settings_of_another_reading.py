"""What becomes of the settings when the same data is read in another way."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton

from engine.options import Config
from gui.widgets.setting_name import CHANGED
from tests.gui.conftest import Person
from tests.gui.panels.opening import WORDS, choose, open_file, put, show_reading

RATED = "text,price\n" + "".join(
    f"{a} likes {b},{i * 7.5 + j}\n" for i, a in enumerate(WORDS) for j, b in enumerate(WORDS)
)
TOLD_APART = "text,label\n" + "".join(
    f"{a} likes {b},{'yes' if i % 2 else 'no'}\n" for i, a in enumerate(WORDS) for b in WORDS
)


def settings(person: Person) -> dict[str, object]:
    run = person.session.run
    return run.model_config.to_json() | run.training_config.to_json()


def marked(person: Person) -> list[str]:
    """The settings that are said to differ from what is proposed."""
    run = person.session.run
    configs: tuple[Config, ...] = (run.model_config, run.training_config)
    names = [name for config in configs for name in config.options()]
    signs = {name: person.window.findChild(QAbstractButton, f"{name}-name") for name in names}
    return [name for name, sign in signs.items() if sign is not None and CHANGED in sign.text()]


def opened_as(person: Person, path: Path, **changes: object) -> dict[str, object]:
    """The settings for a file that is opened with these options from the start."""
    before = person.session.data.dataset
    person.session.data.open(path, **changes)
    person.wait_until(lambda: person.session.data.dataset is not before)
    person.wait_ready()
    return settings(person)


@pytest.mark.parametrize(
    ("text", "option", "value"),
    [(RATED, "unit", "word"), (TOLD_APART, "unit", "character"), (TOLD_APART, "kind", "pairs")],
)
def test_settings_that_nobody_changed_follow_the_proposal_for_another_reading(
    empty_person: Person, tmp_path: Path, text: str, option: str, value: str
) -> None:
    person, path = empty_person, put(tmp_path / "a.csv", text)
    first = "character" if value == "word" else "auto"
    expected = opened_as(person, path, **{"unit": first} | {option: value})
    before = opened_as(person, path, unit=first)
    assert before != expected, "the proposals are different ones"
    show_reading(person)
    choose(person, option, value)
    assert settings(person) == expected
    assert marked(person) == []


def test_settings_that_were_changed_stay_and_are_marked_when_the_data_is_read_in_another_way(
    empty_person: Person, tmp_path: Path
) -> None:
    person, path = empty_person, put(tmp_path / "a.csv", TOLD_APART)
    expected = opened_as(person, path, unit="character")
    open_file(person, path)
    person.session.set_model(hidden_size=77, cell="gru")
    person.session.run.set_training(learning_rate=0.004)
    person.wait_ready()
    show_reading(person)
    choose(person, "unit", "character")
    chosen = {"hidden_size": 77, "cell": "gru", "learning_rate": 0.004}
    assert settings(person) == expected | chosen
    assert sorted(marked(person)) == sorted(chosen)
    choose(person, "unit", "word")  # and back
    assert sorted(marked(person)) == sorted(chosen)


def test_a_network_chosen_by_hand_gives_way_where_the_data_cannot_train_it(
    empty_person: Person, tmp_path: Path
) -> None:
    person, path = empty_person, put(tmp_path / "a.csv", TOLD_APART)
    open_file(person, path)
    person.session.set_model(architecture="one-to-many")
    person.wait_ready()
    show_reading(person)
    dataset = choose(person, "kind", "pairs")
    assert dataset.kind == "pairs"
    assert person.session.run.model_config.architecture == "encoder-decoder"
