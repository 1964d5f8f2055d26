"""A column of dates says when a row is from. It is not proposed as the text where another column of texts is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from engine import load_dataset

WORDS = ("good", "bad", "fine", "nice", "awful", "dull", "great", "slow", "quick", "warm", "cold")
WRITTEN: dict[str, Callable[[int], str]] = {
    "2024-01-31": lambda k: f"2024-{1 + k // 28:02}-{1 + k % 28:02}",
    "2024-01-31 10:05": lambda k: f"2024-{1 + k // 28:02}-{1 + k % 28:02} 10:{k % 60:02}",
    "01/31/2024": lambda k: f"{1 + k // 28:02}/{1 + k % 28:02}/2024",
    "31.01.2024": lambda k: f"{1 + k % 28:02}.{1 + k // 28:02}.2024",
    "31 March 2024": lambda k: f"{1 + k % 28} March 2024",
}


def table(path: Path, names: Sequence[str], write: Callable[[int], str], header: bool = True) -> Path:
    rows = [
        {"date": write(k), "thing": f"{WORDS[k % 11]}{k}", "place": ("Rome", "Oslo", "Bern", "Kiel")[k * k % 7 % 4],
         "mark": ("pos", "neg")[k * k % 5 % 2]}
        for k in range(100)
    ]  # fmt: skip
    lines = [*([",".join(names)] if header else []), *(",".join(row[name] for name in names) for row in rows)]
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("kind", ["auto", "labelled"])
@pytest.mark.parametrize("written", WRITTEN)
def test_the_text_is_the_other_column(tmp_path: Path, written: str, kind: str, header: bool) -> None:
    path = table(tmp_path / "things.csv", ("date", "thing", "mark"), WRITTEN[written], header)
    found = load_dataset(path, kind=kind).recognition
    assert (found.kind, found.source_column, found.target_column) == (
        ("labelled", "thing", "mark") if header else ("labelled", "column 2", "column 3")
    )
    assert "third column has 2 distinct values" in found.reason


def test_a_text_of_few_values_is_the_text_too(tmp_path: Path) -> None:
    path = table(tmp_path / "places.csv", ("date", "place", "mark"), WRITTEN["2024-01-31"])
    found = load_dataset(path, kind="labelled").recognition
    assert (found.source_column, found.target_column) == ("place", "mark")
    items = load_dataset(table(tmp_path / "list.csv", ("date", "place"), WRITTEN["2024-01-31"]), kind="sequences")
    assert items.recognition.source_column == "place"


@pytest.mark.parametrize("names", ["date,part,hours", "part,date,hours"])
def test_a_text_of_few_values_beside_a_number_is_the_text_too(tmp_path: Path, names: str) -> None:
    rows = [
        {"date": f"2024-01-{1 + k % 28:02}", "part": ("relay", "pump 4", "valve B")[k % 3], "hours": f"{k * k % 97}.5"}
        for k in range(200)
    ]
    (path := tmp_path / "log.csv").write_text(
        "\n".join([names, *(",".join(row[n] for n in names.split(",")) for row in rows)])
    )
    found = load_dataset(path).recognition
    assert (found.kind, found.source_column, found.target_column) == ("rated", "part", "hours")


def test_dates_are_the_text_where_nothing_else_is_or_where_they_were_chosen(tmp_path: Path) -> None:
    path = table(tmp_path / "dates.csv", ("date", "mark"), WRITTEN["2024-01-31"])
    assert load_dataset(path, kind="labelled").recognition.source_column == "date"
    path = table(tmp_path / "things.csv", ("date", "thing", "mark"), WRITTEN["2024-01-31"])
    assert load_dataset(path, columns=("date", "mark")).recognition.source_column == "date"


def test_dates_that_were_chosen_as_the_label_stay_it(tmp_path: Path) -> None:
    path = table(tmp_path / "things.csv", ("date", "thing", "mark"), lambda k: f"2024-01-{1 + k % 4:02}")
    found = load_dataset(path, kind="labelled", columns=["thing", "date"]).recognition
    assert (found.source_column, found.target_column) == ("thing", "date")


@pytest.mark.parametrize("written", ["2024-01-31", "31.01.2024", "2024-01-31 10:05"])
def test_dates_that_recur_are_not_proposed_as_the_label(tmp_path: Path, written: str) -> None:
    path = table(tmp_path / "said.csv", ("thing", "place", "date"), lambda k: WRITTEN[written](k % 7))
    path.write_text(path.read_text("utf-8").replace("thing,place,date", "text,place,published"), "utf-8")
    assert load_dataset(path).recognition.target_column == "place"


def test_a_date_and_a_time_are_no_tags_of_two_words(tmp_path: Path) -> None:
    rows = [
        f"{1000 + k},2024-01-{1 + k // 24:02} {k % 24:02}:00:00,printer {k},the printer {WORDS[k % 11]} on day {k},"
        f"{('high', 'low')[k * k % 7 % 2]}"
        for k in range(300)
    ]
    (path := tmp_path / "tickets.csv").write_text("\n".join(["number,created,subject,description,priority", *rows]))
    found = load_dataset(path).recognition
    assert (found.kind, found.source_column, found.target_column) == ("labelled", "description", "priority")
