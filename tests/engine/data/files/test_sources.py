"""What can be read like a text file: one class and one line in a registry for each kind."""

from __future__ import annotations

import bz2
import gzip
import io
from pathlib import Path

import pytest

from engine.data.files import sources
from engine.data.files.sources import SOURCES, source_of
from engine.data.files.text_source import OnProgress, OpenedText, TextOf, TextSource
from engine.data.files.textfile import TextFile
from engine.errors import DataError


class Bzipped(TextSource):
    """A further kind, as somebody might add it."""

    def fits(self, path: Path, start: bytes) -> bool:
        return start.startswith(b"BZh")

    def open(self, path: Path, text_of: TextOf, progress: OnProgress, sheet: str = "") -> OpenedText:
        return OpenedText(io.BytesIO(bz2.decompress(path.read_bytes())))

    def about(self, path: Path) -> str:
        return "packed by bzip2"


def test_one_class_and_one_line_add_a_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(bz2.compress("Anna\nJörg\n".encode()))
    with pytest.raises(DataError):
        TextFile(path)
    monkeypatch.setattr(sources, "SOURCES", {"bzip2": Bzipped(), **SOURCES})
    with TextFile(path) as file:
        assert list(file.lines()) == ["Anna", "Jörg"]
        assert file.source.about(path) == "packed by bzip2"


def test_contents_decide_not_names(tmp_path: Path) -> None:
    packed, plain, archive = tmp_path / "names.txt", tmp_path / "names.gz", tmp_path / "names.zip"
    packed.write_bytes(gzip.compress(b"Anna\n"))
    plain.write_bytes(b"Anna\n")
    archive.write_bytes(b"PK\x03\x04 and no workbook")
    assert [source_of(path) for path in (packed, plain, archive, tmp_path)] == [
        SOURCES["gzip"], SOURCES["plain"], SOURCES["plain"], SOURCES["class-folders"],
    ]  # fmt: skip


def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Want of space while a file is unpacked, say."""
    path = tmp_path / "names.txt"
    path.write_bytes(gzip.compress(b"Anna\n"))

    def full(progress: float, doing: str) -> None:
        if doing.startswith("Unpacking"):
            raise OSError(28, "No space left on device")

    with pytest.raises(DataError, match=r"names.txt.*cannot be read \(No space left on device\)"):
        TextFile(path, progress=full)
