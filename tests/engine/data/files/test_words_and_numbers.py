"""A table of a few words that recur, with a number each, is text and number; a table that was chosen is read as one."""

import random
from pathlib import Path

import pytest

from engine.data.codec import Kind
from engine.data.load import load_dataset
from engine.errors import DataError

TITLES = ("red laptop", "old mouse", "refurbished desk", "new desk", "usb cable", "wooden chair")
STATES = ("hot", "cold", "warm")


def amounts(count: int) -> list[float]:
    chance = random.Random(2)
    return [round(chance.uniform(1, 900), 2) for _ in range(count)]


def write(path: Path, header: str, written: str, count: int = 200, words: tuple[str, ...] = TITLES) -> None:
    rows = [written.format(words[(k + k // 5) % len(words)], value) for k, value in enumerate(amounts(count))]
    path.write_text("\n".join([*([header] if header else []), *rows]) + "\n", "utf-8")


@pytest.mark.parametrize(
    ("header", "written"),
    [("title,price", "{},{:.2f}"), ("title,price", '{},"€ {:.2f}"'), ("title,price", "{},{:.2f} USD"),
     ("title,price", '"{}","${:.2f}"'), ("part;hours", "{};{:.2f}"), ("part,hours", "{},{:.0f}"),
     ("", "{},{:.2f}"), ("price,title", "{1:.2f},{0}"), ("part\thours", "{}\t{:.1f}")],
)  # fmt: skip
def test_a_few_words_with_a_number_each_are_text_and_number(header: str, written: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write(path, header, written)
    for form in ("auto", "table"):
        dataset = load_dataset(path, form=form)
        assert dataset.kind == Kind.RATED
        assert dataset.recognition.form == "table"
        assert dataset.report.rows_read == 200
        assert dataset.codec.join(dataset.train[0].source) in TITLES


def test_decimal_commas_are_numbers_too(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows = [f"{TITLES[k % 6]};{value}".replace(".", ",") for k, value in enumerate(amounts(200))]
    path.write_text("\n".join(["part;hours", *rows]), "utf-8")
    dataset = load_dataset(path)
    assert (dataset.kind, dataset.recognition.target_column) == (Kind.RATED, "hours")


@pytest.mark.parametrize(("header", "columns"), [("value,label", ("value", "label")), ("", ("column 1", "column 2"))])
def test_a_number_before_a_few_words_or_above_a_label_is_labelled_by_them(
    header: str, columns: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    write(path, header, "{1:.1f},{0}", words=STATES)
    dataset = load_dataset(path)
    assert dataset.kind == Kind.LABELLED
    assert (dataset.recognition.source_column, dataset.recognition.target_column) == columns
    assert set(dataset.labels) == {*STATES}


def test_row_numbers_beside_words_leave_the_words_as_items(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("\n".join(["id,title", *(f"{k},{TITLES[k % 6]}" for k in range(1, 60))]), "utf-8")
    dataset = load_dataset(path)
    assert (dataset.kind, dataset.recognition.source_column) == (Kind.SEQUENCES, "title")


def test_delimiter_header_and_content_can_be_chosen_for_such_a_table(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write(path, "title,price", "{},{:.2f}")
    assert load_dataset(path, delimiter=",").kind == Kind.RATED
    assert load_dataset(path, form="table", header="yes").report.rows_read == 200
    assert load_dataset(path, form="table", kind="sequences").recognition.source_column == "title"
    labelled = load_dataset(path, form="table", kind="labelled").recognition
    assert (labelled.source_column, labelled.target_column) == ("title", "price")
    assert load_dataset(path, form="lines").kind == Kind.SEQUENCES


def test_a_table_is_refused_for_what_it_lacks_and_not_for_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("\n".join(["name", *(f"n{k}" for k in range(40))]), "utf-8")
    with pytest.raises(DataError) as refused:
        load_dataset(path, form="table", kind="labelled")
    assert "This table (“name”) cannot be read as texts with a label each; found single items." in str(refused.value)
