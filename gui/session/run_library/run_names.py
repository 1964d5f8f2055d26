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
LEAST_HEAD = 4  # letters of the first part of a name that is cut
FEWEST_LETTERS = 2  # of the same where otherwise none would be left
MOST_VALUE = 14  # letters of a setting's value that stays in a cut name: no choice is longer, but files are
NUMBERED: Final = re.compile(r" \(\d+\)$")  # the end of a name that others have as well


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
def cut_more_and_more(name: str, beside: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A name, then with more and more of it left out: first the shape, then the further settings, the last one first,
    each with fewer letters of what it is called and then as a whole, since its value alone says nothing. Settings that
    tell it from names beside it that begin alike stay: with fewer letters of what they are called, then of the data,
    then with their values alone. Last the data are left out, after all but two letters of them. Cell and size stay, and
    so does the number after a name that is taken, except where nothing else is left to leave out. A name of one part
    stays whole."""
    parts = name.split(SEPARATOR)
    if len(parts) == 1:
        return (name,)
    at = next((at for at, part in enumerate(parts[:-1]) if part in _shapes()), -1)
    cell_at = at + 1 if at >= 0 else next((at for at, part in enumerate(parts) if _is_cell(part)), 0)
    before, (cell, *settings) = parts[: cell_at if at < 0 else at], parts[cell_at:]
    data = SEPARATOR.join(before)
    heads = _heads(data) if before else []
    if not settings:
        words = cell.split(" ")
        ends = [" ".join(words[first:]) for first in range(len(words))]
        begins = [f"{head} " for head in heads] + [f"{begin}…" for begin in _begins(data)]
        return (name, *(f"{begin}{cell}" for begin in begins), *(f"…{end}" for end in ends))
    last, number = _apart(settings[-1])
    settings[-1] = last
    telling = _telling(parts[: cell_at + 1], settings, beside)
    kept = _fewer_settings(settings, telling)
    brief = _briefer_settings(settings, telling) if telling else []
    values = _values_alone(settings, telling)
    none = [""] * len(settings)

    def after(begin: str, shown: list[str]) -> str:
        return f"{begin}{_joined(cell, shown, shown in values)}{number}"

    def tight(shown: list[str]) -> list[str]:
        """Without spaces around what is left out there may be room for the data, beside a setting for some letters."""
        begins = _begins(data)
        return [f"{begin}…{after('', shown).replace(' … ', '…')}" for begin in begins[: 1 if any(shown) else None]]

    if not before:
        cuts = [after("…" if at == 0 else "", shown) for shown in (*kept, *brief)]
    else:
        cuts = [after(f"{data} … " if all(shown) else f"{data}{SEPARATOR}", shown) for shown in (*kept, *brief)]
        cuts += [after(f"{heads[-1]} ", shown) for shown in (kept[-1], *brief) if any(shown)]
        cuts += tight(brief[-1]) if brief else []
    for shown in (*values, none):
        if before:
            cuts += [after(begin, shown) for begin in (f"{data}{SEPARATOR}", *(f"{head} " for head in heads[1:]))]
            cuts += tight(shown)
        cuts.append(after("", shown))
    return tuple(dict.fromkeys([name, *cuts, f"{cell} …"]))


def _apart(setting: str) -> tuple[str, str]:
    """ "dropout 0.3 (2)" as the setting and " (2)", the end of a name that is taken."""
    found = NUMBERED.search(setting)
    return (setting, "") if found is None else (setting[: found.start()], found.group())


def _telling(begin: list[str], settings: Sequence[str], beside: Sequence[str]) -> set[int]:
    """Places of the settings, as few as there can be, that tell a name from those that begin alike."""
    others = [_apart(other)[0].split(SEPARATOR) for other in beside]
    alike = [set(other[len(begin) :]) for other in others if other[: len(begin)] == begin]
    alike = [other for other in alike if not other.issuperset(settings)]
    telling: set[int] = set()
    while alike:
        chosen = max(range(len(settings)), key=lambda at: sum(settings[at] not in other for other in alike))
        telling.add(chosen)
        alike = [other for other in alike if settings[chosen] in other]
    return telling


def _joined(cell: str, settings: Sequence[str], gap: bool = False) -> str:
    """A cell and settings, with "…" for those that are empty. gap: whether it is also before the first."""
    text = cell
    for setting in settings:
        if setting:
            text += f"{' … ' if gap else SEPARATOR}{setting}"
        gap = not setting
    return f"{text} …" if gap else text


def _fewer_settings(settings: Sequence[str], telling: set[int]) -> list[list[str]]:
    """Settings in a name, then fewer and fewer of them, down to those that tell it from others; each is written briefly
    before it is left out."""
    shown = [list(settings)]
    for at in reversed(range(len(settings))):
        if at not in telling:
            shown += [[*shown[-1][:at], form, *shown[-1][at + 1 :]] for form in (*_with_brief_label(settings[at]), "")]
    return shown


def _with_brief_label(setting: str) -> list[str]:
    """ "read from max over time" as "read… max over time"; [] if that is no shorter, or the value is a long one."""
    label = next((label for label in _labels() if setting.startswith(f"{label} ")), "")
    value = setting.removeprefix(f"{label} ")
    if len(label) <= LEAST_HEAD + 1 or len(value) > MOST_VALUE:
        return []
    return [f"{label[:LEAST_HEAD].rstrip()}… {value}"]


def _heads(data: str) -> list[str]:
    """The name of data, then less and less of it."""
    begins = dict.fromkeys(data[:letters].rstrip(SEPARATOR) for letters in range(len(data) - 1, LEAST_HEAD - 1, -1))
    return [f"{data} …", *(f"{begin}…" for begin in begins if not begin[-1:].isdigit())]  # half a number is another


def _begins(data: str) -> list[str]:
    """The first letters of the name of data, then fewer, without what would stand between them and the cell."""
    begins = dict.fromkeys(data[:letters].rstrip(SEPARATOR) for letters in range(LEAST_HEAD, FEWEST_LETTERS - 1, -1))
    return [begin for begin in begins if begin == data or not begin[-1:].isdigit()]


def _briefer_settings(settings: Sequence[str], telling: set[int]) -> list[list[str]]:
    """The settings that tell a name from others, all of them more and more briefly."""
    each = [_briefer(setting) if at in telling else [""] for at, setting in enumerate(settings)]
    return [[forms[min(at, len(forms) - 1)] for forms in each] for at in range(max(map(len, each)))]


def _briefer(setting: str) -> list[str]:
    """ "both directions on", "both… on", "bo… on": letters of its first word, and its value, which ends it."""
    words = setting.split(" ")
    begins = dict.fromkeys(words[0][:letters] for letters in range(LEAST_HEAD, 1, -1))
    ends = [" ".join(words[at:]) for at in range(1, len(words))]
    return [setting, *(f"{begin}… {end}" for end in ends for begin in begins if not begin[-1:].isdigit())]


def _values_alone(settings: Sequence[str], telling: set[int]) -> list[list[str]]:
    """The values of the settings that tell a name from others, then only that of the last of these; not long ones."""
    values = [setting.split(" ")[-1] if at in telling else "" for at, setting in enumerate(settings)]
    short = [value if len(value) <= MOST_VALUE else "" for value in values]
    last = max((at for at, value in enumerate(short) if value), default=-1)
    shown = [short, [value if at == last else "" for at, value in enumerate(short)]]
    return [each for each in shown if any(each)]


@lru_cache(maxsize=1)
def _labels() -> tuple[str, ...]:
    """What settings are called in names, the longest first."""
    configs = engine.ModelConfig, engine.TrainingConfig, engine.DataConfig
    labels = (option.label for config in configs for option in config.options().values())
    return tuple(sorted((f"{label[:1].lower()}{label[1:]}" for label in labels), key=len, reverse=True))


@lru_cache(maxsize=1)
def _shapes() -> frozenset[str]:
    """The shapes as they are written in names."""
    option = engine.ModelConfig.options()["architecture"]
    return frozenset(option.written(choice).lower() for choice in option.choices or ())


def _is_cell(part: str) -> bool:
    """Whether a part of a name is a cell with its size: "LSTM 64", "LSTM 64 (2)"."""
    option = engine.ModelConfig.options()["cell"]
    sized = _apart(part)[0][-1:].isdigit()
    return sized and any(part.startswith(f"{option.written(cell)} ") for cell in option.choices or ())


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
