"""A first line that is the only one with its label is a header if it reads like one; what is unsure is said."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.data.load import load_dataset
from engine.runs.data_source import DataSource

MAY_BE = "was taken for data, but may name the columns"
PARTS = ("valve A", "valve B", "pump 4", "motor", "fan", "relay")
NAMES = [a + b for a in ("Ma", "Lu", "Jo", "An", "Ti", "Ka", "Be") for b in ("ria", "kas", "na", "ton", "mo", "rin")]


def sentences(count: int) -> list[str]:
    chance = random.Random(1)
    states, whens = ("leaks again", "is ok today", "got hot in line 2"), ("late", "since May", "at 7")
    return [f"{chance.choice(PARTS)} {chance.choice(states)} {chance.choice(whens)}" for _ in range(count)]


def write(path: Path, first: str, texts: Sequence[str], mark: str = ",") -> None:
    labels = ("pass", "fail", "rework")
    path.write_text(
        "".join(f"{line}\n" for line in (first, *(f"{t}{mark}{labels[i % 3]}" for i, t in enumerate(texts))))
    )


@pytest.mark.parametrize(
    "header",
    ["ticket text,priority", "Komponente,Ergebnis", "Fehler bei Teil,Prüfung", "part;outcome", "message,result",
     "observed state\tverdict", "comment,decision"],
)  # fmt: skip
@pytest.mark.parametrize("count", [30, 400])
def test_new_words_above_longer_texts_and_labels_that_recur_are_a_header(
    header: str, count: int, tmp_path: Path
) -> None:
    mark = next(mark for mark in ",;\t" if mark in header)
    write(tmp_path / "x.csv", header, sentences(count), mark)
    dataset = load_dataset(tmp_path / "x.csv")
    assert list(dataset.recognition.columns) == header.split(mark)
    assert set(dataset.labels) == {"pass", "fail", "rework"}
    assert dataset.report.rows_read == count
    assert not any(MAY_BE in one for one in dataset.report.findings)


def test_a_new_word_above_short_texts_that_all_recur_is_a_header(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", "component,verdict", [PARTS[k % 6] for k in range(400)])
    assert set(load_dataset(tmp_path / "x.csv").labels) == {"pass", "fail", "rework"}


def test_the_only_words_with_capitals_are_a_header(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", "Bauteil,Urteil", [f"k{name.lower()}" for name in NAMES])
    assert set(load_dataset(tmp_path / "x.csv").labels) == {"pass", "fail", "rework"}


@pytest.mark.parametrize("first", ["motor got very hot in line 2,scrap", "Motor was replaced after the test,Scrap"])
def test_a_rare_class_in_the_first_row_is_data(first: str, tmp_path: Path) -> None:
    write(tmp_path / "x.csv", first, sentences(400))
    dataset = load_dataset(tmp_path / "x.csv")
    assert len(dataset.labels) == 4
    assert dataset.report.rows_read == 401
    assert not any(MAY_BE in one for one in dataset.report.findings)


def test_a_first_row_that_may_be_either_is_data_and_the_report_says_where_to_choose(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", "Thomas,quit", NAMES)
    dataset = load_dataset(tmp_path / "x.csv")
    assert len(dataset.labels) == 4
    assert (
        "The first row, “Thomas”, “quit”, was taken for data, but may name the columns: its label occurs nowhere else. "
        "If it does, choose “column names” for Header."
    ) in dataset.report.findings
    for header, labels in (("yes", 3), ("no", 4)):
        chosen = load_dataset(tmp_path / "x.csv", header=header)
        assert len(chosen.labels) == labels
        assert not any(MAY_BE in one for one in chosen.report.findings)


def test_the_data_of_a_run_that_took_the_header_for_a_row_are_found_again(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", "ticket text,priority", sentences(60))
    before = load_dataset(tmp_path / "x.csv", header="no")
    source = DataSource.of(replace(before, config=replace(before.config, header="auto")))
    assert source.load().fingerprint == before.fingerprint
