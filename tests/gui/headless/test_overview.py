"""What is said before training without a window: the data, what is wrong with them, the settings, and why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import engine
from gui.app import main
from gui.headless import WRONG


def call(*words: str | Path) -> int:
    return main([str(word) for word in words])


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """Two parallel files."""
    paths = tmp_path / "train.de", tmp_path / "train.en"
    for path, line in zip(paths, ("wir sehen {} rote Boote", "we see {} red boats"), strict=True):
        path.write_text("\n".join(line.format(i) for i in range(40)))
    return paths


def test_two_sides_of_a_translation_are_trained_together(
    tmp_path: Path, sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--train", *sides, "--output", tmp_path / "run", "--steps", "1", "--hidden-size", "8") == 0
    run = engine.open_run(tmp_path / "run")
    assert run.snapshot.config.architecture == "encoder-decoder"
    assert "lines of train.de and train.en belong together" in capsys.readouterr().out
    assert call("--train", tmp_path / "run", "--from-data", *sides, "--steps", "1") == 0


def test_what_belongs_together_no_more_than_its_names_say_is_refused(
    tmp_path: Path, sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "x.csv"
    table.write_text("text,label\n" + "".join(f"text {i},{'ab'[i % 2]}\n" for i in range(40)))
    assert call("--train", table, sides[0], "--output", tmp_path / "run") == WRONG
    assert "open it on its own" in capsys.readouterr().err
    assert call("--train", "names", sides[0], "--output", tmp_path / "run") == WRONG
    assert "several names only for files of data that belong together" in capsys.readouterr().err
    assert call(sides[1], "--train", sides[0], "--output", tmp_path / "run") == WRONG
    assert "put all data files after --train" in capsys.readouterr().err


def test_a_file_given_twice_is_refused_and_one_that_is_not_read_is_named(
    tmp_path: Path, sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--train", sides[0], sides[1], sides[0], "--steps", "0") == WRONG
    assert "train.de: The file was given twice; expected files that belong together." in capsys.readouterr().err
    third = tmp_path / "train.xx"
    third.write_text(sides[1].read_text())
    assert call("--train", *sides, third, "--steps", "0") == 0
    assert "; train.xx is not read." in capsys.readouterr().out
    assert call("--train", *sides, "--steps", "0") == 0
    assert "is not read" not in capsys.readouterr().out


def test_recognition_settings_and_findings_are_told_with_their_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.csv"
    rows = [f"the soup {i} was {'warm' if i % 2 else 'cold'},{'good' if i % 2 else 'poor'}" for i in range(60)]
    path.write_bytes("\n".join(["text,label", *rows, "lost", "caf\xe9 with caf\xe9,good"]).encode("latin-1") * 1)
    assert (
        call("--train", path, "--output", tmp_path / "run", "--steps", "0", "--cell", "gru", "--encoding", "utf-8") == 0
    )
    printed = capsys.readouterr().out
    assert "Read as text and label: 2 comma-separated columns; second column has 2 distinct values" in printed
    assert "text “text”, labels “label”" in printed
    assert "symbols: words;" in printed
    assert "2 bytes could not be decoded as UTF-8 and appear as" in printed
    assert "1 of 62 rows was left out; first: line 62, 1 column where 2 are expected" in printed
    assert "cell gru: as given" in printed
    assert re.search("architecture many-to-one: .{20}", printed), "and why"


def test_word_vectors_beside_few_labelled_rows_are_offered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, vectors = tmp_path / "x.csv", tmp_path / "wiki.de.vec"
    rows = [f"the soup {i} was {'warm' if i % 2 else 'cold'},{'good' if i % 2 else 'poor'}" for i in range(40)]
    path.write_text("\n".join(["text,label", *rows]))
    vectors.write_text("3 2\nthe 1 2\nsoup 3 4\nwarm 5 6\n")
    train = ("--train", path, "--output", tmp_path / "run", "--overwrite", "--steps", "0")
    assert call(*train) == 0
    assert f"word vectors help: --vectors {vectors}" in capsys.readouterr().out
    assert call(*train, "--vectors", vectors) == 0
    printed = capsys.readouterr().out
    assert "word vectors help" not in printed
    assert "embedding-size 2: The word vectors that the network begins with have this length." in printed
    assert re.search(r"\n3 of [\d,]+ words have a vector in wiki\.de\.vec\.\n", printed)
    vectors.write_text("no\nnumbers\n")
    assert call(*train) == 0
    assert "word vectors help" not in capsys.readouterr().out


def test_data_without_faults_are_said_to_have_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "names.txt"
    path.write_text("\n".join(f"{a}{b}{c}a" for a in "bdglm" for b in "aeio" for c in "nrst"))
    assert call("--train", path, "--output", tmp_path / "run", "--steps", "0") == 0
    assert "No problems found in the data." in capsys.readouterr().out


def test_leaks_into_a_validation_file_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, other = tmp_path / "names.txt", tmp_path / "dev.txt"
    path.write_text("\n".join(f"{a}{b}{c}a" for a in "bdglm" for b in "aeio" for c in "nrst"))
    other.write_text("bana\ndare\n")
    assert call("--train", path, "--validation-file", other, "--output", tmp_path / "run", "--steps", "0") == 0
    assert "1 validation row also occurs in the training rows" in capsys.readouterr().out
