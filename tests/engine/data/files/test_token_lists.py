"""Tokens and tags as lists in JSON: where the lists of a row have unlike lengths, the row is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine import load_dataset
from engine.errors import DataError

TOKENS = ["the", "dog", "runs", "fast"]
ROWS: list[dict[str, Any]] = [
    {"id": k, "tokens": [*TOKENS[: 1 + k % 3], f"word{k}"], "ner_tags": ["O", "B-X", "O", "O"][: 2 + k % 3]}
    for k in range(40)
]


def put(path: Path, rows: list[dict[str, Any]], layout: str) -> Path:
    path.write_text("\n\n".join(map(json.dumps, rows)) if layout == "lines" else json.dumps(rows), "utf-8")
    return path


@pytest.mark.parametrize("kind", ["auto", "tagged"])
@pytest.mark.parametrize(("layout", "place"), [("lines", "line 3"), ("array", "row 2")])
def test_lists_of_unlike_length_are_refused_with_the_first_of_them(
    tmp_path: Path, layout: str, place: str, kind: str
) -> None:
    rows = [{**row, "ner_tags": row["ner_tags"][: None if k == 0 else -1]} for k, row in enumerate(ROWS)]
    with pytest.raises(DataError) as refused:
        load_dataset(put(tmp_path / "people.json", rows, layout), kind=kind)
    assert str(refused.value) == (
        f"{tmp_path / 'people.json'}, {place}: “tokens” holds 3 tokens and “ner_tags” 2 tags; expected a tag for each "
        "token. Their numbers differ in 39 of 40 rows."
    )


@pytest.mark.parametrize("layout", ["lines", "array"])
def test_a_row_of_unlike_lists_among_many_is_left_out(tmp_path: Path, layout: str) -> None:
    rows = [{**row, "ner_tags": row["ner_tags"][: 1 if k == 6 else None]} for k, row in enumerate(ROWS)]
    dataset = load_dataset(put(tmp_path / "people.json", rows, layout))
    assert dataset.kind == "tagged"
    assert [row.reason for row in dataset.report.skipped_first] == ["2 words but 1 tag"]


def test_a_few_labels_of_a_long_text_are_no_tags(tmp_path: Path) -> None:
    rows = [{"tokens": [*TOKENS, f"word{k}"], "labels": ["pets", "sport"]} for k in range(40)]
    with pytest.raises(DataError, match="several labels for one text in 40 of 40 rows"):
        load_dataset(put(tmp_path / "topics.json", rows, "lines"))
