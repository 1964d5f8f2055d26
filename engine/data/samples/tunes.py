"""Tunes in the style of folk dances, in ABC notation, made by rules.

A tune has two parts of four bars, each played twice. Every group of notes starts on a note of the bar's chord and moves
on in steps; the third bar of each part repeats the first bar of the tune; the first part has an open ending, and the
second ends on the tonic.
"""

from __future__ import annotations

from random import Random
from typing import Final

COUNT: Final = 90  # tunes for each key and metre
KEYS: Final = {"C major": 0, "D major": 1, "G major": 4, "A major": 5, "E minor": 2, "A minor": 5}  # letters above C
NoteLengths = tuple[int, ...]  # lengths of notes in eighths
METRES: Final[dict[str, tuple[int, tuple[NoteLengths, ...], tuple[NoteLengths, ...]]]] = {
    # Groups of notes in a bar; what a group may be made of, the usual first; the groups of the last bar.
    "6/8": (2, ((1, 1, 1), (1, 1, 1), (2, 1), (2, 1), (3,)), ((1, 1, 1), (3,))),
    "4/4": (2, ((1, 1, 1, 1), (1, 1, 1, 1), (2, 1, 1), (1, 1, 2), (2, 2)), ((1, 1, 1, 1), (4,))),
    "3/4": (3, ((2,), (2,), (1, 1)), ((2,), (4,))),
}
_MAJOR: Final = ((0, 3, 0, 4), (0, 0, 3, 4), (0, 5, 3, 4))  # chords of four bars, as steps above the tonic
_MINOR: Final = ((0, 6, 0, 4), (0, 0, 6, 4), (0, 5, 6, 4))
_LETTERS: Final = "CDEFGAB"
_LOWEST, _HIGHEST = -3, 9  # steps from the tonic
MelodyBar = list[tuple[int, int]]  # step from the tonic, length


def tunes(seed: int = 0) -> list[tuple[str, str]]:
    """("|:GAB dBG|c2A …:|", "6/8 G major"), …; no tune twice."""
    random = Random(seed)
    rows: dict[str, str] = {}
    for _ in range(COUNT):
        for metre in METRES:
            for key in KEYS:
                while (tune := _tune(metre, key, random)) in rows:
                    pass
                rows[tune] = f"{metre} {key}"
    return list(rows.items())


def _tune(metre: str, key: str, random: Random) -> str:
    first, second = (random.choice(_MINOR if "minor" in key else _MAJOR) for _ in range(2))
    begin = random.choice((0, 2, 4))
    theme = _bar(metre, first[0], begin, random)
    open_part = [theme]
    for chord in first[1:]:
        open_part.append(_bar(metre, chord, open_part[-1][-1][0], random))
    open_part[2] = theme
    closed = [_bar(metre, second[1], random.choice((4, 7)), random)]
    closed.append(_bar(metre, second[2], closed[-1][-1][0], random))
    closed += [theme, _last_bar(metre, theme[-1][0], random)]
    tonic = KEYS[key]
    return f"|:{'|'.join(_abc(bar, metre, tonic) for bar in open_part)}" + (
        f"::{'|'.join(_abc(bar, metre, tonic) for bar in closed)}:|"
    )


def _near(chord: int, step: int, random: Random) -> int:
    """A note of the chord close to a step."""
    notes = [n for n in range(_LOWEST, _HIGHEST + 1) if (n - chord) % 7 in (0, 2, 4)]
    notes.sort(key=lambda note: abs(note - step))
    return random.choice(notes[:3])


def _group(lengths: NoteLengths, chord: int, step: int, random: Random) -> MelodyBar:
    """A group of notes that starts on a note of the chord and moves on in steps."""
    at, direction = _near(chord, step, random), random.choice((-1, 1))
    notes = [(at, lengths[0])]
    for length in lengths[1:]:
        if not _LOWEST <= at + direction <= _HIGHEST:
            direction = -direction
        at += direction * random.choice((1, 1, 2))
        at = max(_LOWEST, min(_HIGHEST, at))
        notes.append((at, length))
    return notes


def _bar(metre: str, chord: int, step: int, random: Random) -> MelodyBar:
    groups, rhythms, _ = METRES[metre]
    bar: MelodyBar = []
    for _ in range(groups):
        bar += _group(random.choice(rhythms), chord, bar[-1][0] if bar else step, random)
    return bar


def _last_bar(metre: str, step: int, random: Random) -> MelodyBar:
    """A last bar: the dominant, then a long tonic."""
    before, last = METRES[metre][2]
    bar = _group(before, 4, step, random)
    return [*bar, (0 if bar[-1][0] < 4 else 7, last[0])]


def _abc(bar: MelodyBar, metre: str, tonic: int) -> str:
    """A bar in ABC notation, with a space after each group of notes."""
    size = 3 if metre == "6/8" else 4 if metre == "4/4" else 2
    text, at = "", 0
    for step, length in bar:
        if at and at % size == 0:
            text += " "
        octave, letter = divmod(step + tonic, 7)
        name = _LETTERS[letter]
        name = name + "," * -octave if octave <= 0 else name.lower() + "'" * (octave - 1)
        text += name + (str(length) if length > 1 else "")
        at += length
    return text
