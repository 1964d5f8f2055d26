"""A folder with a folder of texts for each label is read like a file of labelled texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data.examples_file import load_examples
from engine.data.load import load_dataset
from engine.errors import DataError


def write_classes(folder: Path, *, each: int = 12) -> Path:
    for label, word in (("neg", "dull"), ("pos", "fine")):
        (folder / label).mkdir(parents=True)
        for n in range(each):
            (folder / label / f"{n}.txt").write_text(f"a {word} film {n}\n\nthe end\n", encoding="utf-8")
    return folder


def test_each_file_is_a_text_and_its_folder_the_label(tmp_path: Path) -> None:
    folder = write_classes(tmp_path / "films")
    (folder / "README.txt").write_text("about these films", encoding="utf-8")
    (folder / "neg" / "empty.txt").write_text("", encoding="utf-8")
    dataset = load_dataset(folder)
    assert (dataset.kind, dataset.labels, dataset.name) == ("labelled", ("neg", "pos"), "films")
    assert dataset.recognition.reason == "2 folders, each named for the label of its texts: neg, pos"
    assert len(dataset.train) + len(dataset.validation) == 24
    texts = {dataset.codec.join(example.source) for example in dataset.train}
    assert texts <= {f"a {word} film {n} the end" for word in ("dull", "fine") for n in range(12)}


def test_another_folder_is_read_for_validation_and_for_a_test(tmp_path: Path) -> None:
    dataset = load_dataset(write_classes(tmp_path / "a"), validation=write_classes(tmp_path / "b", each=3))
    assert len(dataset.validation) == 6
    found = load_examples(write_classes(tmp_path / "c", each=2), dataset.codec, dataset.config, dataset.recognition)
    assert (found.rows, len(found.examples)) == (4, 4)


def test_folders_with_one_file_each_have_a_text_a_line(tmp_path: Path) -> None:
    for label in ("yes", "no"):
        (tmp_path / label).mkdir()
        lines = "".join(f"{label} answer {n}\n\n" for n in range(15))
        (tmp_path / label / "all.txt").write_text(lines, encoding="utf-8")
    dataset = load_dataset(tmp_path)
    assert len(dataset.train) + len(dataset.validation) == 30


def test_texts_are_read_in_the_chosen_encoding(tmp_path: Path) -> None:
    folder = write_classes(tmp_path / "films")
    for path in folder.glob("*/*.txt"):
        path.write_bytes(path.read_text("utf-8").replace("film", "schön").encode("cp437"))
    dataset = load_dataset(folder, encoding="cp437")
    assert "schön" in dataset.codec.join(dataset.train[0].source)


def test_a_damaged_text_is_named(tmp_path: Path) -> None:
    folder = write_classes(tmp_path / "films")
    (folder / "pos" / "3.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8)
    with pytest.raises(DataError) as caught:
        load_dataset(folder)
    assert str(folder / "pos" / "3.txt") in str(caught.value)
