"""Chooses the name and colour of a new run, so that it can be told from the others."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gui.session.run_library.listed_run import ListedRun, RunSettings, usual_name
from gui.theme import RUN_SERIES


def free_name(settings: RunSettings, taken: Collection[str], wanted: str = "") -> str:
    """The wanted name, or the usual one; with a number if another run has it."""
    usual = wanted or usual_name(settings.model, settings.data.name)
    number, name = 1, usual
    while name in taken:
        number += 1
        name = f"{usual} ({number})"
    return name


def free_color(used: Sequence[int]) -> int:
    """The index of a colour that the newest runs do not have. used: the colours of all runs, oldest first."""
    newest = used[1 - len(RUN_SERIES) :]
    return min(range(len(RUN_SERIES)), key=newest.count)


def distinct_colors(runs: Sequence[ListedRun]) -> tuple[int, ...]:
    """A colour for each of at most six runs: its own, or a free one if a run before it has the same."""
    given: list[int] = []
    own = [run.identity.color % len(RUN_SERIES) for run in runs]
    for color in own:
        free = [place for place in range(len(RUN_SERIES)) if place not in given]
        unused = [place for place in free if place not in own] or free
        given.append(color if color in free else unused[0])
    return tuple(given)
