"""The plan of a sweep: a TOML file that gives settings one value or several.

    data = "names.csv"          # a file or folder, seen from this file's folder, or the name of a sample
    seeds = [0, 1, 2]           # each combination once with each seed; [0] by default

    [model]
    cell = ["rnn", "lstm", "gru"]
    hidden_size = [32, 64]

    [training]
    epochs = 10
    learning_rate = {from = 1e-4, to = 1e-2, count = 3, scale = "log"}

    [reading]                   # how the data is read, if not recognised: one value each
    unit = "word"

Every combination of the values is tried: a grid. `random = 20` draws 20 combinations instead, ranges included, and
`halving = 3` trains all runs for a ninth of their steps, the better third for a third, and the best ninth to the end.
"""

from __future__ import annotations

import itertools
import math
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np

from engine.config import ModelConfig, TrainingConfig
from engine.data.data_config import DataConfig
from engine.data.dataset import Dataset
from engine.data.load_sample import load_sample
from engine.data.samples import SAMPLES, Sample
from engine.errors import ConfigError
from engine.options import Config, Option
from engine.runs.safetensors_container import RUN_SUFFIX

MOST_RUNS = 100_000
_KEYS = ("data", "seeds", "random", "halving", "draw_seed", "reading", "model", "training")
_SCALES = ("linear", "log")


@dataclass(frozen=True)
class NumberRange:
    """Numbers from `low` to `high`. count: how many a grid takes, evenly spaced on the scale; 0: for drawing only."""

    low: float
    high: float
    whole: bool
    log: bool
    count: int

    def declared(self) -> dict[str, Any]:
        """As the file says it."""
        return {"from": self.low, "to": self.high, "count": self.count, "scale": "log" if self.log else "linear"}

    def grid(self) -> list[float | int]:
        """`count` values, both ends included."""
        shares = [0.5] if self.count == 1 else [k / (self.count - 1) for k in range(self.count)]
        return list(dict.fromkeys(self._at(share) for share in shares))

    def draw(self, rng: np.random.Generator) -> float | int:
        """A value at random, evenly spread over the scale."""
        return self._at(float(rng.random()))

    def _at(self, share: float) -> float | int:
        if self.log:
            value = math.exp(math.log(self.low) * (1 - share) + math.log(self.high) * share)
        else:
            value = self.low * (1 - share) + self.high * share
        return round(value) if self.whole else float(f"{value:.6g}")


Choices = tuple[Any, ...] | NumberRange


def setting_option(name: str) -> Option:
    """The declaration of a setting that a sweep can give, of the network or of its training."""
    return (ModelConfig.options() | TrainingConfig.options())[name]


def settings_in_words(settings: Mapping[str, Any]) -> str:
    """Settings with the words and names of the window: "Cell LSTM, Hidden units 64"."""
    given = ((setting_option(name), value) for name, value in settings.items())
    return ", ".join(f"{option.label} {option.written(value)}" for option, value in given)


@dataclass(frozen=True)
class PlannedRun:
    """One run of a sweep: its number from 1, and the settings that the sweep gives it, the seed among `training`."""

    number: int
    model: Mapping[str, Any]
    training: Mapping[str, Any]

    @property
    def settings(self) -> dict[str, Any]:
        """All settings that the sweep gives, by name; the seed comes last."""
        return {**self.model, **self.training}

    @property
    def file_name(self) -> str:
        """Where the run is kept within the sweep's folder."""
        return f"run-{self.number:04}{RUN_SUFFIX}"


@dataclass(frozen=True)
class Sweep:
    """A plan: the data, and the values to try for each setting.

    random: combinations to draw; 0 takes all of them. halving: the factor by which each round reduces the runs; 0
    trains every run to its end. reading: settings with which the data are read.
    """

    data: str
    model: Mapping[str, Choices] = field(default_factory=dict)
    training: Mapping[str, Choices] = field(default_factory=dict)
    seeds: tuple[int, ...] = (0,)
    random: int = 0
    halving: int = 0
    draw_seed: int = 0
    reading: Mapping[str, Any] = field(default_factory=dict)

    def runs(self) -> tuple[PlannedRun, ...]:
        """All runs, numbered in the order of the file; the seeds of a combination are adjacent."""
        combinations = self._drawn() if self.random else self._grid()
        pairs = itertools.product(combinations, self.seeds)
        return tuple(
            PlannedRun(
                number,
                {name: values[name] for name in self.model},
                {name: values[name] for name in self.training} | {"seed": seed},
            )
            for number, (values, seed) in enumerate(pairs, 1)
        )

    @property
    def count(self) -> int:
        """The number of runs, without listing them."""
        sizes = [one.count if isinstance(one, NumberRange) else len(one) for one in self._choices.values()]
        return (self.random or math.prod(sizes)) * len(self.seeds)

    @property
    def shares(self) -> tuple[float, ...]:
        """How far each round trains its runs, as a share of all steps."""
        if not self.halving:
            return (1.0,)
        return tuple(1 / self.halving**k for k in (2, 1, 0))

    def to_json(self) -> dict[str, Any]:
        """The content of the file, with the full path of the data; `sweep_of` turns it back into the same sweep."""
        tables = {
            title: {name: _declared(one) for name, one in table.items()}
            for title, table in (("model", self.model), ("training", self.training))
        }
        numbers = {"random": self.random, "halving": self.halving, "draw_seed": self.draw_seed}
        return {"data": self.data, "seeds": list(self.seeds), **numbers, "reading": dict(self.reading), **tables}

    def load(self) -> tuple[Dataset, Sample | None]:
        """The data, and its sample if it is one. DataError if it cannot be read."""
        if self.data in SAMPLES and not Path(self.data).exists():
            return load_sample(self.data, **self.reading), SAMPLES[self.data]
        from engine.data.load import load_dataset  # reads files of all forms, which takes long to import

        return load_dataset(self.data, **self.reading), None

    @property
    def _choices(self) -> dict[str, Choices]:
        return {**self.model, **self.training}

    def _grid(self) -> list[dict[str, Any]]:
        lists = {n: c.grid() if isinstance(c, NumberRange) else list(c) for n, c in self._choices.items()}
        return [dict(zip(lists, values, strict=True)) for values in itertools.product(*lists.values())]

    def _drawn(self) -> list[dict[str, Any]]:
        rng = np.random.default_rng(self.draw_seed)
        return [
            {
                name: one.draw(rng) if isinstance(one, NumberRange) else one[int(rng.integers(len(one)))]
                for name, one in self._choices.items()
            }
            for _ in range(self.random)
        ]


def _declared(one: Choices) -> Any:
    return one.declared() if isinstance(one, NumberRange) else list(one)


def read_sweep(path: str | os.PathLike[str]) -> Sweep:
    """Read the plan in a TOML file. ConfigError if it is not one, or for an unknown setting.

    Values are not checked here: a run that cannot be trained is refused when its turn comes, and the others continue.
    """
    import tomllib  # not by a start of the window

    if os.path.exists(path) and not os.path.isfile(path):  # opening a pipe would wait
        raise ConfigError(f"{path}: this is not a file that can be read.")
    try:
        values = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror or error}).") from None
    except (
        ValueError,
        RecursionError,
    ) as error:  # also raised for numbers that are too long, and for bytes that are not text
        raise ConfigError(f"{path}: not a TOML file ({error}).") from None
    try:
        _check_whole_numbers(values)
        return sweep_of(values, Path(path).absolute().parent)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def sweep_of(values: Mapping[str, Any], folder: Path) -> Sweep:
    """Turn the values of a TOML file into a plan. folder: the base of relative data paths.

    ConfigError as in `read_sweep`.
    """
    if unknown := [name for name in values if name not in _KEYS]:
        raise ConfigError(f"{unknown[0]!r} is not known; expected {', '.join(_KEYS)}.")
    data = values.get("data")
    if not isinstance(data, str) or not data:
        raise ConfigError('data is missing; expected a line such as data = "names.csv".')
    if PureWindowsPath(data).drive.startswith("\\\\"):  # Windows would sign in to whatever machine a plan names
        raise ConfigError(f"data is {data!r}, on another machine; expected a file or folder of this one, or a sample.")
    beside = os.path.join(folder, data)
    sweep = Sweep(
        beside if os.path.exists(beside) else data,
        _table(values, "model", ModelConfig),
        _table(values, "training", TrainingConfig),
        _seeds(values.get("seeds", [0])),
        _count(values, "random"),
        _count(values, "halving"),
        _count(values, "draw_seed"),
        _reading(values),
    )
    if sweep.halving == 1:
        raise ConfigError("halving is 1, which would stop no run; expected 2 or more, or 0.")
    _check_size(sweep)
    return sweep


def _check_whole_numbers(values: Mapping[str, Any]) -> None:
    """ConfigError for a whole number of more than 64 bits: TOML has none, and Python writes out no very long ones."""
    left: list[Any] = [values]
    while left:
        one = left.pop()
        if isinstance(one, int) and abs(one) >= 2**63:
            raise ConfigError(f"a whole number has {one.bit_length():,} bits; expected at most 64.")
        left += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()


def _table(values: Mapping[str, Any], title: str, config: type[Config]) -> dict[str, Choices]:
    table = values.get(title, {})
    if not isinstance(table, dict):
        raise ConfigError(f"{title} is {table!r}; expected a table of settings, [{title}].")
    known = [name for name in config.options() if name != "seed"]
    for name in table:
        if name == "seed":
            raise ConfigError("the seed belongs at the top, as in seeds = [0, 1].")
        if name not in known:
            raise ConfigError(f"[{title}] has no setting {name!r}; there are {', '.join(known)}.")
    return {name: _choices(f"[{title}] {name}", one, config.default(name)) for name, one in table.items()}


def _reading(values: Mapping[str, Any]) -> dict[str, Any]:
    table = values.get("reading", {})
    if not isinstance(table, dict):
        raise ConfigError(f"reading is {table!r}; expected a table of settings, [reading].")
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    DataConfig.from_json(given)  # ConfigError if there is no such setting
    return given


def _choices(where: str, value: Any, default: Any) -> Choices:
    if isinstance(value, dict):
        return _range(where, value, whole=isinstance(default, int))
    if isinstance(value, list):
        if not value:
            raise ConfigError(f"{where} has no values.")
        return tuple(_setting(where, one) for one in value)
    return (_setting(where, value),)


def _setting(where: str, value: Any) -> str | float:
    """Check that a value can be stored; whether it is valid is checked when the run's turn comes."""
    if not isinstance(value, str | int | float):
        raise ConfigError(f"{where} is {value!s:.80}; expected a text, a number, true or false.")
    return value


def _range(where: str, value: Mapping[str, Any], whole: bool) -> NumberRange:
    scale, count = value.get("scale", "linear"), value.get("count", 0)
    ends = [value.get("from"), value.get("to")]
    numbers = [
        end
        for end in ends
        if isinstance(end, (int, float)) and not isinstance(end, bool) and abs(end) <= sys.float_info.max
    ]
    if len(numbers) < 2 or set(value) - {"from", "to", "scale", "count"} or not _is_count(count):
        raise ConfigError(f"{where} is {value!r}; expected a range such as {{from = 0.001, to = 0.1, count = 3}}.")
    if scale not in _SCALES:
        raise ConfigError(f"{where}: scale is {scale!r}; expected {' or '.join(map(repr, _SCALES))}.")
    low, high = numbers
    if low > high or (scale == "log" and low <= 0):
        raise ConfigError(f"{where} goes from {low:g} to {high:g}; expected rising numbers, above 0 on a log scale.")
    return NumberRange(low, high, whole, scale == "log", count)


def _seeds(value: Any) -> tuple[int, ...]:
    seeds = value if isinstance(value, list) else [value]
    if not seeds or not all(map(_is_count, seeds)) or len(set(seeds)) < len(seeds):
        raise ConfigError(f"seeds is {value!r}; expected different whole numbers, such as [0, 1, 2].")
    return tuple(seeds)


def _count(values: Mapping[str, Any], name: str) -> int:
    value = values.get(name, 0)
    if not _is_count(value):
        raise ConfigError(f"{name} is {value!r}; expected a whole number from 0.")
    return int(value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _check_size(sweep: Sweep) -> None:
    """ConfigError for a range that a grid cannot use, or for too many runs."""
    if not sweep.random:
        for name, one in sweep._choices.items():
            if isinstance(one, NumberRange) and not one.count:
                raise ConfigError(f"{name} is a range; a grid needs its count, such as count = 3.")
    if sweep.count > MOST_RUNS:
        raise ConfigError(f"this makes {sweep.count:,} runs; expected at most {MOST_RUNS:,}.")
