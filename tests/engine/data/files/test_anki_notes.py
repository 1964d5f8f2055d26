"""Notes exported by Anki: the lines that begin with # say how the rest is written."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.data.dataset import Dataset

THINGS = "dog house tree water bread book moon sun star hill river cat door key fish song".split()  # noqa: SIM905
NOTES = [(f"the {thing} {k}", f"le {thing[::-1]} {k}") for k in range(4) for thing in THINGS]
OPTIONS = "#separator:tab\n#html:true\n"


def load(folder: Path, text: str) -> Dataset:
    path = folder / "French.txt"
    path.write_text(text, encoding="utf-8")
    return engine.load_dataset(path)


def pairs(dataset: Dataset) -> list[tuple[str, ...]]:
    assert dataset.kind == "pairs", dataset.recognition
    return list(zip(*dataset.recognition.previews, strict=True))


def test_columns_of_anki_itself_are_no_content(tmp_path: Path) -> None:
    head = "#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
    rows = "".join(
        f"g{k:04d}\tBasic\tFrench::{k % 2}\t{a}\t{b}\t{'verb' if k % 3 else 'noun'}\n" for k, (a, b) in enumerate(NOTES)
    )
    dataset = load(tmp_path, OPTIONS + head + rows)
    assert (pairs(dataset)[0], dataset.report.rows) == (NOTES[0], len(NOTES))
    assert any("guid, notetype, deck and tags" in remark for remark in dataset.report.remarks)


def test_columns_have_the_names_that_the_header_gives(tmp_path: Path) -> None:
    rows = "".join(f"{a}\t{b}\tverb\n" for a, b in NOTES)
    dataset = load(tmp_path, OPTIONS + "#columns:Front\tBack\tTags\n#tags column:3\n" + rows)
    assert (dataset.recognition.columns, pairs(dataset)[0]) == (("Front", "Back"), NOTES[0])


def test_html_becomes_text(tmp_path: Path) -> None:
    html = '<b>Tom</b>&nbsp;&amp;<br>Jerry [sound:tom.mp3]\t"<div>Tom et</div><div class=""x"">Jerry</div>"\n'
    rows = "".join(f"{a}\t{b}\n" for a, b in NOTES)
    assert pairs(load(tmp_path, OPTIONS + rows[: rows.index("\n") + 1] + html + rows))[1] == (
        "Tom & Jerry",
        "Tom et Jerry",
    )
    dataset = load(tmp_path, OPTIONS.replace("true", "false") + "a <b> c 7\t&amp; d 7\n" + rows)
    assert pairs(dataset)[0] == ("a <b> c 7", "&amp; d 7")


@pytest.mark.parametrize("names", ["", "#columns:Deck\tFront\n"])
def test_a_single_field_is_a_list(tmp_path: Path, names: str) -> None:
    dataset = load(tmp_path, OPTIONS + names + "#deck column:1\n" + "".join(f"French\t{a}\n" for a, _ in NOTES))
    assert (dataset.kind, dataset.report.rows) == ("sequences", len(NOTES))
    assert dataset.recognition.previews[0][0] == NOTES[0][0]


def test_remarks_of_other_programs_are_no_options_of_anki(tmp_path: Path) -> None:
    dataset = load(tmp_path, "#tags column:2\n#made by hand\n" + "".join(f"{a}\t{b}\n" for a, b in NOTES))
    assert pairs(dataset)[0] == NOTES[0]
