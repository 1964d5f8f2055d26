"""What runs are called: by their data, shape, cell and size, and briefly where there is little room."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import engine
from engine.data.codec import Kind
from engine.models import model_class
from gui.session.run_library.listed_run import ListedRun, RunSettings

SEPARATOR = " · "  # between the parts of a name
LEAST_HEAD = 4  # letters of the first part of a name that is cut; fewer say nothing
MOST_VALUE = 14  # letters of a setting's value that stays in a cut name: no choice is longer, but files are
NUMBERED: Final = re.compile(r"\(\d+\)$")  # the end of a name that others have as well


def usual_name(settings: RunSettings) -> str:
    """ "names · one to many · LSTM 64": data, shape, cell, size."""
    return SEPARATOR.join((settings.data.name, *_shape_and_cell(settings)))


def short_name(run: ListedRun, beside: Sequence[ListedRun]) -> str:
    """The usual name of a run, without the data if all beside it have the same, and without the shape if all with the
    same data have the same; a name that the user gave it stays whole."""
    model, data, usual = run.settings.model, run.settings.data.name, usual_name(run.settings)
    if not run.name.startswith(usual):
        return run.name
    shape, cell = _shape_and_cell(run.settings)
    alike = [other for other in beside if other.settings.data.name == data]
    parts = [data] if len(alike) < len(beside) else []
    parts += [shape] if any(other.settings.model.architecture != model.architecture for other in alike) else []
    return SEPARATOR.join([*parts, f"{cell}{run.name.removeprefix(usual)}"])


@lru_cache(maxsize=256)  # rows are painted again and again
def cut_more_and_more(name: str) -> tuple[str, ...]:
    """A name, then with more and more of it left out: first the shape, then letters of further settings, then all of
    them but their values, long values such as files, letters of the data, all of the data, and all but the value of the
    last setting. Data tell most runs apart; cell, size and short values those on the same data. A name of one part
    stays whole."""
    parts = name.split(SEPARATOR)
    if len(parts) == 1:
        return (name,)
    at = next((at for at, part in enumerate(parts[:-1]) if part in _shapes()), -1)
    before, (cell, *settings) = parts[: max(at, 0)], parts[at + 1 :]
    data = SEPARATOR.join(before)
    heads = _heads(data) if before else []
    if not settings:
        words = cell.split(" ")
        ends = [" ".join(words[first:]) for first in range(len(words))]
        return (name, *(f"{head} {cell}" for head in heads), *(f"…{end}" for end in ends))
    ends = [SEPARATOR.join([cell, *each]) for each in _briefer_settings(settings)]
    told = [f"{cell} …{f' {values}' if values else ''}" for values in _told_values(settings)]
    last, number = _ends(settings[-1])[-1:], NUMBERED.findall(settings[-1])
    least = [*told[-1:], *(f"{cell} … {end}" for end in (*last, *number) if len(end) <= MOST_VALUE), f"{cell} …"]
    if before:
        cuts = [*(f"{data} … {end}" for end in ends), *(f"{data}{SEPARATOR}{each}" for each in told)]
        cuts += [f"{head} {told[-1]}" for head in heads[1:]]
        if not told[-1].endswith("…"):  # without spaces there may be room for the data beside the values
            cuts.append(f"{heads[-1].rstrip(' …')}…{told[-1].replace(' … ', '…')}")
    else:
        cuts = ends[1:] if at < 0 else [f"…{end}" for end in ends]
        cuts += told
    return tuple(dict.fromkeys([name, *cuts, *least]))


def _told_values(settings: Sequence[str]) -> list[str]:
    """The values of further settings, then without the long ones, of which only the number is left that follows a name
    that is taken."""
    values = [_ends(setting)[-1] if " " in setting else setting for setting in settings]
    short = [value if len(value) <= MOST_VALUE else "".join(NUMBERED.findall(value)) for value in values]
    return [SEPARATOR.join(filter(None, each)) for each in (values, short)]


def _heads(data: str) -> list[str]:
    """The name of data, then less and less of it."""
    begins = dict.fromkeys(data[:letters].rstrip(SEPARATOR) for letters in range(len(data) - 1, LEAST_HEAD - 1, -1))
    return [f"{data} …", *(f"{begin}…" for begin in begins if not begin[-1:].isdigit())]  # half a number is another


def _briefer_settings(settings: Sequence[str]) -> list[list[str]]:
    """Further settings in a name, then all of them more and more briefly."""
    each = [_briefer(setting) for setting in settings]
    return [[forms[min(at, len(forms) - 1)] for forms in each] for at in range(max(map(len, each), default=1))]


def _briefer(setting: str) -> list[str]:
    """ "both directions on", "both… on", "bo… on": letters of its first word, and its value, which ends it."""
    first = setting.partition(" ")[0]
    begins = dict.fromkeys(first[:letters] for letters in range(LEAST_HEAD, 1, -1))
    ends = _ends(setting)
    return [setting, *(f"{begin}… {end}" for end in ends for begin in begins if not begin[-1:].isdigit())]


def _ends(setting: str) -> list[str]:
    """Words that a setting ends with, fewer and fewer; its value stays, with the number after a name that is taken."""
    words = setting.split(" ")
    least = 2 if NUMBERED.match(words[-1]) else 1
    return [" ".join(words[at:]) for at in range(1, len(words) - least + 1)]


@lru_cache(maxsize=1)
def _shapes() -> frozenset[str]:
    """The shapes as they are written in names."""
    option = engine.ModelConfig.options()["architecture"]
    return frozenset(option.written(choice).lower() for choice in option.choices or ())


def _shape_and_cell(settings: RunSettings) -> tuple[str, str]:
    model = settings.model
    return _said(model.architecture, model.cell, model.num_layers, model.hidden_size, settings.kind)


@lru_cache(maxsize=256)  # the list of runs asks for each of them whenever one changes
def _said(architecture: str, cell: str, num_layers: int, hidden_size: int, kind: Kind | None) -> tuple[str, str]:
    """The words for a shape, and for a cell with its layers and size; those of a network without cells are its
    units."""
    options = engine.ModelConfig.options()
    shape = options["architecture"].written(architecture)
    if kind is not None and "cell" in model_class(architecture, kind).unused:
        return shape.lower(), f"{hidden_size} units"
    layers = f"{num_layers} × " if num_layers > 1 else ""
    return shape.lower(), f"{options['cell'].written(cell)} {layers}{hidden_size}"
