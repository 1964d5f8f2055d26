"""MIDI files that are broken: what was found and what was expected, and the other files of a folder are read."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

import engine
from engine.data.music.midi import midi_bytes, read_midi
from engine.data.music.notes import read_notes
from engine.errors import DataError

pytest.importorskip("mido")
WHOLE = midi_bytes(read_notes("C4:1/4 E4:1/4 G4:1/2 C5:1/4"))


def header(tracks: int = 1, ticks: int = 480, size: int = 6) -> bytes:
    return b"MThd" + struct.pack(">IHHH", size, 0, tracks, ticks)


BROKEN = {
    "no MIDI": (b"not a tune at all", "it begins with 'not a tune at'; expected 'MThd'"),
    "a sound": (b"RIFF\x24\0\0\0WAVEfmt ", r"begins with 'RIFF\$.*'; expected 'MThd'"),
    "empty": (b"", "it is empty; expected 'MThd'"),
    "cut in its header": (WHOLE[:9], "it has 9 bytes; expected a header of 14"),
    "cut in its notes": (WHOLE[:40], "it ends too early, or its lengths are wrong"),
    "no track": (header(3), "it ends too early, or its lengths are wrong"),
    "a track too long": (
        header() + b"MTrk\xff\xff\xff\xf0" + WHOLE[22:],
        "it ends too early, or its lengths are wrong",
    ),
    "no time": (header(ticks=0) + WHOLE[14:], "0 ticks to a quarter note; expected 1 or more"),
    "times of a film": (header(ticks=0xE250) + WHOLE[14:], "counts time in frames of a film; expected ticks"),
    "no notes": (header() + b"MTrk\0\0\0\4\0\xff\x2f\0", "has no notes"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_with_what_was_found_and_expected(case: str, tmp_path: Path) -> None:
    content, message = BROKEN[case]
    path = tmp_path / "one.mid"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read_midi(path)
    assert str(path) in str(caught.value)
    assert "()" not in str(caught.value)


def test_a_broken_file_in_a_folder_is_left_out_and_named(tmp_path: Path) -> None:
    for k in range(5):
        (tmp_path / f"{k}.mid").write_bytes(midi_bytes(read_notes(f"C4:1/4 E4:1/4 G{k}:1/2")))
    (tmp_path / "bad.mid").write_bytes(WHOLE[:40])
    dataset = engine.load_dataset(tmp_path)
    assert len(dataset.train) + len(dataset.validation) == 5
    assert (dataset.report.rows_read, dataset.report.rows, dataset.report.skipped) == (6, 5, 1)
    (finding,) = (finding for finding in dataset.report.findings if "left out" in finding)
    assert finding.startswith(f"1 of 6 rows was left out; first: {tmp_path / 'bad.mid'}: This MIDI file cannot be read")
    for k in range(5):
        (tmp_path / f"{k}.mid").write_bytes(b"")
    with pytest.raises(DataError, match=r"0\.mid: This MIDI file cannot be read: it is empty"):
        engine.load_dataset(tmp_path)
