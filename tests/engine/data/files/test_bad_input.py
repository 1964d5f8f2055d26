"""What people open by mistake, or find broken: each is refused in words, with what was found and what was expected."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.data.dataset import Dataset
from engine.data.files.textfile import TextFile
from engine.data.load import load_dataset
from engine.errors import DataError


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(path: Path) -> str:
    """Why a file is refused, without its name."""
    with pytest.raises(DataError) as caught:
        load_dataset(path)
    assert caught.value.path == str(path)
    return str(caught.value).removeprefix(str(path))


DAYS = [f"2020-01-{day:02d}" for day in range(1, 31)]
FEW = "The series has {} of numbers; at least 10 are needed."


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (["day,sales", "2020-01-01,5.5"], "1 row"),
        (["day,sales", *(f"{day},{k}.5" for k, day in enumerate(DAYS[:2]))], "2 rows"),
        (["day,sales,visits", *(f"{day},{k}.5,{k * k}" for k, day in enumerate(DAYS[:9]))], "9 rows"),
        ([f"{day},{k}.5" for k, day in enumerate(DAYS[:3])], "3 rows"),
        (["value", "5.5"], "1 row"),
        (["value", "5.5", "6.5"], "2 rows"),
        (["a,b", "1.5,2.5"], "1 row"),
    ],
)
def test_a_series_of_a_few_rows_is_too_short_and_nothing_else(rows: list[str], found: str, tmp_path: Path) -> None:
    """Neither dates are texts with numbers to predict, nor is the name of the column a row."""
    for end in ("", "\n"):
        assert refusal(put(tmp_path / "x.csv", "\n".join(rows) + end)) == f": {FEW.format(found)}"


def test_few_texts_with_numbers_are_still_texts(tmp_path: Path) -> None:
    rated = load_dataset(put(tmp_path / "x.csv", "text,rating\nfine film,5\npoor film,1\nfine end,4.5\nno end,2\n"))
    assert rated.kind == "rated"
    assert load_dataset(put(tmp_path / "y.txt", "5.5\n6.5\n7.5\n")).kind == "sequences"


@pytest.mark.parametrize(("cell", "line"), [("inf", 31), ("1e400", 12), ("many", 12), ("-Infinity", 20)])
def test_what_is_no_finite_number_is_named_with_its_line(cell: str, line: int, tmp_path: Path) -> None:
    rows = [f"{day},{k % 7}.5" for k, day in enumerate(DAYS)]
    rows[line - 2] = f"{DAYS[line - 2]},{cell}"
    told = refusal(put(tmp_path / "x.csv", "\n".join(["day,sales", *rows])))
    assert told == f", line {line}: “sales” holds '{cell}'; expected a finite number."


def test_a_series_of_one_number_again_and_again_is_refused(tmp_path: Path) -> None:
    told = refusal(put(tmp_path / "x.csv", "\n".join(["day,sales", *(f"{day},5" for day in DAYS)])))
    assert told == ": The column “sales” holds the same number, 5, in every training row; expected numbers that vary."


def test_a_header_wider_than_its_rows_is_told(tmp_path: Path) -> None:
    def opened(header: str) -> Dataset:
        return load_dataset(
            put(tmp_path / "x.csv", "\n".join([header, *(f"{day},{k % 7}.5" for k, day in enumerate(DAYS))]))
        )

    told = "Line 1, “day,sales,visits”, has 3 cells and the rows have 2, so it does not name their columns."
    assert told in opened("day,sales,visits").report.findings
    assert not opened("day,sales").report.findings
    assert not opened("Sales of the shop, by the day").report.findings, "a title with a comma"


def test_a_gzip_file_inside_another_is_no_text(tmp_path: Path) -> None:
    inner = gzip.compress(b"a good one\n" * 100_000)
    assert "a gzip file inside another; unpack it first" in refusal(put(tmp_path / "x.txt.gz", gzip.compress(inner)))


@pytest.mark.parametrize("name", ["x.docx", "x", "x.download", "x.xls"])
def test_a_workbook_is_read_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [("text", "label"), *((f"text {k}", "ab"[k % 2]) for k in range(20))]:
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    assert load_dataset((tmp_path / "book.xlsx").rename(tmp_path / name)).kind == "labelled"


@pytest.mark.parametrize("name", ["x.json", "x.jsonl"])
def test_json_beyond_all_bounds_is_refused_in_words(name: str, tmp_path: Path) -> None:
    begin, end = ("[", "]") if name == "x.json" else ("", "")
    lines = 1 if begin else 3
    deep = put(tmp_path / name, "\n".join([f'{begin}{{"text": {"[" * 100_000}'] * lines))
    assert "nested too deeply" in refusal(deep)
    long = put(tmp_path / name, f'{begin}{{"text": "a", "label": {"9" * 10_000}}}{end}\n' * lines)
    told = refusal(long)
    assert "a number of more than 4,300 digits" in told
    assert "sys." not in told
    good = [{"text": f"text {k}", "label": "ab"[k % 2]} for k in range(40)]
    whole = json.dumps(good) if begin else "\n".join(map(json.dumps, good))
    assert load_dataset(put(tmp_path / name, whole)).kind == "labelled"


@pytest.mark.parametrize("far", ["XFD1048576", "ZZ41"])
def test_a_stray_cell_far_from_the_others_is_no_reason_to_write_all_between(far: str, tmp_path: Path) -> None:
    """Beside sixteen thousand empty columns and below a million empty rows, they are more than a disk holds."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [("text", "label"), *((f"text {k}", "ab"[k % 2]) for k in range(39))]:
        book.active.append(row)
    book.active[far] = "far"
    book.save(tmp_path / "x.xlsx")
    with TextFile(tmp_path / "x.xlsx") as file:
        assert file.size < 2_000_000
        assert sum(map(bool, file.lines())) >= 40
    dataset = load_dataset(tmp_path / "x.xlsx", columns=["text", "label"])
    assert (dataset.kind, dataset.labels) == ("labelled", ("a", "b"))


def test_a_row_beyond_the_last_one_of_any_workbook_is_told(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [("text", "label"), *((f"text {k}", "ab"[k % 2]) for k in range(39))]:
        book.active.append(row)
    book.save(tmp_path / "ok.xlsx")
    with ZipFile(tmp_path / "ok.xlsx") as whole, ZipFile(tmp_path / "x.xlsx", "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'A1:B40"', b'A1:XFD2000000000"').replace(b'"40"', b'"2000000000"')
                content = content.replace(b'"A40"', b'"A2000000000"').replace(b'"B40"', b'"B2000000000"')
            archive.writestr(name, content)
    told = refusal(tmp_path / "x.xlsx")
    assert told == ": The sheet “Sheet” has more than 1,048,576 rows; expected at most as many as Excel has."


@pytest.mark.parametrize("mark", ["{", "[", "[K:", '"', "!", ":", "(3", "%"])
def test_marks_in_a_tune_that_are_never_closed_are_not_looked_for_over_and_over(mark: str, tmp_path: Path) -> None:
    """Each has a hundred thousand others behind it."""
    tunes = "".join(f"X:{n}\nK:C\nABc{n}|\n" for n in range(9))
    book = put(tmp_path / "x.abc", f"X:9\nK:C\nz|{mark * (150_000 // len(mark))}\n{tunes}")
    assert load_dataset(book).recognition.form == "abc"


def test_an_endless_cell_is_quoted_by_its_beginning(tmp_path: Path) -> None:
    rows = [f"{day},{'9' * 5000}" for day in DAYS]
    told = refusal(put(tmp_path / "x.csv", "\n".join(["day,sales", *rows])))
    assert told.startswith(", line 2: “sales” holds '999")
    assert told.endswith("9…'; expected a finite number.")
    assert len(told) < 120
