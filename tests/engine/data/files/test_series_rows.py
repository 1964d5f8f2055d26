"""A labelled series in each row of a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.errors import DataError

ROWS = [
    ([round(float(x), 2) for x in np.sin(np.arange(10 + k % 3) * (0.3 + k % 2)) + k / 50], "ab"[k % 2])
    for k in range(20)
]
STEPS = [f"t{step}" for step in range(12)]


def filled(values: list[float]) -> list[str]:
    return [str(value) for value in values] + [""] * (12 - len(values))


def put(path: Path, rows: list[list[str]], delimiter: str = ",") -> Path:
    path.write_text("\n".join(delimiter.join(row) for row in rows) + "\n")
    return path


HINT = "; if the first column is the label of the series in its row, choose “series or sound, and label” as the content"

LAID_OUT = {
    "label first, columns numbered": [["label", *STEPS], *([label, *filled(values)] for values, label in ROWS)],
    "label last, columns numbered": [[*STEPS, "label"], *([*filled(values), label] for values, label in ROWS)],
    "no header": [[label, *filled(values)] for values, label in ROWS],
}
LAID_OUT |= {
    f"{name}, below a title": [["Recordings of 2022", *[""] * 12], [""] * 13, *rows] for name, rows in LAID_OUT.items()
}


@pytest.mark.parametrize("name", LAID_OUT)
def test_each_row_is_a_series_with_its_label(tmp_path: Path, name: str) -> None:
    dataset = engine.load_dataset(put(tmp_path / "rows.csv", LAID_OUT[name]))
    assert (dataset.kind, dataset.recognition.form) == ("labelled-series", "series-rows")
    assert dataset.recognition.reason == "a series of up to 12 numbers in each row, by label: a, b"
    read = sorted(
        (one.source[:, 0].tolist(), one.target[0]) for part in (dataset.train, dataset.validation) for one in part
    )
    assert [label for _, label in read] == [label for _, label in sorted(ROWS)]
    for (found, _), (wanted, _) in zip(read, sorted(ROWS), strict=True):
        assert found == pytest.approx(wanted)


NAMED = [["V1", *(f"V{step + 2}" for step in range(40))]] + [
    [f"D{k}", *(f'"{100 * k + step + 0.5}"' if step < 30 + k else "" for step in range(40))] for k in range(1, 9)
]


def test_below_numbered_columns_rows_that_begin_with_their_name_are_series_to_forecast(tmp_path: Path) -> None:
    """As in the files of the M competitions; the first column was taken for texts and the second for their number."""
    dataset = engine.load_dataset(put(tmp_path / "daily.csv", NAMED))
    assert (dataset.kind, dataset.recognition.form) == ("series", "series-rows")
    assert dataset.recognition.reason == "a named series of up to 40 numbers in each row"
    assert dataset.report.remarks == ()
    first = [part.source[0, 0] for part in dataset.train]
    assert first == pytest.approx([100 * k + 0.5 for k in range(1, 9)])


def test_names_that_occur_twice_or_columns_of_different_meaning_are_no_such_series(tmp_path: Path) -> None:
    twice = [NAMED[0], *NAMED[1:], *NAMED[1:]]
    assert engine.load_dataset(put(tmp_path / "twice.csv", twice)).kind == "labelled-series"
    words = ["name", *(f"{a}{b}" for a in "abcd" for b in "efghijklmn")]
    assert engine.load_dataset(put(tmp_path / "words.csv", [words, *NAMED[1:]])).recognition.form != "series-rows"


def test_such_a_table_can_validate_and_be_the_test(tmp_path: Path) -> None:
    path = put(tmp_path / "rows.csv", LAID_OUT["no header"])
    dataset = engine.load_dataset(path, validation=path, test=path)
    assert len(dataset.validation) == 20
    assert dataset.test is not None
    assert len(dataset.test) == 20


def test_labels_that_are_numbers_are_read_where_that_is_asked_for(tmp_path: Path) -> None:
    rows = [[str("ab".index(label) + 1), *map(str, values[:10])] for values, label in ROWS]
    path = put(tmp_path / "rows.tsv", rows, "\t")
    assert engine.load_dataset(path).kind != "labelled-series"
    dataset = engine.load_dataset(path, kind="labelled-series")
    assert (dataset.recognition.form, set(dataset.labels)) == ("series-rows", {"1", "2"})


@pytest.mark.parametrize(
    ("cells", "words"),
    [(["many"], "line 21: The series holds 'many' at step 3"), (["", "4"], "line 21: The series holds '' at step 3")],
)
def test_a_bad_cell_is_refused_with_its_line(tmp_path: Path, cells: list[str], words: str) -> None:
    rows = [[label, *map(str, values[:10])] for values, label in ROWS]
    bad = ["a", "1", "2", *cells, *["5"] * (8 - len(cells))]
    with pytest.raises(DataError, match=words):
        engine.load_dataset(put(tmp_path / "rows.csv", [*rows, bad]), form="series-rows")


def test_columns_of_different_meaning_and_texts_with_a_label_are_no_series(tmp_path: Path) -> None:
    names = ["age", "height", "weight", "pulse", "iron", "zinc", "salt", "sugar", "fat", "kind"]
    rows = [names, *([*map(str, values[:9]), label] for values, label in ROWS)]
    with pytest.raises(engine.DataError, match=r"9 columns of numbers .* and a label .kind.; expected texts"):
        engine.load_dataset(put(tmp_path / "features.csv", rows))
    texts = [["text", "label"], *([f"film number {k}", label] for k, (_, label) in enumerate(ROWS))]
    assert engine.load_dataset(put(tmp_path / "texts.csv", texts)).kind == "labelled"


def test_numbers_behind_what_may_be_the_number_of_a_class_are_steps_with_a_hint_to_the_other_content(
    tmp_path: Path,
) -> None:
    rows = [[str(1 + k % 3), *(f"{x:.4f}" for x in np.sin(np.arange(40) * (0.2 + k % 3)) + k / 50)] for k in range(60)]
    path = put(tmp_path / "UCR_TRAIN.tsv", rows, "\t")
    dataset = engine.load_dataset(path)
    assert (dataset.kind, dataset.recognition.reason) == (
        "series", f"41 columns of numbers, a row for each step{HINT}",
    )  # fmt: skip
    assert engine.load_dataset(path, kind="labelled-series").labels == ("1", "2", "3")
    assert "content" not in engine.load_dataset(path, kind="series").recognition.reason, "it was chosen by hand"


def test_the_number_of_a_class_may_come_last_and_be_written_as_a_float(tmp_path: Path) -> None:
    """As in tables of heartbeats that NumPy has written."""
    rows = [[*(f"{x:.4e}" for x in np.sin(np.arange(40) * (0.2 + k % 3)) + k / 50), f"{k % 3:.8e}"] for k in range(60)]
    path = put(tmp_path / "beats.csv", rows)
    dataset = engine.load_dataset(path)
    assert dataset.recognition.reason.endswith(HINT.replace("first", "last"))
    chosen = engine.load_dataset(path, kind="labelled-series")
    assert chosen.labels == ("0", "1", "2")
    assert chosen.recognition.reason == "a series of up to 40 numbers in each row, by label: 0, 1, 2"


@pytest.mark.parametrize("last", [False, True])
def test_numbered_columns_beside_one_that_is_called_label_are_series_whatever_numbers_they_hold(
    tmp_path: Path, last: bool
) -> None:
    """As in tables of pictures: the first pixel was taken for a text."""
    names, rows = [f"pixel{k}" for k in range(100)], []
    for k in range(60):
        rows.append([str(255 * (k * j % 7 > 4)) for j in range(100)])
        rows[-1].insert(100 * last, str(k % 10))
    names.insert(100 * last, "label")
    dataset = engine.load_dataset(put(tmp_path / "pictures.csv", [names, *rows]))
    assert (dataset.kind, set(dataset.labels)) == ("labelled-series", set("0123456789"))


@pytest.mark.parametrize("what", ["a column is whole", "names", "the first counts", "few columns"])
def test_numbers_without_the_signs_of_a_class_get_no_such_hint(tmp_path: Path, what: str) -> None:
    rows = [[str(1 + k % 3), *(f"{x:.4f}" for x in np.sin(np.arange(40) * (0.2 + k % 3)) + k / 50)] for k in range(60)]
    if what == "a column is whole":
        rows = [[*row[:-1], str(k % 5)] for k, row in enumerate(rows)]
    elif what == "names":
        rows = [["state", *(f"sensor {k}" for k in range(40))], *rows]
    elif what == "the first counts":
        rows = [[str(100 + k * k), *row[1:]] for k, row in enumerate(rows)]
    else:
        rows = [row[:6] for row in rows]
    dataset = engine.load_dataset(put(tmp_path / "a.csv", rows))
    assert dataset.kind == "series"
    assert "content" not in dataset.recognition.reason
