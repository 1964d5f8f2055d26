"""Subtitles are read as what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.data.files.textfile import TextFile

SAID = [f"Où est le chat numéro {k} ?" for k in range(60)]


def subrip(between: str = "\n") -> str:
    said = [f"<i>{one[:6]}</i>\n{one[6:]}\n" for one in SAID]
    return between.join(f"{k + 1}\n00:00:{k:02},000 --> 00:00:{k:02},900\n{one}" for k, one in enumerate(said))


def webvtt() -> str:
    said = [f"00:{k:02}.000 --> 00:{k:02}.900 align:start\n<v Anna>{one}\n" for k, one in enumerate(SAID)]
    return "\n".join(["WEBVTT\n\nNOTE made by hand\n", *said])


FILES = {
    "a.srt": subrip().encode("utf-8-sig"),
    "without empty lines.srt": subrip("").encode(),
    "Windows.srt": subrip().replace("\n", "\r\n").encode("cp1252"),
    "a.vtt": webvtt().encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_numbers_times_and_styles_are_left_out(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    with TextFile(path) as file:
        assert [" ".join(line.split()) for line in file.lines()] == SAID
    remarks = engine.load_dataset(path).report.remarks
    assert any("without its number and times" in remark for remark in remarks)


@pytest.mark.parametrize("text", ["12\n13\n14\n15\n", "WEB pages\nWEBVTTs\n", "1\n00:00:01 begins here\n"])
def test_other_files_are_read_as_they_are(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text)
    with TextFile(path) as file:
        assert "".join(file.blocks()) == text
