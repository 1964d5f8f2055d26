"""Settings: checked when made, described once, and able to travel as JSON."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import FrozenInstanceError, dataclass, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cells import CELLS
from engine.config import ModelConfig, TrainingConfig
from engine.data.data_config import DataConfig
from engine.errors import ConfigError
from engine.models import MODELS
from engine.options import Config, option
from engine.training.optimizers import OPTIMIZERS
from engine.training.schedules import SCHEDULES

CONFIGS: list[type[Config]] = [ModelConfig, TrainingConfig, DataConfig]
NUMBERS = [(config, name, o) for config in CONFIGS for name, o in config.options().items() if o.minimum is not None]
CHOICES = [(config, name, o) for config in CONFIGS for name, o in config.options().items() if o.choices is not None]


def named(value: object) -> str:
    return value.__name__ if isinstance(value, type) else value if isinstance(value, str) else ""


@pytest.mark.parametrize("config", CONFIGS, ids=named)
def test_every_field_is_a_declared_option_with_label_and_help(config: type[Config]) -> None:
    assert list(config.options()) == [f.name for f in fields(config)]
    for declared in config.options().values():
        assert declared.label
        assert declared.help.endswith(".")


@pytest.mark.parametrize("config", CONFIGS, ids=named)
def test_defaults_are_valid_and_survive_json(config: type[Config]) -> None:
    made = config()
    assert config.from_json(json.loads(json.dumps(made.to_json()))) == made
    for name in config.options():
        assert getattr(made, name) == config.default(name)


@pytest.mark.parametrize(("config", "name", "declared"), NUMBERS, ids=named)
def test_the_ends_of_a_range_are_allowed_and_what_lies_beyond_is_not(config: Any, name: str, declared: Any) -> None:
    kind = type(config.default(name))
    assert getattr(config(**{name: kind(declared.minimum)}), name) == declared.minimum
    assert getattr(config(**{name: kind(declared.maximum)}), name) == declared.maximum
    for wrong in (declared.minimum - 1, declared.maximum + 1):
        with pytest.raises(ConfigError, match=f"{name} is .*expected"):
            config(**{name: kind(wrong)})


@pytest.mark.parametrize(("config", "name", "declared"), CHOICES, ids=named)
def test_every_choice_is_allowed_and_nothing_else(config: Any, name: str, declared: Any) -> None:
    assert config.default(name) in declared.choices
    for choice in declared.choices:
        assert getattr(config(**{name: choice}), name) == choice
    with pytest.raises(ConfigError, match="expected one of"):
        config(**{name: "no such thing"})


WRONG = [None, "64", True, 1.5, float("nan"), float("inf"), 10**400, -(10**400), [], {}, [1], {"a": 1}, (), b"x"]


@pytest.mark.parametrize("value", WRONG, ids=lambda value: repr(value)[:12])
@pytest.mark.parametrize("name", ["hidden_size", "cell"])
def test_a_value_of_another_type_is_refused_in_words(name: str, value: object) -> None:
    with pytest.raises(ConfigError, match=name):
        ModelConfig.from_json({name: value})


@pytest.mark.parametrize("value", WRONG[:3] + WRONG[4:], ids=lambda value: repr(value)[:12])
def test_a_rate_that_is_no_number_is_refused_in_words(value: object) -> None:
    with pytest.raises(ConfigError, match="learning_rate"):
        TrainingConfig.from_json({"learning_rate": value})


@pytest.mark.parametrize("values", [None, [], "x", 3])
def test_json_that_is_no_object_is_refused(values: object) -> None:
    with pytest.raises(ConfigError, match="expected an object"):
        ModelConfig.from_json(values)


def test_unknown_names_are_refused_and_the_known_ones_listed() -> None:
    with pytest.raises(ConfigError, match=r"no setting 3, colour; known are .*hidden_size"):
        ModelConfig.from_json({"colour": "red", 3: 4})


@given(st.dictionaries(st.sampled_from([f.name for f in fields(ModelConfig)]), st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1))))  # fmt: skip
def test_whatever_json_holds_gives_settings_or_a_plain_no(values: dict[str, object]) -> None:
    try:
        made = ModelConfig.from_json(values)
    except ConfigError:
        return
    assert ModelConfig.from_json(made.to_json()) == made


def test_a_whole_number_will_do_where_any_number_is_expected() -> None:
    assert TrainingConfig(learning_rate=1).learning_rate == 1


def test_settings_do_not_change_but_are_replaced_and_checked_again() -> None:
    config = ModelConfig()
    with pytest.raises(FrozenInstanceError):
        config.cell = "gru"  # type: ignore[misc]
    assert replace(config, cell="gru").cell == "gru"
    with pytest.raises(ConfigError):
        replace(config, num_layers=0)
    assert hash(config) == hash(ModelConfig())


def test_none_is_allowed_only_where_it_is_declared() -> None:
    @dataclass(frozen=True)
    class Own(Config):
        most: int | None = option(None, "Most", "At most that many.", 0, 9)

    assert Own().most is None
    assert Own(most=3).most == 3
    with pytest.raises(ConfigError, match="most is 10; expected 0 to 9"):
        Own(most=10)


def test_what_can_be_chosen_is_what_there_is() -> None:
    options = ModelConfig.options() | TrainingConfig.options()
    registries: dict[str, Collection[str]] = {
        "architecture": MODELS,
        "cell": CELLS,
        "optimizer": OPTIMIZERS,
        "schedule": SCHEDULES,
    }
    for name, registry in registries.items():
        assert list(options[name].choices or ()) == list(registry)


def test_a_number_whose_help_speaks_of_a_unit_names_it() -> None:
    units = {"Milliseconds": "(ms)", "Samples per second": "(Hz)", "Minutes": "(min)"}
    options = [*DataConfig.options().values(), *TrainingConfig.options().values()]
    for unit, sign in units.items():
        labels = [option.label for option in options if option.help.startswith(unit)]
        assert labels
        assert [label for label in labels if not label.endswith(sign)] == []


def test_a_number_is_written_as_its_field_shows_it_and_in_names_as_it_is_typed() -> None:
    batch, rate = (TrainingConfig.options()[name] for name in ("batch_size", "learning_rate"))
    assert (batch.written(8192), batch.in_a_name(8192)) == ("8,192", "8192")
    assert (rate.written(0.003), rate.in_a_name(0.003)) == ("0.003", "0.003")
    share = DataConfig.options()["validation"]
    assert share.written(0.3) == share.in_a_name(0.3) == "30\u202f%"


def test_what_is_left_empty_is_called_what_it_stands_for() -> None:
    options = DataConfig.options()
    assert {options[name].written("") for name in ("source_column", "target_column", "sheet")} == {"automatic"}
    assert options["validation_file"].written("") == ModelConfig.options()["vectors"].written("") == "none"
    assert options["source_column"].written("lemma + features") == "lemma + features"
    assert not options["source_column"].is_set("")


def test_what_the_trainer_lets_change_live_is_declared_so() -> None:
    live = {name for name, declared in TrainingConfig.options().items() if declared.live}
    assert live == {"learning_rate", "clip_norm", "epochs"}
