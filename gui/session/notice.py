"""What the user is told, in one line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.config import Config


@dataclass(frozen=True)
class Notice:
    """One line for the user, with what can be done about it."""

    level: str  # "info", "warning" or "error"
    text: str
    action_label: str = ""
    action: Callable[[], None] | None = None
    details: str = ""  # for a bug: the traceback


def difference(before: Config, after: Config) -> str:
    """ "Hidden units 64 → 128, layers 1 → 2": what changed, in the words of the window."""
    parts = []
    for name, declared in before.options().items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            show = declared.choices or {}
            parts.append(f"{declared.label} {_shown(show.get(old, old))} → {_shown(show.get(new, new))}")
    return ", ".join(parts)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)
