"""Numbers with decimals on a scale are numbers; a few whole ones are labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from engine.data.load import load_dataset

WORDS = ("never again", "all is well", "broken", "a good price", "too late", "as described", "too short")
HALVES = [1 + k / 2 for k in range(9)]
TENTHS = [1 + k / 10 for k in range(41)]
Write = Callable[[float], str]


def put(path: Path, values: Sequence[float], written: Write, row: str, header: str) -> Path:
    texts = (f"{WORDS[k % 7]}, {WORDS[k // 7 % 7]}, {WORDS[k // 49]}" for k in range(300))
    cells = (written(values[k * 7 % len(values)]) for k in range(300))
    path.write_text(
        "\n".join([header, *(row.format(*pair) for pair in zip(texts, cells, strict=True))]) + "\n", "utf-8"
    )
    return path


def comma(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


@pytest.mark.parametrize("values", [HALVES, TENTHS], ids=["halves", "tenths"])
@pytest.mark.parametrize("written", [comma, lambda v: f"{v:g}".replace(".", ","), lambda v: f"{v:.1f}"])
@pytest.mark.parametrize(
    ("name", "row", "header"),
    [("x.csv", "{};{}", "comment;grade"), ("x.tsv", "{}\t{}", "comment\tgrade"),
     ("x.csv", '"{}","{}"', "comment,grade"), ("x.csv", "{1};{0}", "grade;comment")],
)  # fmt: skip
def test_a_scale_with_decimals_is_a_number(
    tmp_path: Path, values: Sequence[float], written: Write, name: str, row: str, header: str
) -> None:
    dataset = load_dataset(put(tmp_path / name, values, written, row, header))
    assert (dataset.kind, dataset.recognition.target_column) == ("rated", "grade")
    read = {round(float(example.target[0]), 4) for part in (dataset.train, dataset.validation) for example in part}
    assert read == {round(value, 4) for value in values}
    assert dataset.report.skipped == 0
    as_label = load_dataset(tmp_path / name, kind="labelled")
    assert as_label.labels is not None
    assert len(as_label.labels) == len(values)


def test_a_missing_number_does_not_hide_a_scale(tmp_path: Path) -> None:
    dataset = load_dataset(
        put(tmp_path / "x.csv", [*HALVES, 0], lambda v: comma(v) if v else "n/a", "{};{}", "comment;grade")
    )
    assert (dataset.kind, dataset.report.skipped) == ("rated", 30)


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([1, 2, 3, 4, 5], str),
        ([1, 2, 3, 4, 5], comma),
        (range(1, 11), str),
        (range(1, 11), comma),
        ([0, 0.5, 1], comma),
    ],
)
def test_a_few_numbers_stay_labels(tmp_path: Path, values: Sequence[float], written: Write) -> None:
    dataset = load_dataset(put(tmp_path / "x.csv", values, written, "{};{}", "comment;grade"))
    assert dataset.kind == "labelled"
    assert dataset.labels is not None
    assert len(dataset.labels) == len(values)


@pytest.mark.parametrize("label", ["5 b", "2 kg or 3 m", "1 a"])
def test_lists_of_labels_and_classes_are_no_numbers(tmp_path: Path, label: str) -> None:
    """A class of a school is written like a length; where letters differ, they are no unit."""
    others = [f"{k} {letter}" for k in range(5, 10) for letter in "abc"]
    cells = iter([label, *others] * 40)
    dataset = load_dataset(put(tmp_path / "x.csv", [1.0], lambda _: next(cells), "{};{}", "comment;class"))
    assert dataset.kind == "labelled"
