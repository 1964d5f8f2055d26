"""Tables of pictures become data sets, and what cannot be read is said."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine import load_dataset
from engine.errors import DataError

Image = pytest.importorskip("PIL.Image")
COLOURS = ("red", "green", "blue", "white")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = ["file,caption"]
    for i in range(12):
        colour = COLOURS[i % 4]
        Image.new("RGB", (10 + i, 9), colour).save(tmp_path / f"{i}.png")
        lines.append(f"{i}.png,a {colour} wall number {i}")
    (tmp_path / "captions.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_a_folder_with_a_table_is_pictures_with_captions(folder: Path) -> None:
    for path in (folder, folder / "captions.csv"):
        dataset = load_dataset(path, picture_side=4)
        assert (dataset.kind, dataset.recognition.form) == ("pictures", "images")
        example = dataset.train[0]
        assert example.source.shape == (4, 4, 3)
        assert example.target[0] == "a"
    assert dataset.recognition.reason == "a table of pictures (file) with captions (caption)"


def test_a_new_picture_is_read_as_those_of_the_training_were(folder: Path) -> None:
    numbers = load_dataset(folder, picture_side=4, picture_grey=True).codec.frames
    assert numbers is not None
    assert numbers.shape == (4, 4, 1)
    np.testing.assert_allclose(numbers.read(folder / "3.png"), 1)


def test_a_picture_that_is_none_is_left_out_and_named(folder: Path) -> None:
    (folder / "2.png").write_text("no picture")
    report = load_dataset(folder, picture_side=4).report
    assert (report.rows, report.skipped) == (11, 1)
    assert "2.png: This is not a picture" in report.skipped_first[0].reason


def test_pictures_without_a_table_are_refused_in_words(folder: Path) -> None:
    (folder / "captions.csv").unlink()
    with pytest.raises(DataError, match=r"no table of their captions; expected a file such as captions\.csv"):
        load_dataset(folder)


def test_pictures_in_a_folder_beside_the_table_are_found_by_their_names(folder: Path) -> None:
    """As in Flickr8k: captions.txt beside Images."""
    (folder / "Images").mkdir()
    for picture in folder.glob("*.png"):
        picture.rename(folder / "Images" / picture.name)
    for path in (folder, folder / "captions.csv"):
        dataset = load_dataset(path, picture_side=4)
        assert (dataset.kind, dataset.report.rows, dataset.report.skipped) == ("pictures", 12, 0)
    (folder / "More").mkdir()
    (folder / "More" / "2.png").write_bytes((folder / "Images" / "2.png").read_bytes())
    report = load_dataset(folder, picture_side=4).report
    assert [one.reason.rpartition(": ")[2] for one in report.skipped_first] == ["There is no such file."], "which one?"


def test_two_tables_are_one_too_many(folder: Path) -> None:
    (folder / "test.csv").write_text((folder / "captions.csv").read_text())
    with pytest.raises(DataError, match=r"2 tables that name its files, captions\.csv and test\.csv"):
        load_dataset(folder)
    assert len(load_dataset(folder / "captions.csv", validation=folder / "test.csv", picture_side=4).validation) == 12


@pytest.mark.parametrize("written", [str.upper, lambda name: unicodedata.normalize("NFD", name)])
def test_names_that_differ_in_capitals_or_in_how_accents_are_written_find_their_pictures(
    tmp_path: Path, written: Callable[[str], str]
) -> None:
    lines = ["file,caption"]
    for i in range(12):
        Image.new("RGB", (9, 9), COLOURS[i % 4]).save(tmp_path / written(f"über {i}.png"), format="PNG")
        lines.append(f"über {i}.png,a {COLOURS[i % 4]} wall")
    (tmp_path / "captions.csv").write_text("\n".join(lines) + "\n", "utf-8")
    report = load_dataset(tmp_path, picture_side=4).report
    assert (report.rows, report.skipped) == (12, 0)


def test_a_name_that_could_be_two_files_is_neither(folder: Path) -> None:
    for name in ("A.png", "a.PNG"):
        Image.new("RGB", (9, 9)).save(folder / name, format="PNG")
    with (folder / "captions.csv").open("a") as table:
        table.write("a.png,a black wall\ngone.png,no wall\n")
    one, other = load_dataset(folder, picture_side=4).report.skipped_first
    assert (one.line, other.line) == (14, 15)
    assert one.reason.endswith("a.png: There is no such file.")
    assert other.reason.endswith("gone.png: There is no such file.")


def test_a_caption_with_commas_and_no_quotation_marks_is_left_out_and_named(folder: Path) -> None:
    with (folder / "captions.csv").open("a") as table:
        table.write("3.png,a wall, white\n")
    report = load_dataset(folder, picture_side=4).report
    assert report.rows == 12
    assert [(one.line, one.reason) for one in report.skipped_first] == [(14, "3 columns where 2 are expected")]


def test_a_single_picture_and_folders_of_pictures_say_what_a_data_set_of_pictures_is(folder: Path) -> None:
    with pytest.raises(DataError, match=r"A single picture is not a data set; expected a file such as captions\.csv"):
        load_dataset(folder / "0.png")
    for i in range(12):
        place = folder / "all" / COLOURS[i % 4]
        place.mkdir(parents=True, exist_ok=True)
        (folder / f"{i}.png").rename(place / f"{i}.PNG")
    with pytest.raises(DataError, match="holds pictures and no table of their captions"):
        load_dataset(folder / "all")
