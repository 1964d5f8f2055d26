"""Notices: messages to the user, one line each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

import engine
from engine.number_text import grouped
from engine.options import Config

NO_MEMORY = "There is not enough memory for this."
Offer = tuple[str, Callable[[], None]]  # the label of a button, and what it does


class Level(StrEnum):
    """How serious a notice is."""

    DONE = "done"  # only confirms what the user has just done, so it goes away by itself
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Notice:
    """One line for the user, with buttons for what the user can do about it."""

    level: Level
    text: str
    offers: tuple[Offer, ...] = ()
    details: str = ""  # for a bug: the traceback


class Notices(QObject):
    """Passes on messages to the user."""

    posted = Signal(object)  # a Notice
    withdrawn = Signal(str)  # the text of a notice that no longer holds

    def tell(self, text: str, level: Level = Level.INFO, *offers: Offer) -> None:
        """Tell the user something in one line, with a button for each offer."""
        self.posted.emit(Notice(level, text, offers))

    def withdraw(self, text: str) -> None:
        """Take back what was told, unless something else has been told since."""
        if text:
            self.withdrawn.emit(text)

    def tell_error(self, error: BaseException) -> None:
        """Report an error to the user; one that can only be a bug goes to the crash hook."""
        if isinstance(error, engine.UnrollError | OSError | MemoryError):
            self.tell(str(error) or NO_MEMORY, Level.ERROR)
        else:
            sys.excepthook(type(error), error, error.__traceback__)

    def tell_bug(self, error: BaseException, details: str) -> None:
        """Report a bug of the program; details: the traceback."""
        text = f"Unexpected error: {type(error).__name__}: {error}"
        self.posted.emit(Notice(Level.ERROR, text, details=details))


def starts_untrained(seed: int | None = None) -> str:
    """A new network has taken the place of a trained one. seed: if it is the same as before."""
    again = "" if seed is None else f", {again_with(seed)}"
    return f"The new network starts untrained{again}; the trained one is in Runs."


def again_with(seed: int) -> str:
    """That a new network begins with the same weights as the one before."""
    return f"again with seed {grouped(seed)}"


def change_of(before: Config, after: Config) -> str:
    """ "change of cell": a change that can be undone, as the window calls it."""
    labels = [
        declared.label for name, declared in before.options().items() if getattr(before, name) != getattr(after, name)
    ]
    return f"change of {labels[0][:1].lower()}{labels[0][1:]}" if len(labels) == 1 else "change of settings"


def difference(before: Config, after: Config, labels: Mapping[str, str] = MappingProxyType({})) -> str:
    """ "Hidden units 64 → 128, layers 1 → 2": changes as the window writes them. labels: of settings that are called
    otherwise than they are declared."""
    parts = []
    for name, declared in before.options().items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            parts.append(f"{labels.get(name, declared.label)} {declared.written(old)} → {declared.written(new)}")
    return ", ".join(parts)
