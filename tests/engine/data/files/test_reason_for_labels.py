"""Why a column is read as labels, where only a part of the rows was looked at and where all were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.data.load import load_dataset


def name_rows(common: int, others: int) -> list[tuple[str, str]]:
    return [(f"name {k} of a person", "female" if k < common else "male") for k in range(common + others)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (name_rows(5_000, 500), "repeats “female” in all rows looked at"),
        (name_rows(2_000, 3_000), "has at least 2 distinct values"),
        (name_rows(2_000, 500), "has 2 distinct values"),
    ],
)
def test_the_reason_does_not_count_the_values_of_rows_that_were_not_looked_at(
    rows: list[tuple[str, str]], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("".join(f"{text},{label}\n" for text, label in rows), encoding="utf-8")
    dataset = load_dataset(path)
    assert dataset.recognition.reason == f"2 comma-separated columns; second column {said}: text, label"
    assert dataset.labels is not None
    assert len(dataset.labels) == 2


@pytest.mark.parametrize(("count", "said"), [(25_000, "at least 2"), (500, "2")])
@pytest.mark.parametrize("array", [False, True])
def test_the_reason_for_reading_json_does_not_either(count: int, said: str, array: bool, tmp_path: Path) -> None:
    rows = [json.dumps({"text": f"name {k} of a person", "sex": ("female", "male")[k % 2]}) for k in range(count)]
    text = "[" + ",\n".join(rows) + "]" if array else "\n".join(rows)
    path = tmp_path / ("x.json" if array else "x.jsonl")
    path.write_text(text, encoding="utf-8")
    assert load_dataset(path).recognition.reason.endswith(f"second column has {said} distinct values: text, label")
