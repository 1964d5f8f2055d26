"""A folder of MIDI files is a data set of melodies."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.data.examples_file import load_examples
from engine.data.music.midi import midi_bytes
from engine.data.music.notes import read_notes

pytest.importorskip("mido")


def put(folder: Path, *tunes: str) -> Path:
    folder.mkdir()
    for number, tune in enumerate(tunes):
        (folder / f"{number}.mid").write_bytes(midi_bytes(read_notes(tune)))
    return folder


def test_the_melody_of_each_file_is_an_item_of_notes(tmp_path: Path) -> None:
    folder = put(tmp_path / "tunes", "C4:1/4 E4:1/4 G4:1/2", "D4:1/8 R:1/8 A4:1/4", "C5:1/2 C4:1/2")
    dataset = engine.load_dataset(folder)
    assert dataset.kind == "sequences"
    assert dataset.path == str(folder)
    rows = {" ".join(example.source) for part in (dataset.train, dataset.validation) for example in part}
    assert rows == {"C4:1/4 E4:1/4 G4:1/2", "D4:1/8 R:1/8 A4:1/4", "C5:1/2 C4:1/2"}


def test_validation_files_are_melodies_too_or_refused(tmp_path: Path) -> None:
    folder = put(tmp_path / "tunes", "C4:1/4 E4:1/4", "D4:1/8 A4:1/4")
    own = put(tmp_path / "own", "G4:1/4 C4:1/4")
    assert [e.source for e in engine.load_dataset(folder, validation=own).validation] == [("G4:1/4", "C4:1/4")]
    (tmp_path / "text.txt").write_text("abc\n" * 9)
    with pytest.raises(engine.DataError, match=r"text\.txt.*MIDI files"):
        engine.load_dataset(folder, validation=tmp_path / "text.txt")


def test_a_folder_with_other_files_is_not_taken_for_tunes(tmp_path: Path) -> None:
    folder = put(tmp_path / "tunes", "C4:1/4 E4:1/4")
    (folder / "a.txt").write_text("some text\n" * 20)
    with pytest.raises(engine.DataError):
        engine.load_dataset(folder)


def test_a_network_of_melodies_is_measured_on_midi_files_too(tmp_path: Path) -> None:
    data = engine.load_dataset(put(tmp_path / "tunes", "C4:1/4 E4:1/4 G4:1/2", "D4:1/8 A4:1/4", "C5:1/2 C4:1/2"))
    other = put(tmp_path / "other", "C4:1/4 C4:1/4", "G4:1/2 E4:1/4", "A4:1/4")
    (other / "2.mid").write_bytes(b"MThd")
    for given, expected in ((other, 2), (other / "1.mid", 1)):
        found = load_examples(given, data.codec, data.config)
        assert len(found.examples) == expected
    assert found.examples[0].source == ("G4:1/2", "E4:1/4")
    (reason,) = load_examples(other, data.codec, data.config).left_out
    assert "2.mid: This MIDI file cannot be read" in reason
    tested = engine.load_dataset(tmp_path / "tunes", test=other)
    assert len(tested.test) == 2


def test_validation_tunes_that_are_gone_are_missing_and_not_of_another_form(tmp_path: Path) -> None:
    with pytest.raises(engine.DataError, match=r"gone: There is no such file or folder\."):
        engine.load_dataset(put(tmp_path / "tunes", "C4:1/4 E4:1/4"), validation=tmp_path / "gone")
