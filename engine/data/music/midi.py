"""MIDI files: the melody of one as notes, with the package mido, and notes as a file."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from engine.data.music.notes import Note
from engine.errors import DataError

_MOST_BYTES: Final = 4_000_000
_GRID: Final = 48  # to a whole note; sixteenths are multiples of 3, triplets of eighths multiples of 4
_ON_GRID: Final = tuple(i for i in range(_GRID + 1) if i % 3 == 0 or i % 4 == 0)
_LONGEST_REST: Final = Fraction(1)
_DRUMS: Final = 9  # the channel that has no pitch
_DAMAGE: Final = (OSError, EOFError, ValueError, LookupError, TypeError, ZeroDivisionError, struct.error)
_TICKS: Final = 480  # to a quarter note, in files that are written
_HEADER: Final = ">4sIHHH"
_START: Final = b"MThd"
_QUOTED: Final = 13  # bytes of a file that is something else
_FILM: Final = 0x8000  # the bit that says that time is counted in frames of a film


def read_midi(path: Path) -> list[Note]:
    """The melody of a MIDI file: of the track that has most of the highest notes, the highest at each moment.

    Times are rounded to sixteenths and to triplets of eighths. DataError if it cannot be read or has no notes.
    """
    try:
        import mido
    except ImportError:
        raise DataError(
            'Reading MIDI files needs the package mido. Install it with "pip install mido".', path=path
        ) from None
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise DataError(f"The MIDI file has {size:,} bytes; expected at most {_MOST_BYTES:,}.", path=path)
        _check_header(path)
        file = mido.MidiFile(str(path), clip=True)
        tracks = [_sounding(track, 4 * file.ticks_per_beat) for track in file.tracks]
    except (*_DAMAGE, mido.KeySignatureError) as error:
        why = str(error) or "it ends too early, or its lengths are wrong"
        raise DataError(f"This MIDI file cannot be read: {why}.", path=path) from None
    melody = _melody(max(tracks, key=_prominence, default=[]))
    if not melody:
        raise DataError("The MIDI file has no notes; expected a track with some, apart from drums.", path=path)
    return melody


def _check_header(path: Path) -> None:
    """DataError unless a file begins as MIDI files do and says how it counts time."""
    size = struct.calcsize(_HEADER)
    with path.open("rb") as file:
        start = file.read(size)
    found = ""
    if not start:
        found = f"it is empty; expected {_START.decode()!r} at its beginning"
    elif not start.startswith(_START[: len(start)]):
        found = f"it begins with {start[:_QUOTED].decode('latin-1')!r}; expected {_START.decode()!r}"
    elif len(start) < size:
        found = f"it has {len(start)} bytes; expected a header of {size}"
    else:
        ticks = struct.unpack(_HEADER, start)[-1]
        if not ticks:
            found = "it has 0 ticks to a quarter note; expected 1 or more"
        elif ticks & _FILM:
            found = "it counts time in frames of a film; expected ticks to a quarter note"
    if found:
        raise DataError(f"This MIDI file cannot be read: {found}.", path=path)


Sounding = tuple[Fraction, Fraction, int]  # begin and end in whole notes, pitch


def _sounding(track: Iterable[Any], ticks: int) -> list[Sounding]:
    """What sounds in a track, in the order of beginning. ticks: of a whole note."""
    now, on, found = 0, dict[tuple[int, int], int](), list[Sounding]()
    for message in track:
        now += message.time
        if message.type not in ("note_on", "note_off") or message.channel == _DRUMS:
            continue
        place = (message.channel, message.note)
        begin = on.pop(place, None)
        if begin is not None:
            found.append((_rounded(Fraction(begin, ticks)), _rounded(Fraction(now, ticks)), message.note))
        if message.type == "note_on" and message.velocity:
            on[place] = now
    return sorted(note for note in found if note[1] > note[0])


def _rounded(time: Fraction) -> Fraction:
    whole, rest = divmod(time * _GRID, _GRID)
    return Fraction(whole * _GRID + min(_ON_GRID, key=lambda i: abs(i - rest))) / _GRID


def _prominence(notes: Sequence[Sounding]) -> tuple[int, Fraction]:
    """Sort key: a melody has many onsets, and lies above its accompaniment."""
    moments = len({begin for begin, _, _ in notes})
    height = Fraction(sum(pitch for _, _, pitch in notes), max(1, len(notes)))
    return (0 if moments < 8 else 1, height) if moments else (-1, height)


def _melody(notes: Sequence[Sounding]) -> list[Note]:
    """The highest note at each onset, held until the next one at most, with the rests in between."""
    highest: dict[Fraction, Sounding] = {}
    for note in notes:
        if note[0] not in highest or note[2] > highest[note[0]][2]:
            highest[note[0]] = note
    line = sorted(highest.values())
    melody = []
    for i, (begin, end, pitch) in enumerate(line):
        following = line[i + 1][0] if i + 1 < len(line) else end
        melody.append(Note(pitch, min(end, following) - begin))
        if following > end:
            melody.append(Note(None, min(following - end, _LONGEST_REST)))
    return melody


def midi_bytes(notes: Sequence[Note], tempo: float = 112) -> bytes:
    """A MIDI file of one track. tempo: quarter notes in a minute."""
    events, waited = bytearray(b"\x00\xff\x51\x03" + round(60e6 / tempo).to_bytes(3, "big")), 0
    for note in notes:
        ticks = round(note.length * 4 * _TICKS)
        if note.pitch is None:
            waited += ticks
            continue
        events += _variable(waited) + bytes((0x90, note.pitch, 80)) + _variable(ticks) + bytes((0x80, note.pitch, 0))
        waited = 0
    events += _variable(waited) + b"\xff\x2f\x00"
    header = struct.pack(_HEADER, _START, 6, 0, 1, _TICKS)
    return header + struct.pack(">4sI", b"MTrk", len(events)) + bytes(events)


def _variable(number: int) -> bytes:
    """A number of seven bits a byte, the highest first; all bytes but the last have their top bit set."""
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(number & 0x7F | 0x80)
    return bytes(reversed(out))
