"""What is said of gaps in series, of series without numbers and of short ones among others."""

from __future__ import annotations

from pathlib import Path

import engine
from tests.engine.data.files.test_number_tables import VALUES, months, put, values_of

STEPS = list(zip(months(), VALUES, strict=True))


def test_gaps_at_the_start_are_filled_with_the_first_number_and_so_it_is_said(tmp_path: Path) -> None:
    rows = [f"{month};{'' if k in (0, 1, 2, 30) else value}" for k, (month, value) in enumerate(STEPS)]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["month;sales", *rows]))
    expected = [VALUES[3]] * 3 + VALUES[3:30].tolist() + [VALUES[29]] + VALUES[31:].tolist()
    assert values_of(dataset) == expected
    assert dataset.report.findings == (
        "4 numbers missing, the first: “sales” in line 2. Each gap is filled with the number before it, or at the "
        "start (3 of them) with the first number.",
    )


def test_a_column_that_begins_late_is_named(tmp_path: Path) -> None:
    rows = [f"{month};{value};{'' if k < 45 else k % 7}" for k, (month, value) in enumerate(STEPS)]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["month;sales;staff", *rows]))
    assert dataset.report.findings == (
        "45 numbers missing, the first: “staff” in line 2. Each gap is at the start, and is filled with the first "
        "number.",
        "“staff” has only 15 numbers in 60 rows.",
    )


def test_the_gaps_of_rows_are_named_with_their_row_and_a_last_comma_is_no_step(tmp_path: Path) -> None:
    header = ["place", *(str(1960 + k) for k in range(60)), ""]
    rows = [[f"p{n}", *(str(v + n) for v in VALUES), ""] for n in range(10)]
    rows[3][7] = ""
    dataset = engine.load_dataset(put(tmp_path / "x.csv", [",".join(row) for row in [header, *rows]]))
    assert dataset.recognition.reason == "a series in each row, a column for each of 60 steps"
    assert dataset.report.findings == (
        "1 number missing, the first: “p3” in line 5. Each gap is filled with the number before it.",
    )


def shops(count: int, staff: str = "5{}") -> list[str]:
    """Rows of three shops, the last of which has `count` months and this staff."""
    return [
        f"{month};{shop};{value + n};{(staff if n == 2 else '5{}').format(k % 7)}"
        for k, (month, value) in enumerate(STEPS)
        for n, shop in enumerate(("Bonn", "Ulm", "Trier"))
        if n < 2 or k < count
    ]


def test_a_short_series_among_others_is_left_out_and_named(tmp_path: Path) -> None:
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["month;shop;sales;staff", *shops(4)]))
    assert dataset.train.names == ("Bonn", "Ulm")
    assert dataset.report.findings == (
        "The series “Trier” is left out: it has 4 rows of numbers; at least 10 are needed.",
    )


def test_a_series_without_a_number_in_a_column_is_left_out_and_named(tmp_path: Path) -> None:
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["month;shop;sales;staff", *shops(60, "")]))
    assert dataset.train.names == ("Bonn", "Ulm")
    assert "The series “Trier” is left out: its “staff” holds no number." in dataset.report.findings
