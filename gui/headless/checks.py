"""Refuses arguments that have no effect on what is asked for, and impossible values, before anything is done."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

import engine
from gui.headless.arguments import ARGUMENTS, SETTINGS, WORKS, flag_of, given_settings


def work_of(options: argparse.Namespace) -> str:
    """What the program is asked to do; "" for opening the window. ConfigError for two things at once."""
    chosen = [name for name in WORKS if getattr(options, name) is not None]
    if len(chosen) > 1:
        raise engine.ConfigError(f"{flag_of(chosen[0])} and {flag_of(chosen[1])} cannot be used together.")
    return chosen[0] if chosen else ""


def check_given(options: argparse.Namespace) -> None:
    """ConfigError that names an argument, what was found, and what is expected."""
    work = work_of(options)
    if options.file == "":
        raise engine.ConfigError("The name of the file is empty; expected FILE.")
    for name, argument in ARGUMENTS.items():
        value, flag = getattr(options, name), flag_of(name)
        if value is None:
            continue
        _check_use(flag, argument.works, work)
        argument.check(flag, value)
        needed = argument.needs.get(work, ())
        if needed and all(getattr(options, other) is None for other in needed):
            one_of = "one of " if len(needed) > 1 else ""
            raise engine.ConfigError(f"{flag} has no effect without {one_of}{_flags(needed)}.")
    for group, settings in SETTINGS.items():
        for name, value in given_settings(options, group).items():
            flag = flag_of(name, group)
            _check_use(flag, (*settings.works, *settings.also.get(name, ())), work)
            settings.config.check_value(name, value, flag)


def _check_use(flag: str, works: tuple[str, ...], work: str) -> None:
    if work not in works:
        here = f"with {flag_of(work)}" if work else "in the window"
        raise engine.ConfigError(f"{flag} has no effect {here}; it goes with {_flags(works)}.")


def _flags(names: Iterable[str]) -> str:
    return ", ".join(map(flag_of, names))
