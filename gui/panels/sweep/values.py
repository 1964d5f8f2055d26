"""Parses what the user types for a setting to try, values or a range, and makes the plan.

The plan is what a sweep's TOML file holds, so both are checked by the same code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import engine
from engine.options import Config
from engine.training import defaults
from gui.session.data import Source

CONFIGS: dict[str, type[Config]] = {"model": engine.ModelConfig, "training": engine.TrainingConfig}
# "0.001 to 0.1", "16 to 256 in 3", "1 to 5 in 5 linear"
RANGE = re.compile(r"\s*(\S+)\s+to\s+(\S+?)(?:\s+in\s+(\d+))?(?:\s+(log|linear))?\s*")
SWITCH = {"on": True, "off": False, "true": True, "false": False}


def options() -> dict[str, str]:
    """The settings that can be tried: "model.cell" → its name in the window."""
    return {
        f"{table}.{name}": declared.label
        for table, config in CONFIGS.items()
        for name, declared in config.options().items()
        if name != "seed" and not declared.is_file
    }


def example_values(key: str) -> str:
    """An example of input for a setting."""
    table, _, name = key.partition(".")
    declared, default = CONFIGS[table].options()[name], CONFIGS[table].default(name)
    if declared.choices is not None:
        return ", ".join(list(declared.choices)[:3])
    if isinstance(default, bool):
        return "on, off"
    return "32, 64 or 16 to 256 in 3" if isinstance(default, int) else "0.01, 0.1 or 0.001 to 0.1 in 3"


def parsed(key: str, text: str) -> Any:
    """The typed text as a TOML file would have it: a list of values, or a range. ConfigError for anything else."""
    table, _, name = key.partition(".")
    declared, default = CONFIGS[table].options()[name], CONFIGS[table].default(name)
    is_number = isinstance(default, int | float) and not isinstance(default, bool)
    found = RANGE.fullmatch(text) if is_number else None
    if found is not None:
        low, high = (_number(key, end, default) for end in found.group(1, 2))
        scale = found[4] or declared.scale
        return {"from": low, "to": high, "count": int(found[3] or 0), "scale": scale}
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not words:
        raise engine.ConfigError(f"{declared.label} has no values; type some, such as {example_values(key)}.")
    return [_value(key, word, default, declared.choices) for word in words]


def _value(key: str, word: str, default: Any, choices: Mapping[str, str] | None) -> Any:
    if choices is not None:
        known = {title.lower(): name for name, title in choices.items()} | {name.lower(): name for name in choices}
        if word.lower() in known:
            return known[word.lower()]
        raise engine.ConfigError(f"{options()[key]} has no choice {word!r}; there are {', '.join(choices)}.")
    if isinstance(default, bool):
        if word.lower() in SWITCH:
            return SWITCH[word.lower()]
        raise engine.ConfigError(f"{options()[key]} is {word!r}; expected on or off.")
    return _number(key, word, default) if isinstance(default, int | float) else word


def _number(key: str, word: str, default: Any) -> int | float:
    try:
        return int(word) if isinstance(default, int) else float(word)
    except ValueError:
        kind = "a whole number" if isinstance(default, int) else "a number"
        raise engine.ConfigError(f"{options()[key]}: {word!r} is not {kind}.") from None


def plan_of(
    dataset: engine.Dataset,
    source: Source | None,
    at_hand: tuple[engine.ModelConfig, engine.TrainingConfig],
    tried: Sequence[tuple[str, str]],
    **top: Any,
) -> dict[str, Any]:
    """The plan as a TOML file holds it: the settings to try, and the current values of all others.

    tried: key and text of each setting. top: the top of the file, such as seeds. ConfigError for an
    invalid plan, and for data that a file cannot name.
    """
    sample = None if source is None else source.sample
    name = dataset.path if sample is None else sample.name
    if name is None or source is None:
        raise engine.ConfigError("A sweep needs data from a sample, or from one file or folder.")
    tables: dict[str, dict[str, Any]] = {"model": {}, "training": {}}
    proposed = defaults.settings_for(dataset, sample, {}, {})
    for table, usual, now in zip(tables, proposed, at_hand, strict=True):
        for setting in CONFIGS[table].options():
            if setting != "seed" and getattr(now, setting) != getattr(usual, setting):
                tables[table][setting] = getattr(now, setting)
    for key, text in tried:
        table, _, setting = key.partition(".")
        tables[table][setting] = parsed(key, text)
    return {"data": name, "reading": dict(source.changes), **top, **tables}


def whole_numbers(text: str) -> list[int]:
    """ "0, 1, 2" as numbers; ConfigError for anything else."""
    try:
        return [int(word) for word in text.split(",") if word.strip()] or [0]
    except ValueError:
        raise engine.ConfigError(f"Seeds are {text!r}; expected whole numbers, such as 0, 1, 2.") from None
