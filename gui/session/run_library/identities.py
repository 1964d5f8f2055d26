"""Chooses the name and colour of a new run, so that it can be told from the others."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

import engine
from engine.data.samples import Sample
from engine.models import model_class
from engine.name_list import ends_of_paths
from engine.training import defaults
from gui.session.run_library.listed_run import Identity, ListedRun, RunSettings
from gui.session.run_library.run_data import AbsentData
from gui.session.run_library.run_names import SEPARATOR, short_name, usual_name
from gui.theme import RUN_COLORS

NUMBER = re.compile(r" \(\d+\)$")
MOST_NAMED = 2  # settings in which a run differs from what is proposed, or from another of the same usual name


def as_proposed(settings: RunSettings, dataset: engine.Dataset | None, sample: Sample | None) -> RunSettings | None:
    """What is proposed for such a network on these data: settings that are not part of its usual name are as if the
    user had not changed any. None if the data are missing."""
    if dataset is None or isinstance(dataset, AbsentData):
        return None
    model, training = defaults.settings_for(dataset, sample, {}, {})
    own = settings.model
    named = {name: getattr(own, name) for name in ("architecture", "cell", "hidden_size", "num_layers")}
    model = defaults.fitting(replace(model, **named))
    return replace(settings, model=model, training=defaults.fitting_training(training, model, dataset))


def telling_name(settings: RunSettings, others: Sequence[RunSettings], proposed: RunSettings | None = None) -> str:
    """The usual name, followed by the settings that differ from the proposed ones, and by how its data are read unlike
    those of the oldest of the others that have the same usual name. What tells it from all of these is named first.
    Settings that may change during training are left out, since a name stays.

    others: oldest first. proposed: None if the data are missing; then that run takes its place.
    """
    name = usual_name(settings)
    alike = [other for other in others if usual_name(other) == name]
    first = next(iter(alike), settings)
    usual = first if proposed is None else replace(proposed, data=first.data)
    differing = _lasting_differences(settings, usual)
    known = {difference for other in alike for difference in _lasting_differences(other, usual)}
    shown = sorted(differing, key=known.__contains__)[:MOST_NAMED]
    return SEPARATOR.join([name, *sorted(shown, key=differing.index)])


def name_beside(run: ListedRun, beside: Sequence[ListedRun], now: ListedRun | None) -> str:
    """The short name of a run whose curve is drawn beside that of the current one, which is not named there. If both
    are called alike but for settings, those that tell this one from it follow."""
    name, usual = short_name(run, beside), usual_name(run.settings)
    if now is None or run.name != usual or usual_name(now.settings) != usual:
        return name
    return SEPARATOR.join([name, *_lasting_differences(run.settings, now.settings)[:MOST_NAMED]])


def _lasting_differences(one: RunSettings, other: RunSettings) -> list[str]:
    """ "dropout 0.3": each setting that a run uses and that differs from that of another, unless it may change while it
    trains. A file has no more of its path than tells it from the other: all of it would push out shape and cell."""
    parts = (one.model, other.model), (one.training, other.training), (one.data.config, other.data.config)
    unused = {} if one.kind is None else model_class(one.model.architecture, one.kind).unused
    found = []
    for own, others in parts:
        idle = own.idle()
        for name, option in own.options().items():
            values = getattr(own, name), getattr(others, name)
            if values[0] != values[1] and not (option.live or name in idle or name in unused):
                value = ends_of_paths(values)[0] if option.is_file else values[0]
                found.append(f"{option.label[:1].lower()}{option.label[1:]} {option.in_a_name(value)}")
    return found


def told_apart(identity: Identity, others: Sequence[Identity], beside: Collection[str] = ()) -> Identity:
    """The identity with a name that none of the others has. If one of the newest has its colour, or one whose curve is
    drawn beside it, it gets one that no run has, or else the one that was given longest ago.

    others: oldest first. beside: the ids of those that are drawn without having been asked for.
    """
    given = {other.color % RUN_COLORS: at for at, other in enumerate(others)}  # the place of its newest run
    drawn = {other.color % RUN_COLORS for other in others if other.shown or other.id in beside}
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


def parted_colors(now: Identity, drawn: Sequence[Identity], others: Sequence[Identity]) -> dict[str, int]:
    """Other colours, by id, for runs whose curve is drawn beside the current one, or an older one, in the same colour;
    as far as there are colours. Preferred are those that no run has, then those that were given longest ago. All other
    runs keep theirs, as in pictures that were saved of them.

    drawn: oldest first. others: all but the current run, the drawn ones among them, oldest first.
    """
    given = {other.color % RUN_COLORS: at for at, other in enumerate(others)}  # the place of its newest run
    seen, taken = {now.color % RUN_COLORS}, {one.color % RUN_COLORS for one in (now, *drawn)}
    changed: dict[str, int] = {}
    for one in drawn:
        color, free = one.color % RUN_COLORS, [place for place in range(RUN_COLORS) if place not in taken]
        if color in seen and free:
            changed[one.id] = color = min(free, key=lambda place: given.get(place, -1))
        seen.add(color)
        taken.add(color)
    return changed


def distinct_colors(runs: Sequence[ListedRun]) -> tuple[int, ...]:
    """A colour for each of at most six runs: its own, or a free one if a run before it has the same."""
    given: list[int] = []
    own = [run.identity.color % RUN_COLORS for run in runs]
    for color in own:
        free = [place for place in range(RUN_COLORS) if place not in given]
        unused = [place for place in free if place not in own] or free
        given.append(color if color in free else unused[0])
    return tuple(given)
