"""What the tools that people use would write from a small data set is read as meant, or refused with what to do."""

from __future__ import annotations

import builtins
import csv
import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from engine.data.dataset import Dataset
from engine.data.load import load_dataset
from engine.data.no_use import no_use
from engine.errors import ConfigError, DataError

THINGS = ["soup", "room", "train", "garden", "lamp", "bread", "clerk", "museum", "beach", "hôtel"]
ROWS = [(f"the {THINGS[i % 10]} was number {i}, and we said “{'so' if i % 3 else 'no'}”", "good" if i % 2 else "poor")
        for i in range(60)]  # fmt: skip
FRAME = pd.DataFrame(ROWS, columns=["text", "label"])


def check(path: Path) -> Dataset:
    dataset = load_dataset(path, unit="character")
    assert (dataset.kind, dataset.report.rows, set(dataset.labels)) == ("labelled", 60, {"good", "poor"})
    texts = {"".join(example.source) for part in (dataset.train, dataset.validation) for example in part}
    assert texts == {text for text, _ in ROWS}
    return dataset


PANDAS_TABLES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "without index": {"index": False},
    "without header": {"index": False, "header": False},
    "tabs": {"sep": "\t"},
    "semicolons and a mark": {"sep": ";", "encoding": "utf-8-sig"},
    "all quoted": {"quoting": csv.QUOTE_ALL},
    "UTF-16": {"encoding": "utf-16", "sep": "\t"},
    "gzip": {"compression": "gzip"},
    "named index": {"index_label": "row"},
}


@pytest.mark.parametrize("way", PANDAS_TABLES)
def test_tables_of_pandas(way: str, tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "x.csv", **PANDAS_TABLES[way])
    check(tmp_path / "x.csv")


def test_a_table_of_pandas_without_names_of_columns(tmp_path: Path) -> None:
    pd.DataFrame(ROWS).to_csv(tmp_path / "x.csv")
    check(tmp_path / "x.csv")


@pytest.mark.parametrize("orient", ["records", "values"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_of_pandas_in_rows(orient: Any, ascii_only: bool, tmp_path: Path) -> None:
    FRAME.to_json(tmp_path / "x.json", orient=orient, force_ascii=ascii_only, indent=2 if ascii_only else None)
    check(tmp_path / "x.json")
    FRAME.to_json(tmp_path / "x.jsonl", orient="records", lines=True, force_ascii=ascii_only)
    check(tmp_path / "x.jsonl")


@pytest.mark.parametrize("orient", ["columns", "index", "split", "table"])
def test_json_of_pandas_in_other_arrangements_is_refused_with_what_to_write(orient: Any, tmp_path: Path) -> None:
    FRAME.to_json(tmp_path / "x.json", orient=orient)
    with pytest.raises(DataError, match=r'one JSON object.*orient="records"'):
        load_dataset(tmp_path / "x.json")


def lines_of(write: Callable[[int, str, str], object]) -> str:
    rows = [write(i, text, label) for i, (text, label) in enumerate(ROWS)]
    return "".join((row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n" for row in rows)


def quoted(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if delimiter in cell or '"' in cell else cell


TEXT_FILES: dict[str, tuple[str, str, str]] = {
    "Excel, CSV of a German Windows": ("x.csv", "cp1252", "text;label\r\n" + lines_of(lambda i, t, s: f"{t};{s}\r")),
    "Excel, CSV UTF-8": (
        "x.csv", "utf-8-sig", "text,label\r\n" + lines_of(lambda i, t, s: f"{quoted(t, ',')},{s}\r")
    ),
    "Excel, Unicode text": (
        "x.txt", "utf-16", "text\tlabel\r\n" + lines_of(lambda i, t, s: f'"{t}"\t{s}\r')
    ),
    "Excel with sep": ("x.csv", "utf-8", "sep=;\r\ntext;label\r\n" + lines_of(lambda i, t, s: f"{t};{s}\r")),
    "Google Sheets": ("x.csv", "utf-8", "text,label\r\n" + lines_of(lambda i, t, s: f"{quoted(t, ',')},{s}\r")),
    "LibreOffice": ("x.csv", "utf-8", '"text","label"\n' + lines_of(lambda i, t, s: f'"{t}","{s}"')),
    "doccano": ("x.jsonl", "utf-8", lines_of(lambda i, t, s: {"id": i, "text": t, "label": [s], "Comments": []})),
    "doccano CSV": ("x.csv", "utf-8", "id,data,label\n" + lines_of(lambda i, t, s: f"{i},{quoted(t, ',')},{s}")),
    "Label Studio CSV": (
        "x.csv", "utf-8",
        "annotation_id,annotator,created_at,id,lead_time,sentiment,text,updated_at\n" + lines_of(
            lambda i, t, s: f"{i},1,2024-01-02T03:04:{i:02d}.123Z,{i},{i}.25,{s},{quoted(t, ',')},2024-01-02T03:05:00Z"
        ),
    ),
    "Prodigy": (
        "x.jsonl", "utf-8",
        lines_of(lambda i, t, s: {"text": t, "_input_hash": i * 7919, "_task_hash": -i, "options": [{"id": "good"}],
                                  "accept": [s], "answer": "accept", "_timestamp": 1_700_000_000 + i}),
    ),
    "Hugging Face": ("x.jsonl", "utf-8", lines_of(lambda i, t, s: {"idx": i, "text": t, "label": s})),
    "R": ("x.tsv", "utf-8", "text\tlabel\n" + lines_of(lambda i, t, s: f'{t}\t{s}')),
    "fastText": ("x.txt", "utf-8", lines_of(lambda i, t, s: f"__label__{s} {t}")),
    "Kaggle spam": ("x.csv", "cp1252", "v1,v2,,,\r\n" + lines_of(lambda i, t, s: f"{s},{quoted(t, ',')},,,\r")),
    "Sentiment140": (
        "x.csv", "cp1252",
        lines_of(lambda i, t, s: f'"{s}","146{i:05d}","Mon Apr 06 22:19:{i:02d} PDT 2009","NO_QUERY","me{i}","{t}"'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("tool", TEXT_FILES)
def test_labelled_files_of_many_tools(tool: str, tmp_path: Path) -> None:
    name, encoding, text = TEXT_FILES[tool]
    (tmp_path / name).write_bytes(text.encode(encoding))
    check(tmp_path / name)


def test_a_task_of_label_studio_with_a_choice_is_labelled(tmp_path: Path) -> None:
    tasks = []
    for i, (text, label) in enumerate(ROWS):
        chosen = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
        tasks.append(
            {"id": i, "data": {"text": text, "source": "shop"}, "annotations": [{"id": i, "result": [chosen]}]}
        )
    (tmp_path / "x.json").write_text(json.dumps(tasks), encoding="utf-8")
    check(tmp_path / "x.json")


PAIRS = [(f"I see {thing} {i}.", f"Je vois {thing} {i} !") for i in range(6) for thing in THINGS]
PAIR_FILES = {
    "Anki": "#separator:tab\n#html:false\n#tags column:3\n" + "".join(f"{a}\t{b}\tfrench\n" for a, b in PAIRS),
    "manythings": "".join(f"{a}\t{b}\tCC-BY 2.0 (France) Attribution: tatoeba.org #1 (CM)\n" for a, b in PAIRS),
    "Tatoeba": "".join(f"{1276 + i}\t{a}\t{9999 + i}\t{b}\n" for i, (a, b) in enumerate(PAIRS)),
    "header": "English\tFrench\n" + "".join(f"{a}\t{b}\n" for a, b in PAIRS),
}


@pytest.mark.parametrize("tool", PAIR_FILES)
def test_pairs_of_many_tools(tool: str, tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text(PAIR_FILES[tool], encoding="utf-8")
    dataset = load_dataset(tmp_path / "x.tsv", unit="character", target_unit="character")
    assert (dataset.kind, dataset.report.rows) == ("pairs", 60)
    found = {("".join(e.source), "".join(e.target)) for part in (dataset.train, dataset.validation) for e in part}
    assert found == set(PAIRS)


def test_pairs_of_hugging_face_are_found_deep_inside(tmp_path: Path) -> None:
    text = "".join(
        json.dumps({"id": str(i), "translation": {"en": a, "fr": b}}) + "\n" for i, (a, b) in enumerate(PAIRS)
    )
    (tmp_path / "x.jsonl").write_text(text, encoding="utf-8")
    assert load_dataset(tmp_path / "x.jsonl").kind == "pairs"


def test_sentences_of_tatoeba_are_texts_with_their_language(tmp_path: Path) -> None:
    rows = [(a, "eng") if i % 2 else (b, "fra") for i, (a, b) in enumerate(PAIRS)]
    (tmp_path / "x.csv").write_text("".join(f"{i}\t{lang}\t{text}\n" for i, (text, lang) in enumerate(rows)), "utf-8")
    assert set(load_dataset(tmp_path / "x.csv").labels) == {"eng", "fra"}


def test_tokens_of_hugging_face_have_their_tags(tmp_path: Path) -> None:
    rows = [{"id": str(i), "tokens": ["Ada", "saw", thing, "."], "ner_tags": [1, 0, 3, 0]} for i, thing in
            enumerate(THINGS * 3)]  # fmt: skip
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    dataset = load_dataset(tmp_path / "x.jsonl")
    assert (dataset.kind, dataset.train[0].target) == ("tagged", ("1", "0", "3", "0"))


def test_annotations_of_brat_and_old_json_of_spacy_are_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ada saw Oslo.\n" * 3, encoding="utf-8")
    (tmp_path / "b.txt").write_text("Ada saw Rome.\n" * 3, encoding="utf-8")
    ann = "".join(f"T{i}\tPerson {14 * i} {14 * i + 3}\tAda\n" for i in range(3)) + "R1\tKnows Arg1:T0 Arg2:T1\n"
    (tmp_path / "a.ann").write_text(ann, encoding="utf-8")
    for path in (tmp_path, tmp_path / "a.ann"):
        with pytest.raises(DataError, match=r"brat.*anntoconll"):
            load_dataset(path)
    token = {"id": 0, "orth": "Ada", "tag": "NNP", "ner": "U-PERSON"}
    documents = [{"id": i, "paragraphs": [{"raw": "Ada", "sentences": [{"tokens": [token]}]}]} for i in range(9)]
    (tmp_path / "x.json").write_text(json.dumps(documents), encoding="utf-8")
    with pytest.raises(DataError, match="under “paragraphs”"):
        load_dataset(tmp_path / "x.json")


def test_a_list_of_rows_inside_one_object_is_pointed_at(tmp_path: Path) -> None:
    text = json.dumps({"version": 1, "data": [{"text": text, "label": label} for text, label in ROWS]})
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="under “data”: save that list by itself"):
        load_dataset(tmp_path / "x.json")


class TestWorkbooks:
    def test_the_first_sheet_with_rows_is_read(self, tmp_path: Path) -> None:
        FRAME.to_excel(tmp_path / "x.xlsx")
        check(tmp_path / "x.xlsx")
        book = openpyxl.Workbook()
        sheet = book.create_sheet("Data")
        for row in [("text", "label", "when"), *((text, label, 1.0) for text, label in ROWS)]:
            sheet.append(row)
        book.save(tmp_path / "y.xlsx")
        check(tmp_path / "y.xlsx")

    @pytest.mark.parametrize("hidden", [False, True])
    def test_the_sheet_with_the_most_rows_is_read_and_all_are_named(self, hidden: bool, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        notes, data, copy, _ = book.active, *map(book.create_sheet, ("Data", "Copy", "Sheet4"))
        assert notes is not None
        notes.title = "Read me"
        for line in ("Tickets", "See the second sheet", "Do not edit"):
            notes.append([line])
        for sheet in (data, copy):
            for row in [("text", "label"), *ROWS]:
                sheet.append(row)
        if hidden:
            lists = book.create_sheet("Lists")
            lists.sheet_state = "hidden"
            for number in range(5 * len(ROWS)):
                lists.append([f"a choice {number}"])
        book.save(tmp_path / "x.xlsx")
        dataset = load_dataset(tmp_path / "x.xlsx")
        check(tmp_path / "x.xlsx")
        many = len(ROWS) + 1
        sheets = f"“Read me” (3 rows), “Data” ({many} rows), “Copy” ({many} rows)"
        sheets += f", “Lists” (hidden, {5 * len(ROWS)} rows)" * hidden
        read = "“Data” was read; the setting Sheet chooses another one."
        note = f"The workbook has several sheets: {sheets}, headers included. {read}"
        assert dataset.report.findings[0] == note
        assert dataset.recognition.reason.startswith("2 columns of the sheet “Data”; ")
        copied = load_dataset(tmp_path / "x.xlsx", validation_file=str(tmp_path / "x.xlsx"))
        assert f"Validation file: {note}" in copied.report.findings

    def test_a_sheet_is_chosen_by_its_name(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        long, short = book.active, book.create_sheet("Labels of 2024")
        assert long is not None
        for number in range(5 * len(ROWS)):
            long.append([f"a choice {number}"])
        for row in [("text", "label"), *ROWS]:
            short.append(row)
        path = tmp_path / "x.xlsx"
        book.save(path)
        assert load_dataset(path).recognition.sheet == "Sheet"
        chosen = load_dataset(path, sheet="Labels of 2024", test=path)
        assert (chosen.kind, chosen.recognition.sheets) == ("labelled", ("Sheet", "Labels of 2024"))
        assert sorted(chosen.codec.join(example.source) for example in chosen.test) == sorted(one for one, _ in ROWS)
        assert not any("several sheets" in finding for finding in chosen.report.findings)
        with pytest.raises(ConfigError, match="no sheet 'Lists'; the workbook has 'Sheet', 'Labels of 2024'"):
            load_dataset(path, sheet="Lists")
        FRAME.to_csv(tmp_path / "x.csv")
        with pytest.raises(ConfigError, match="no sheet 'Lists'; this is no workbook"):
            load_dataset(tmp_path / "x.csv", sheet="Lists")

    def test_a_workbook_has_neither_encoding_nor_line_ends(self, tmp_path: Path) -> None:
        FRAME.to_excel(tmp_path / "x.xlsx", index=False)
        dataset = load_dataset(tmp_path / "x.xlsx")
        assert (dataset.report.encoding, dataset.report.line_ends) == ("", "")
        assert not any("workbook" in finding for finding in dataset.report.findings)
        assert [bool(no_use(name, dataset, is_sample=False)) for name in ("delimiter", "encoding", "header")] == [
            True, True, False,
        ]  # fmt: skip

    @pytest.mark.parametrize("title", [[], ["text"]])
    def test_texts_in_a_single_column_are_read_as_they_are(self, title: list[str], tmp_path: Path) -> None:
        texts = [f'Well, {i} is "good"' if i % 3 == 0 else f"plain text number {i}" for i in range(60)]
        book = openpyxl.Workbook()
        assert book.active is not None
        for text in (*title, *texts):
            book.active.append([text])
        book.save(tmp_path / "x.xlsx")
        dataset = load_dataset(tmp_path / "x.xlsx", unit="character")
        assert {"".join(row.source) for part in (dataset.train, dataset.validation) for row in part} == set(texts)
        assert dataset.recognition.has_header is bool(title)

    def test_series_of_numbers_name_the_sheet_too(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(["made by hand"])
        sales = book.create_sheet("Sales")
        for row in [("month", "sold"), *((f"{2000 + i // 12}-{i % 12 + 1:02}", 100 + i * 7 % 13) for i in range(120))]:
            sales.append(row)
        book.save(tmp_path / "x.xlsx")
        dataset = load_dataset(tmp_path / "x.xlsx")
        assert dataset.kind == "series"
        assert "“Sales” (121 rows), headers included. “Sales” was read" in dataset.report.findings[0]

    def test_a_chosen_encoding_is_that_of_text_files(self, tmp_path: Path) -> None:
        FRAME.to_excel(tmp_path / "x.xlsx", index=False)
        dataset = load_dataset(tmp_path / "x.xlsx", encoding="cp1252")
        assert dataset.fingerprint == load_dataset(tmp_path / "x.xlsx").fingerprint

    def test_without_the_package_it_is_said_how_to_get_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        FRAME.to_excel(tmp_path / "x.xlsx", index=False)
        known = builtins.__import__

        def without(name: str, *rest: Any) -> Any:
            if name == "openpyxl":
                raise ImportError(name)
            return known(name, *rest)

        monkeypatch.delitem(sys.modules, "openpyxl")
        monkeypatch.setattr(builtins, "__import__", without)
        with pytest.raises(DataError, match=r"Excel workbook.*pip install openpyxl.*save the sheet as CSV"):
            load_dataset(tmp_path / "x.xlsx")

    def test_a_bomb_and_a_damaged_workbook_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "x.xlsx"
        FRAME.to_excel(path, index=False)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/huge.xml", bytes(1 << 27))
        with pytest.raises(DataError, match="unpacks from"):
            load_dataset(path)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types")
            archive.writestr("xl/workbook.xml", "<workbook")
        path.write_bytes(out.getvalue())
        with pytest.raises(DataError, match="workbook is damaged"):
            load_dataset(path)
        FRAME.to_excel(path, index=False)
        path.write_bytes(path.read_bytes()[:-200])  # a download that was cut short
        with pytest.raises(DataError, match="workbook is damaged"):
            load_dataset(path)

    @pytest.mark.parametrize(
        ("find", "place", "value", "message"),
        [
            (bytearray.index, 15, 255, "workbook is damaged"),  # the packed bytes after the first mention of its name
            (bytearray.rindex, -36, 9, "workbook is damaged"),  # its method, before the last, in the list at the end
            (bytearray.rindex, -40, 111, "ZIP archive"),  # the version needed to unpack it
        ],
        ids=["damaged", "packed by another method", "of another version"],
    )
    def test_a_part_that_cannot_be_unpacked_is_refused(
        self, tmp_path: Path, find: Callable[[bytearray, bytes], int], place: int, value: int, message: str
    ) -> None:
        path = tmp_path / "x.xlsx"
        FRAME.to_excel(path, index=False)
        content = bytearray(path.read_bytes())
        content[find(content, b"xl/workbook.xml") + place] = value
        path.write_bytes(content)
        with pytest.raises(DataError, match=message):
            load_dataset(path)

    def test_a_cell_that_refers_to_a_text_that_is_not_there_is_damage(self, tmp_path: Path) -> None:
        FRAME.to_excel(tmp_path / "whole.xlsx", index=False)
        path, row = tmp_path / "x.xlsx", b'<row r="99"><c r="A99" t="s"><v>9999</v></c></row>'
        with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(path, "w") as archive:
            for name in whole.namelist():
                archive.writestr(name, whole.read(name).replace(b"</sheetData>", row + b"</sheetData>"))
        with pytest.raises(DataError, match="workbook is damaged"):
            load_dataset(path)
