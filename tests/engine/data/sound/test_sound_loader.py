"""Folders and tables of sounds become data sets, and what cannot be read is said."""

from __future__ import annotations

import os
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine import load_dataset
from engine.data.sound.read_sound import read_sound
from engine.data.sound.wav import wav_bytes
from engine.errors import ConfigError, DataError

RATE = 8_000
SETTINGS = {"sound_rate": RATE, "sound_bands": 8, "sound_window": 32.0, "sound_hop": 16.0}


def tone(frequency: float, seconds: float = 0.1, rate: int = RATE) -> bytes:
    t = np.arange(round(seconds * rate)) / rate
    return wav_bytes((0.5 * np.sin(2 * np.pi * frequency * t)).astype(np.float32), rate)


def fill(folder: Path, names: list[str]) -> None:
    for i, name in enumerate(names):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(tone(300 + 40 * i, 0.1 + 0.01 * i))


LABELLED = [f"{label}/{i}.wav" for label in ("low", "high") for i in range(4)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path, LABELLED)
    return tmp_path


def test_a_folder_of_folders_is_sounds_by_label(folder: Path) -> None:
    dataset = load_dataset(folder, **SETTINGS)
    assert (dataset.kind, dataset.recognition.form) == ("labelled-series", "sounds")
    assert dataset.recognition.reason == "8 sounds by label: high, low"
    assert sorted(dataset.labels) == ["high", "low"]
    example = dataset.train[0]
    assert example.target[0] in ("high", "low")
    assert example.source.shape[1] == 8


def test_a_folder_of_files_is_labelled_by_how_their_names_begin(tmp_path: Path) -> None:
    fill(tmp_path, [f"{digit}_anna_{i}.wav" for digit in "07" for i in range(3)])
    assert sorted(load_dataset(tmp_path, **SETTINGS).labels) == ["0", "7"]


def test_a_table_of_files_with_few_texts_has_labels_and_with_many_has_transcripts(folder: Path) -> None:
    table = folder / "list.csv"
    table.write_text("file,label\n" + "".join(f"{name},{name.split('/')[0]}\n" for name in LABELLED))
    assert load_dataset(table, **SETTINGS).kind == "labelled-series"
    assert load_dataset(folder, **SETTINGS).recognition.columns == ("file", "label")
    assert load_dataset(table, kind="speech", **SETTINGS).kind == "speech"
    table.write_text("path\ttranscript\n" + "".join(f"{name}\tsay {i}{i}{i}\n" for i, name in enumerate(LABELLED)))
    dataset = load_dataset(table, **SETTINGS)
    assert dataset.kind == "speech"
    assert dataset.recognition.reason.startswith("a table of 8 sounds (path) with transcript (transcript)")
    assert {"".join(e.target) for e in (*dataset.train, *dataset.validation)} == {f"say {i}{i}{i}" for i in range(8)}


def test_a_column_called_transcript_holds_transcripts_however_few_they_are(folder: Path) -> None:
    (folder / "said.csv").write_text("file,transcript\n" + "".join(f"{name},{name[:3]}\n" for name in LABELLED))
    dataset = load_dataset(folder / "said.csv", **SETTINGS)
    assert dataset.kind == "speech"
    assert dataset.recognition.reason.endswith("with transcript (transcript): as its name says")


def test_a_sound_that_is_not_there_is_said_not_to_be(folder: Path) -> None:
    with pytest.raises(DataError, match="There is no such file"):
        read_sound(folder / "none.wav", RATE)


def test_files_at_any_rate_become_the_same_frames(folder: Path) -> None:
    (folder / "low" / "0.wav").write_bytes(tone(300, 0.5, 8_000))
    numbers = load_dataset(folder, **SETTINGS).codec.frames
    assert numbers is not None
    one = numbers.read(folder / "low" / "0.wav")
    (folder / "low" / "1.wav").write_bytes(tone(300, 0.5, 44_100))
    np.testing.assert_allclose(numbers.read(folder / "low" / "1.wav")[1:-2], one[1:-2], atol=1.0)
    assert numbers.recipe == {"name": "log-mel", **SETTINGS}


def test_a_sound_that_cannot_be_read_is_left_out_and_named(folder: Path) -> None:
    (folder / "low" / "0.wav").write_bytes(b"RIFF")
    (folder / "high" / "1.wav").write_bytes(tone(440, 0))
    report = load_dataset(folder, **SETTINGS).report
    assert (report.rows, report.skipped) == (6, 2)
    assert "0 seconds" in report.skipped_first[0].reason
    assert "low/0.wav: The file has 4 bytes" in report.skipped_first[1].reason
    assert not any(finding.endswith("..") for finding in report.findings)


def test_a_file_that_is_not_there_is_named_with_its_line(folder: Path) -> None:
    table = folder / "list.csv"
    table.write_text("file,label\nlow/0.wav,a\nlow/9.wav,b\nhigh/1.wav,b\nlow/1.wav,a\nlow/2.wav,\n")
    report = load_dataset(table, **SETTINGS).report
    assert [(one.line, "low/9.wav" in one.reason) for one in report.skipped_first] == [(3, True), (6, False)]
    assert "has no text" in report.skipped_first[1].reason


def test_if_no_sound_can_be_read_the_first_says_why(tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("file,label\na.wav,x\nb.wav,y\nc.wav,x\n")
    with pytest.raises(DataError, match=r"a\.wav: There is no such file"):
        load_dataset(table)


def test_a_table_that_says_nothing_of_its_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("file,other\n" + "a.wav,b.wav\n" * 4)
    with pytest.raises(DataError, match="has no text for them"):
        load_dataset(tmp_path / "list.csv")


def test_a_column_that_a_table_lacks_is_named(folder: Path) -> None:
    (folder / "list.csv").write_text("file,label\nlow/0.wav,a\nlow/1.wav,b\n")
    with pytest.raises(ConfigError, match=r"no column 'speaker'; the table has 'file', 'label'"):
        load_dataset(folder / "list.csv", target_column="speaker")


def test_texts_that_mention_sounds_stay_texts(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("text,label\n" + "".join(f"open file {i}.wav now please,{'ab'[i % 2]}\n" for i in range(20)))
    assert load_dataset(log).kind == "labelled"
    log.write_text("id,text,label,clip\n" + "".join(f"{i},what a day {i},{'ab'[i % 2]},x/{i}.wav\n" for i in range(20)))
    assert load_dataset(log).kind == "labelled"
    log.write_text("text,label\n" + "".join(f"http://a.b/{i}.wav,{'ab'[i % 2]}\n" for i in range(20)))
    assert load_dataset(log).recognition.form == "table"


@pytest.mark.parametrize("away", ["../secret.wav", "low/../../secret.wav", "{parent}/secret.wav"])
def test_a_table_names_no_files_outside_its_folder(folder: Path, monkeypatch: pytest.MonkeyPatch, away: str) -> None:
    table = folder / "inner" / "list.csv"
    table.parent.mkdir()
    for i, name in enumerate(("a.wav", "b.wav", "c.wav")):
        (table.parent / name).write_bytes((folder / "low" / f"{i}.wav").read_bytes())
    (folder / "secret.wav").write_bytes((folder / "high" / "1.wav").read_bytes())
    rows = ["file,label", "a.wav,x", "b.wav,y", "c.wav,x", f"{away.format(parent=folder)},y"]
    table.write_text("\n".join(rows) + "\n")
    monkeypatch.chdir(table.parent)
    for path in (table, Path("list.csv")):
        report = load_dataset(path, **SETTINGS).report
        assert report.rows == 3
        assert "secret.wav: The file is outside the folder of the table" in report.skipped_first[0].reason


def test_a_table_leads_to_no_other_machine(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("file,label\n//server/share/a.wav,x\n\\\\server\\share\\b.wav,y\n")
    with pytest.raises(DataError, match=f"{tmp_path}/server/share/a.wav"):
        load_dataset(tmp_path / "list.csv")


def test_validation_files_of_their_own_are_read_the_same_way(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    fill(other, ["low/a.wav", "high/b.wav"])
    dataset = load_dataset(folder, validation=other, **SETTINGS)
    assert (len(dataset.train), len(dataset.validation)) == (8, 2)


def test_a_recipe_that_a_run_brings_is_checked(folder: Path) -> None:
    numbers = load_dataset(folder, **SETTINGS).codec.frames
    assert numbers is not None
    for recipe in ({"name": "log-mel", "sound_rate": 10**9}, {"name": "log-mel", "other": 1}):
        with pytest.raises(ConfigError):
            replace(numbers, recipe=recipe).read(folder / "low" / "0.wav")


def test_a_header_that_promises_hours_takes_no_memory(folder: Path) -> None:
    content = bytearray(tone(440))
    content[40:44] = struct.pack("<I", 2**31 - 2**20)
    (folder / "low" / "0.wav").write_bytes(content)
    assert "promises 2,146,435,072 bytes" in load_dataset(folder, **SETTINGS).report.skipped_first[0].reason


def test_sounds_recorded_at_a_lower_rate_have_silent_bands_and_are_read(folder: Path) -> None:
    dataset = load_dataset(folder, sound_rate=16_000)
    numbers = dataset.codec.frames
    assert numbers is not None
    assert numbers.deviation[-1] == 1
    assert np.isfinite(dataset.train.source.packed).all()


def test_nothing_but_silence_is_refused(folder: Path) -> None:
    for i, name in enumerate(LABELLED):
        (folder / name).write_bytes(wav_bytes(np.zeros(900 + 300 * i, np.float32), RATE))
    with pytest.raises(DataError, match="holds the same number"):
        load_dataset(folder, **SETTINGS)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_among_the_sounds_is_left_out_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "low" / "9.wav")
    report = load_dataset(folder, **SETTINGS).report
    assert [one.reason for one in report.skipped_first] == [
        f"{folder / 'low' / '9.wav'}: This is not a file that can be read."
    ]


def test_sounds_so_loud_that_their_power_overflows_are_refused(tmp_path: Path) -> None:
    for scale in (1e30, 3e38):
        data = np.full(800, scale, "<f4").tobytes()
        form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 2, RATE, 8 * RATE, 8, 32)
        begin = struct.pack("<4sI4s", b"RIFF", 36 + len(data), b"WAVE")
        (tmp_path / "a.wav").write_bytes(begin + form + struct.pack("<4sI", b"data", len(data)) + data)
        with pytest.raises(DataError, match=r"a\.wav: The sound holds values .* expected numbers from -1 to 1"):
            read_sound(tmp_path / "a.wav", RATE)


@pytest.mark.parametrize("inside", ["train/{}", "{}/anna", "one"])
def test_sounds_that_nothing_labels_say_what_is_expected(folder: Path, inside: str) -> None:
    for k, label in enumerate(("yes", "no")):
        place = folder / "all" / inside.format(label)
        place.mkdir(parents=True, exist_ok=True)
        for i in range(3):
            (place / f"{k}{i}.WAV").write_bytes((folder / "low" / f"{i}.wav").read_bytes())
    with pytest.raises(DataError, match="holds sounds and not what they are; expected a folder of sounds for each"):
        load_dataset(folder / "all")


def test_a_single_sound_says_what_a_data_set_of_sounds_is(tmp_path: Path) -> None:
    (tmp_path / "one.wav").write_bytes(tone(440))
    with pytest.raises(DataError, match=r"one\.wav.*single sound.*folder of sounds for each label"):
        load_dataset(tmp_path / "one.wav")


def test_validation_sounds_that_are_gone_are_missing_and_not_of_another_form(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone: There is no such file or folder\."):
        load_dataset(folder, validation=tmp_path / "gone", **SETTINGS)
