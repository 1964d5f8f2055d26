"""Melodies go to MIDI and back, and a file that is not MIDI is refused with a reason."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.data.music.midi import midi_bytes, read_midi
from engine.data.music.notes import Note, notes_to_text, read_notes
from engine.errors import DataError

mido = pytest.importorskip("mido")
TUNE = "D4:1/8 E4:1/8 F#4:1/4 R:1/8 A4:3/16 B4:1/16 R:1/8 C#5:1/12 D5:1/12 E5:1/12 D5:1/2 A3:1/4"


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "one.mid"
    path.write_bytes(midi_bytes(read_notes(TUNE)))
    assert notes_to_text(read_midi(path)) == TUNE
    assert mido.MidiFile(path).length == pytest.approx(2 * 4 * 60 / 112, abs=0.01)


def saved(path: Path, *tracks: list[tuple[int, int, int, int]], channel: int = 0) -> Path:
    """Tracks of (begin, end, pitch, velocity) in ticks of 480 to a quarter note."""
    file = mido.MidiFile(ticks_per_beat=480)
    for notes in tracks:
        events = [(begin, 1, pitch, velocity) for begin, _, pitch, velocity in notes]
        events += [(end, 0, pitch, 0) for _, end, pitch, _ in notes]
        track, now = mido.MidiTrack(), 0
        for time, on, pitch, velocity in sorted(events):
            kind = "note_on" if on else "note_off"
            track.append(mido.Message(kind, note=pitch, velocity=velocity, time=time - now, channel=channel))
            now = time
        file.tracks.append(track)
    file.save(path)
    return path


def test_the_melody_is_the_highest_line_played_a_little_unevenly(tmp_path: Path) -> None:
    melody = [(480 * i + (i % 3) * 9, 480 * i + 440, 72 + i % 5, 90) for i in range(12)]
    chords = [(960 * i, 960 * i + 900, pitch, 60) for i in range(6) for pitch in (48, 52, 55)]
    path = saved(tmp_path / "one.mid", [], chords, melody)
    assert notes_to_text(read_midi(path)).split()[:3] == ["C5:1/4", "C#5:1/4", "D5:1/4"]
    merged = saved(tmp_path / "two.mid", chords + melody)
    assert [note.pitch for note in read_midi(merged)] == [72 + i % 5 for i in range(12)]


def test_drums_are_no_melody(tmp_path: Path) -> None:
    path = saved(tmp_path / "one.mid", [(0, 240, 38, 90)], channel=9)
    with pytest.raises(DataError, match="no notes"):
        read_midi(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MThd",
        b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk\x00\x00\xff",
        b"hello" * 9,
        b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0MTrk\0\0\0\x06\0\xff\x59\x02\x63\x05",  # a key of 99 sharps
    ],
)
def test_what_is_no_midi_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "one.mid"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"one\.mid: This MIDI file cannot be read"):
        read_midi(path)


def test_without_mido_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mido", None)
    with pytest.raises(DataError, match=r"one\.mid: Reading MIDI files needs the package mido.*pip install mido"):
        read_midi(tmp_path / "one.mid")


@pytest.mark.parametrize(
    "symbol", ["H4:1/4", "C4", "C4:1/0", "C4:0", "E#4:1/4", "C4:99", "C99:1/4", "G#9:1/4", "c4:1/4"]
)
def test_symbols_that_are_no_notes_are_named(symbol: str) -> None:
    with pytest.raises(DataError, match=r"Symbol 2 is '"):
        read_notes(f"C4:1/4 {symbol}")


def test_the_lowest_and_the_highest_note_have_symbols() -> None:
    notes = [Note(pitch, read_notes("R:1/4")[0].length) for pitch in (0, 60, 127)]
    assert read_notes(notes_to_text(notes)) == notes
    assert notes_to_text(notes) == "C-1:1/4 C4:1/4 G9:1/4"
