"""A file that is used with a trained network is read in the layout of its training data, whatever it would be taken for
on its own."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.dataset import Dataset
from engine.data.examples_file import load_examples
from engine.data.files.texts_to_answer import AskedFile, read_inputs
from engine.data.load import load_dataset
from engine.runs.data_source import DataSource

TITLES = ("red laptop", "old mouse", "refurbished desk", "new desk", "usb cable")
TEXTS = [TITLES[k % 5] for k in range(100)]


def put(path: Path, header: str, rows: list[str], encoding: str = "utf-8") -> Path:
    path.write_bytes("".join(f"{row}\n" for row in (*filter(None, [header]), *rows)).encode(encoding))
    return path


def asked(path: Path, trained: Dataset) -> AskedFile:
    """The file as a saved run would read it."""
    layout = DataSource.from_json(DataSource.of(trained).to_json()).layout
    return read_inputs(path, trained.codec, layout, chosen=trained.config)


def dated(k: int) -> str:
    return f"2024-{1 + k // 28:02}-{1 + k % 28:02}"


CASES: dict[str, tuple[str, list[str], dict[str, Any]]] = {
    # What is taken for sales of five things over time, for rows of measurements, and for labels of digits.
    "rated": ("date,title,price", [f"{dated(k)},{t},{k * 1.25}" for k, t in enumerate(TEXTS)],
              {"kind": "rated", "source_column": "title", "target_column": "price"}),
    "labelled": ("size,title,weight,group", [f"{k * 1.5},{t},{k / 4},{'ab'[k % 2]}" for k, t in enumerate(TEXTS)],
                 {"kind": "labelled", "source_column": "title", "target_column": "group"}),
    "pairs": ("n,title,translation", [f"{k % 7}.5,{t},{t[::-1]}" for k, t in enumerate(TEXTS)],
              {"kind": "pairs", "source_column": "title", "target_column": "translation"}),
    "pairs that repeat": ("title,other", [f"{t},{t[::-1]}" for t in TEXTS],
                          {"kind": "pairs", "source_column": "title", "target_column": "other"}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_own_file_of_a_run_is_read_in_its_columns_with_all_others_beside(case: str, tmp_path: Path) -> None:
    header, rows, chosen = CASES[case]
    path = put(tmp_path / "x.csv", header, rows)
    found = asked(path, load_dataset(path, **chosen))
    assert found.texts == TEXTS
    assert found.columns == tuple(header.split(","))
    assert [list(row.cells) for row in found.rows] == [row.split(",") for row in rows]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("header", "row"),
    [("when,title,amount", "{d},{t},{n}"), ("a,title,b", "{n},{t},{n}"), ("title;n", "{t};{n}"),
     ("n\ttitle", "{i}\t{t}"), ("title,group", "{t},{g}")],
)  # fmt: skip
def test_so_is_a_file_with_the_column_that_is_read_beside_others(
    case: str, header: str, row: str, tmp_path: Path
) -> None:
    own, rows, chosen = CASES[case]
    trained = load_dataset(put(tmp_path / "x.csv", own, rows), **chosen)
    more = [row.format(t=t, d=dated(k), n=k * 1.75, i=k, g="xyz"[k % 3]) for k, t in enumerate(TEXTS)]
    found = asked(put(tmp_path / "new.csv", header, more), trained)
    assert found.texts == TEXTS
    assert len(found.columns) == len(header.replace(";", ",").replace("\t", ",").split(","))


def test_a_first_row_that_was_said_to_be_data_is_answered_and_evaluated(tmp_path: Path) -> None:
    rows = ["Komponente,Ergebnis", *(f"valve {k} leaks again,{('pass', 'fail')[k % 2]}" for k in range(80))]
    path = put(tmp_path / "x.csv", "", rows)
    trained = load_dataset(path, header="no")
    assert asked(path, trained).texts == [row.partition(",")[0] for row in rows]
    assert load_examples(path, trained.codec, trained.config, trained.recognition).rows == 81


def test_the_encoding_of_the_training_data_is_taken_where_that_of_a_file_is_unclear(tmp_path: Path) -> None:
    words = ["Mädchen", "Straße", "schön", "übermütig"]
    rows = [f"{word} {k},{'ab'[k % 2]}" for k, word in enumerate(words * 10)]
    path = put(tmp_path / "x.csv", "text,label", rows, "mac_roman")
    trained = load_dataset(path, encoding="mac_roman")
    few = put(tmp_path / "few.csv", "text,label", rows[:2], "mac_roman")
    assert asked(few, trained).texts == ["Mädchen 0", "Straße 1"]
    layout = DataSource.of(trained).layout
    examples = load_examples(few, trained.codec, trained.config, layout).examples
    assert "ä" in examples[0].source
    clear = put(tmp_path / "clear.csv", "text,label", ["größte Übung,a", "Œuvre,b"])
    assert asked(clear, trained).texts == ["größte Übung", "Œuvre"]


def test_a_validation_file_has_the_encoding_of_the_training_data_where_its_own_is_unclear(tmp_path: Path) -> None:
    texts = ["Привет, мир", "Мама мыла раму", "Я читаю книги"] * 20
    rows = [f"{text}\t{'ab'[k % 2]}" for k, text in enumerate(texts)]
    path = put(tmp_path / "x.tsv", "text\tlabel", rows, "koi8_r")
    own = put(tmp_path / "own.tsv", "text\tlabel", ["Мир\ta", "Дом\tb"], "koi8_r")
    dataset = load_dataset(path, validation_file=str(own))
    assert dataset.recognition.encoding == "KOI8-R"
    assert dataset.codec.join(dataset.validation[0].source) == "Мир"


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_file_of_nothing_but_the_column_that_a_network_reads_is_a_table_of_that_column(
    delimiter: str, tmp_path: Path
) -> None:
    rows = [delimiter.join((f"{k}", TEXTS[k], "ab"[k % 2])) for k in range(100)]
    trained = load_dataset(put(tmp_path / "x.csv", delimiter.join(("id", "subject", "group")), rows))
    assert trained.recognition.source_column == "subject"
    texts = [f"dear all{delimiter} {t}" if k % 3 == 0 else t for k, t in enumerate(TEXTS)]
    cells = [f'"{text}"' if delimiter in text else text for text in texts]
    found = asked(put(tmp_path / "inbox.csv", "subject", cells), trained)
    assert found.columns == ("subject",)
    assert found.texts == texts
    assert found.style.delimiter == "", "nothing says what would separate its answers"


def test_a_series_is_read_in_the_columns_of_its_run_whatever_its_own_layout_would_be(tmp_path: Path) -> None:
    months = "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec"
    rows = [f"{1990 + y}," + ",".join(f"{(y * 7 + m * 5) % 31}.5" for m in range(12)) for y in range(30)]
    by_month = put(tmp_path / "months.csv", f"Year,{months}", rows)
    by_year = put(tmp_path / "years.csv", "2019,2020", [f"{k % 7}.5,{k % 5}.5" for k in range(60)])
    for path, chosen, names in (
        (by_month, {"form": "numbers"}, months.split(",")), (by_year, {"header": "yes"}, ["2019", "2020"]),
    ):  # fmt: skip
        numbers = load_dataset(path, **chosen).codec.frames
        assert numbers is not None
        assert list(numbers.names) == names
        (series,) = numbers.read_series(path).series
        assert series.values.shape == (len(path.read_text().splitlines()) - 1, len(names))
        assert series.values[0, 0] == 0.5


def test_runs_without_a_kept_encoding_open(tmp_path: Path) -> None:
    source = DataSource.of(load_dataset(put(tmp_path / "x.csv", *CASES["rated"][:2]), **CASES["rated"][2]))
    values = source.to_json()
    del values["table"]["encoding"]
    assert source.layout is not None
    assert DataSource.from_json(values).layout == replace(source.layout, encoding="")
    assert source.layout.kind == Kind.RATED
    assert isinstance(source.config, DataConfig)
