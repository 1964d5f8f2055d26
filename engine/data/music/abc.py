"""ABC notation: one tune as text → notes. Source: the ABC standard 2.1, of which it reads what melodies need.

Networks write such text and make mistakes in it, so anything unintelligible is skipped; only a text without any note is
an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from engine.data.music.notes import HIGHEST, LONGEST, LOWEST, Note
from engine.errors import DataError

FREE: Final = "free"  # the metre of a tune without one
_SHARPS: Final = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
_MODES: Final = {"ion": 0, "maj": 0, "mix": -1, "dor": -2, "min": -3, "m": -3, "aeo": -3, "phr": -4, "loc": -5,
                 "lyd": 1}  # fmt: skip
_MODE_NAMES: Final = {"ion": "major", "maj": "major", "mix": "mixolydian", "dor": "dorian", "min": "minor",
                      "m": "minor", "aeo": "minor", "phr": "phrygian", "loc": "locrian", "lyd": "lydian"}  # fmt: skip
_KEY: Final = re.compile(r"\s*([A-G])([#b]?)\s*([A-Za-z]{0,3})")
_ORDER_OF_SHARPS: Final = "FCGDAEB"
_SEMITONES: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS: Final = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}
_TUPLETS: Final = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}  # n notes in the time of m: n → m
_FIELD: Final = re.compile(r"\[?([A-Za-z]):([^\]\n]*)\]?")
_SIGN: Final = re.compile(  # the bounds keep it from looking for the end of what was never closed over and over
    r"(?P<skip>\"[^\"\n]{0,200}\"|![^!\n]{0,200}!|\{[^}\n]{0,200}\}|%[^\n]*)"
    r"|(?P<inline>\[[A-Za-z]:[^\]\n]{0,200}\])"
    r"|(?P<bar>:{0,8}\|+\]?:{0,8}\d?|\[\||::|\[\d)"
    r"|\((?P<tuplet>\d)"
    r"|(?P<chord>\[[^\]|\n]{0,200}\])?"
    r"(?(chord)|(?P<accidental>\^\^|\^|__|_|=)?(?P<letter>[A-Ga-gzxZ])(?P<octave>[,']*))"
    r"(?P<length>\d{0,3}(?:/{1,8}\d{0,3})?)(?P<broken>[<>]?)"
    r"|(?P<tie>-)"
)
_NOTE: Final = re.compile(r"(\^\^|\^|__|_|=)?([A-Ga-g])([,']*)(\d{0,3}(?:/{1,8}\d{0,3})?)")
_ENDS_OF_PARTS: Final = ("||", "|]", "[|")
_BARS: Final = re.compile(r"[|:\]\[]+")
_MARKS: Final = re.compile(r"[\s()~.]")  # slurs and how notes are played
_STRANGE: Final = 0.1  # of the characters
_NOTES_A_BAR: Final = 2  # on average
_MOST_REPEATS: Final = 64
_MOST_CHARACTERS: Final = 20_000  # of one tune; several pages of it


def key_signature(key: str) -> dict[str, int]:
    """Letter → +1 or -1 of the notes that a key alters: "D", "Em", "A dorian", "Bb major". {} where none is named."""
    match = _KEY.match(key)
    if match is None:
        return {}
    mode = match[3].lower()
    count = _SHARPS[match[1]] + 7 * {"#": 1, "b": -1, "": 0}[match[2]] + _MODES.get(mode, 0)
    count = max(-7, min(7, count))
    altered = _ORDER_OF_SHARPS[:count] if count >= 0 else _ORDER_OF_SHARPS[::-1][:-count]
    return dict.fromkeys(altered, 1 if count > 0 else -1)


def key_name(key: str) -> str:
    """The key in words: "Em" → "E minor", "Bbmaj" → "Bb major"; "" where none is named."""
    match = _KEY.match(key)
    return f"{match[1]}{match[2]} {_MODE_NAMES.get(match[3].lower(), 'major')}" if match else ""


def has_notes(text: str) -> bool:
    """Whether anything in ABC notation sounds."""
    return any(match["chord"] or (match["letter"] or "z") not in "zxZ" for match in _SIGN.finditer(text))


def is_music(line: str) -> bool:
    """Whether a line is nothing but notes in bars, the last of which is closed, and several in each: a tune rather
    than a row of letters between bars."""
    if not line.rstrip().endswith(("|", "|]")) or _no_notation(line):
        return False
    notes = sum(bool(match["letter"] or match["chord"]) for match in _SIGN.finditer(line))
    return notes >= _NOTES_A_BAR * len([bar for bar in _BARS.split(line) if bar.strip()]) > 0


def is_notation(text: str) -> bool:
    """Whether a text is mostly notes, and in bars."""
    full = "".join(text.split())
    return "|" in text and len(_no_notation(text)) <= _STRANGE * len(full) and has_notes(text)


def _no_notation(text: str) -> str:
    """What is left of a text without notes, bars and their marks."""
    return _MARKS.sub("", _SIGN.sub("", text))


@dataclass
class _AbcState:
    """The state of reading: the values of the fields, and settings for the following notes."""

    unit: Fraction
    signature: dict[str, int]
    in_bar: dict[str, int] = field(default_factory=dict)  # letter and octave → accidental until the bar's end
    broken: Fraction = Fraction(1)  # factor of the next note
    tuplet: Fraction = Fraction(1)
    left_in_tuplet: int = 0
    tied: bool = False

    def pitch(self, accidental: str | None, letter: str, octave: str) -> int:
        height = (1 if letter.islower() else 0) + octave.count("'") - octave.count(",")
        place = letter.upper() + str(height)
        if accidental:
            self.in_bar[place] = _ACCIDENTALS[accidental]
        altered = self.in_bar.get(place, self.signature.get(letter.upper(), 0))
        return max(LOWEST, min(HIGHEST, 60 + _SEMITONES[letter.upper()] + 12 * height + altered))


def read_abc(text: str, metre: str = "4/4", key: str = "C") -> list[Note]:
    """The notes of one tune, repeats played twice. metre, key: if the text does not say. DataError if it has none."""
    if len(text) > _MOST_CHARACTERS:
        raise DataError(f"The text has {len(text):,} characters; expected one tune, of at most {_MOST_CHARACTERS:,}.")
    unit = ""
    body = []
    for line in text.splitlines():
        match = _FIELD.fullmatch(line.strip())
        if match is None:
            body.append(line)
        elif match[1] == "M":
            metre = match[2]
        elif match[1] == "L":
            unit = match[2]
        elif match[1] == "K" and not "".join(body).strip():
            key = match[2]
        elif match[1] == "K":
            body.append(f"[K:{match[2]}]")
    notes = _played(list(_signs("\n".join(body), _AbcState(unit_length(unit, metre), key_signature(key)))))
    if not any(note.pitch is not None for note in notes):
        raise DataError("There is no note in this text; expected a tune in ABC notation, such as K:G GABc d2 d2|.")
    return notes


def unit_length(given: str, metre: str) -> Fraction:
    """Length of a note with no number after it: as given, or as the metre suggests."""
    numbers = re.fullmatch(r"\s*(\d{1,3})/(\d{1,3})\s*", given) or re.fullmatch(r"\s*(\d{1,3})/(\d{1,3})\s*", metre)
    fraction = Fraction(int(numbers[1]), int(numbers[2])) if numbers and int(numbers[1]) and int(numbers[2]) else None
    if given and fraction:
        return fraction
    return Fraction(1, 16) if fraction and fraction < Fraction(3, 4) else Fraction(1, 8)


def _length(text: str) -> Fraction:
    """"" → 1, "3" → 3, "3/2" → 3/2, "/" → 1/2, "//" → 1/4."""  # fmt: skip
    over, _, under = text.partition("/")
    slashes = 1 + under.count("/") if "/" in text else 0
    digits = under.replace("/", "")
    divisor = int(digits or 0) or 2**slashes
    return Fraction(int(over or 0) or 1, divisor)


def _signs(text: str, now: _AbcState) -> Iterator[Note | str]:
    """Notes and bar lines, in the order of the text."""
    waiting: Note | None = None  # it may still grow by a tie or a dot
    for match in _SIGN.finditer(text):
        if match["bar"]:
            now.in_bar.clear()
            if waiting and not now.tied:
                yield waiting
                waiting = None
            if not now.tied or ":" in match["bar"]:
                yield match["bar"]
        elif match["inline"]:
            _set(now, match["inline"])
        elif match["tuplet"]:
            size = int(match["tuplet"])
            if size in _TUPLETS:
                now.tuplet, now.left_in_tuplet = Fraction(_TUPLETS[size], size), size
        elif match["tie"]:
            now.tied = waiting is not None
        elif match["letter"] or match["chord"]:
            note = _note(match, now)
            if now.tied and waiting and waiting.pitch == note.pitch:
                note = Note(note.pitch, min(waiting.length + note.length, LONGEST))
            elif waiting:
                yield waiting
            now.tied, waiting = False, note
    if waiting:
        yield waiting


def _set(now: _AbcState, inline: str) -> None:
    name, value = inline[1], inline[3:-1]
    if name == "K":
        now.signature = key_signature(value)
    elif name == "L":
        now.unit = unit_length(value, "")


def _note(match: re.Match[str], now: _AbcState) -> Note:
    length = _length(match["length"]) * now.unit * now.broken
    now.broken = Fraction(1)
    if match["broken"]:
        longer = match["broken"] == ">"
        length *= Fraction(3, 2) if longer else Fraction(1, 2)
        now.broken = Fraction(1, 2) if longer else Fraction(3, 2)
    if now.left_in_tuplet:
        length *= now.tuplet
        now.left_in_tuplet -= 1
    if match["chord"]:  # its highest note is the melody
        inside = _NOTE.findall(match["chord"])
        pitches = [now.pitch(accidental, letter, octave) for accidental, letter, octave, _ in inside]
        length *= _length(inside[0][3]) if inside else 1
        return Note(max(pitches, default=None), min(length, LONGEST))
    if match["letter"] in "zxZ":
        return Note(None, min(length, LONGEST))
    return Note(now.pitch(match["accidental"], match["letter"], match["octave"]), min(length, LONGEST))


def _played(signs: list[Note | str]) -> list[Note]:
    """Repeated parts twice, with their first and second endings."""
    notes: list[Note] = []
    begin, first_ending, repeats = 0, -1, 0
    for sign in signs:
        if isinstance(sign, Note):
            notes.append(sign)
            continue
        if sign.startswith(":") and repeats < _MOST_REPEATS:
            end = len(notes) if first_ending < 0 else first_ending
            notes += notes[begin:end]
            repeats, begin, first_ending = repeats + 1, len(notes), -1
        elif sign.endswith("1"):
            first_ending = len(notes)
        if sign.endswith(":") or sign in _ENDS_OF_PARTS:
            begin, first_ending = len(notes), -1
    return notes
