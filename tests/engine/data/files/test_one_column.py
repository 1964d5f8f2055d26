"""A CSV of one column: quotation marks enclose what needs them, and the first line names the column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.data.load import load_dataset
from tests.engine.data.files.test_as_meant import KINDS, THINGS
from tests.engine.data.files.test_number_tables import put

TEXTS = [
    f"We found the {THINGS[k % 10]} {KINDS[k % 12]}{' and said so,' if k % 2 else ''} on the way home {k}"
    for k in range(90)
]


def always(text: str) -> str:
    return f'"{text}"'


def where_needed(text: str) -> str:
    return f'"{text}"' if "," in text else text


@pytest.mark.parametrize("title", ["comment", "Anmerkungen", "Q7"])
@pytest.mark.parametrize("written", [always, where_needed])
def test_the_marks_and_the_title_are_no_text(tmp_path: Path, written: Callable[[str], str], title: str) -> None:
    dataset = load_dataset(put(tmp_path / "survey.csv", [title, *map(written, TEXTS)]))
    found = dataset.recognition
    assert (found.columns, found.previews[0][:3], dataset.report.rows) == ((title,), tuple(TEXTS[:3]), len(TEXTS))


@pytest.mark.parametrize("written", [always, where_needed])
def test_a_text_like_the_others_is_no_title(tmp_path: Path, written: Callable[[str], str]) -> None:
    dataset = load_dataset(put(tmp_path / "survey.csv", list(map(written, TEXTS))))
    assert (dataset.recognition.has_header, dataset.report.rows) == (False, len(TEXTS))
    assert dataset.recognition.previews[0][:3] == tuple(TEXTS[:3])
