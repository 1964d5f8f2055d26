"""Chooses the name and colour of a new run, so that it can be told from the others."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from gui.session.run_library.listed_run import Identity, ListedRun
from gui.theme import RUN_COLORS

NUMBER = re.compile(r" \(\d+\)$")


def told_apart(identity: Identity, others: Sequence[Identity]) -> Identity:
    """The identity with a name that none of the others has. If one of the newest has its colour, or one whose curve the
    user has asked for, it gets one that no run has, or else the one that was given longest ago.

    others: oldest first.
    """
    given = {other.color % RUN_COLORS: at for at, other in enumerate(others)}  # the place of its newest run
    drawn = {other.color % RUN_COLORS for other in others if other.shown}
    newest = [other.color % RUN_COLORS for other in others][1 - RUN_COLORS :]
    free = identity.color % RUN_COLORS not in {*newest, *drawn}
    oldest = min(range(RUN_COLORS), key=lambda place: (place in drawn, given.get(place, -1)))
    name = _free_name(identity.name, {other.name for other in others})
    return replace(identity, name=name, color=identity.color if free else oldest)


def _free_name(wanted: str, taken: Collection[str]) -> str:
    """The wanted name, with another number if another run has it: "GRU 64 (2)"."""
    number, name, plain = 1, wanted, NUMBER.sub("", wanted)
    while name in taken:
        number += 1
        name = f"{plain} ({number})"
    return name


def distinct_colors(runs: Sequence[ListedRun]) -> tuple[int, ...]:
    """A colour for each of at most six runs: its own, or a free one if a run before it has the same."""
    given: list[int] = []
    own = [run.identity.color % RUN_COLORS for run in runs]
    for color in own:
        free = [place for place in range(RUN_COLORS) if place not in given]
        unused = [place for place in free if place not in own] or free
        given.append(color if color in free else unused[0])
    return tuple(given)
