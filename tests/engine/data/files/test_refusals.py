"""What is no data is refused with a sentence that says what, where, and what was expected."""

import gzip
import json
import os
import pickle
import zipfile
from pathlib import Path

import pytest

from engine.data.files import text_source
from engine.data.files.readers import READERS
from engine.data.files.textfile import TextFile
from engine.data.load import load_dataset
from engine.errors import DataError


def put(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


PICKLE = pickle.dumps({"weights": list(range(500))})

CASES: dict[str, tuple[str, bytes | str, str]] = {
    "empty": ("x.txt", b"", "The file is empty"),
    "white space": ("x.txt", b" \n\t\n \n", "only white space"),
    "PDF": ("x.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "a PDF document"),
    "PNG": ("x.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "a PNG image"),
    "JPEG": ("x.csv", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), "a JPEG image"),
    "program": ("x", b"\x7fELF\x02\x01\x01" + bytes(300), "a program"),
    "Windows program": ("x.exe", b"MZ\x90\x00\x03" + bytes(300), "a program"),
    "web page": ("x.txt", "\n<!DOCTYPE html>\n<html>\n<body><p>Anna</p>\n</body></html>\n" * 3, "This is a web page"),
    "page without a type": ("x.csv", "<html lang='en'>\n" + "<p>Anna, Bert</p>\n" * 30, "This is a web page"),
    "page in UTF-16": ("x.txt", "<html>\n<p>Anna</p>\n</html>\n".encode("utf-16"), "This is a web page"),
    "pickle": ("x.pkl", PICKLE, "a Python pickle, which is never opened"),
    "bytes": ("x.bin", bytes(range(256)) * 40, "a binary file"),
    "a few words with zeros": ("x.txt", b"anna bert\ncarl \0dora emil \0fritz gr", "2 of its first 35 bytes are"),
    "zeros": ("x.bin", bytes(5000), "a binary file"),
    "one row": ("x.csv", "text,label\nonly this,one\n", "only one row"),
    "one pair": ("x.tsv", "hello\tworld\n", "There is only one row to train on, read as source and target"),
    "names of columns": ("x.csv", "text,department\n", "columns, 'text,department', and no rows below them"),
    "names and blank lines": ("x.tsv", "\ndate\tvalue\n\n", "no rows below them"),
    "name of a column": ("x.csv", "text\n", "names of its columns, 'text', and no rows"),
    "too short": ("x.txt", "abc", "at least 10"),
    "same line": ("x.txt", "same\n" * 20, "20 rows are the same text"),
    "one label": ("x.csv", "text,label\n" + "".join(f"text {i},spam\n" for i in range(30)), "same label, 'spam'"),
    "broken tag line": ("x.conll", "I\tO\ngo\tO\n\n" * 9 + "Anna\n\n", r"line 28: Found 1 column; expected 2"),
    "broken CoNLL-U": (
        "x.conllu", "1\tI\tI\tPRON\t_\t_\t0\troot\t_\t_\n\n" * 30 + "2\tgo\tgo\n", r"line 61: Found 3 columns",
    ),
    "broken gzip": ("x.gz", gzip.compress(b"name\nother\n" * 99)[:-9], "gzip file is damaged"),
    "no gzip": ("x.gz", b"\x1f\x8b" + b"nothing of the kind", "gzip file is damaged"),
    "open quote": (
        "x.csv", "text,label\n" + "".join(f'"text {i}",{"ab"[i % 2]}\n' for i in range(30)) + '"never closed,a\nx,b\n',
        "quotation mark is opened and never closed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_no_data_is_refused_in_plain_words(case: str, tmp_path: Path) -> None:
    name, data, message = CASES[case]
    path = put(tmp_path / name, data)
    with pytest.raises(DataError, match=message) as caught:
        load_dataset(path)
    assert str(path) in str(caught.value)
    assert caught.value.path == str(path)


def test_a_header_that_is_said_to_be_one_is_no_running_text(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no rows below them"):
        load_dataset(put(tmp_path / "x.csv", "first thing,second thing\n"), header="yes")


def test_an_office_document_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "names.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(DataError, match="ZIP archive or an office document"):
        load_dataset(path)


def test_a_missing_file_and_no_file_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        load_dataset(tmp_path / "missing.txt")
    with pytest.raises(DataError, match="No file was given"):
        load_dataset([])
    with pytest.raises(DataError, match="cannot be opened"):
        load_dataset(str(tmp_path / "a\x00b"))
    with pytest.raises(DataError, match="cannot be opened"):
        load_dataset(tmp_path / ("a" * 5000))


def test_folders_with_nothing_to_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no files"):
        load_dataset(tmp_path)
    put(tmp_path / "photo.png", b"\x89PNG")
    put(tmp_path / "one.txt", "name\n")
    with pytest.raises(DataError, match=r"2 files, 1 of them named \.txt; expected a text file for each label"):
        load_dataset(tmp_path)


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="needs symbolic links")
def test_a_loop_of_symbolic_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    with pytest.raises(DataError, match="cannot be opened"):
        load_dataset(tmp_path / "a.txt")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "x.txt", "name\nother\n")
    path.chmod(0)
    with pytest.raises(DataError, match="no permission"):
        load_dataset(path)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs device files")
def test_a_device_is_refused() -> None:
    with pytest.raises(DataError, match="not a file that can be read"):
        load_dataset("/dev/zero")


def test_a_gzip_bomb_is_refused_before_it_fills_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_source, "BOMB_FROM", 1 << 20)
    path = put(tmp_path / "x.gz", gzip.compress(b"a" * (1 << 25)))
    with pytest.raises(DataError, match="unpacks from"):
        load_dataset(path)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "x.txt", "name\nother\n" * 200_000)

    def change(share: float, doing: str) -> None:
        if share > 0.3:
            with open(path, "ab") as file:
                file.write(b"more\n")

    with pytest.raises(DataError, match="changed while it was read"):
        load_dataset(path, progress=change)


def test_a_file_that_vanishes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "x.txt", "name\nother\n" * 200_000)

    def vanish(share: float, doing: str) -> None:
        path.unlink(missing_ok=True)

    with pytest.raises(DataError, match="vanished"):
        load_dataset(path, progress=vanish)


def test_an_encoding_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "x.txt", "name\nother\n")
    for wrong in ("klingon", "rot13", "base64", ""):
        with pytest.raises(DataError, match="is not an encoding"):
            load_dataset(path, encoding=wrong)


@pytest.mark.parametrize("form", [name for name in READERS if name not in ("lines", "prose", "table")])
def test_a_file_of_another_form_is_refused_by_every_reader(form: str, tmp_path: Path) -> None:
    path = put(tmp_path / "x.txt", "just\nsome\nlines\nof\nsingle\nwords\n")
    with pytest.raises(DataError):
        load_dataset(path, form=form)


def test_a_refused_file_is_closed_again(tmp_path: Path) -> None:
    path = put(tmp_path / "x.bin", bytes(range(256)) * 40)
    with pytest.raises(DataError):
        TextFile(path)
    path.unlink()  # would fail on Windows while open; a forgotten handle warns elsewhere


def test_a_quotation_mark_that_is_never_closed_is_named_with_its_line(tmp_path: Path) -> None:
    rows = [f'"text, number {i}",{"ab"[i % 2]}' for i in range(300)]
    rows[120] = '"never closed,a'
    path = tmp_path / "x.csv"
    path.write_text("text,label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="opened and never closed") as caught:
        load_dataset(path)
    assert caught.value.line == 122


@pytest.mark.parametrize("text", [
    '{\n  "data": [\n    {"text": "a", "label": "b"}\n  ]\n}\n', '{"text": ["a", "b"], "label": ["x", "y"]}\n',
    '{"a": "b",\n "c": "d"}',
])  # fmt: skip
def test_one_json_object_is_refused_with_what_is_expected(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError, match=r"one JSON object; expected an array of objects, lists or texts"):
        load_dataset(put(tmp_path / "x.json", text))


def test_a_json_array_that_breaks_off_is_refused_with_its_line(tmp_path: Path) -> None:
    items = ",\n".join(json.dumps({"text": f"some text {i}", "label": "ab"[i % 2]}) for i in range(20_000))
    with pytest.raises(DataError, match="cut off after row 20,000, before the array ends") as caught:
        load_dataset(put(tmp_path / "x.json", f"[\n{items}\n"))
    with pytest.raises(
        DataError, match=r"cut off after character 15, in row 20,001.* after '\{\"text\": \"never'"
    ) as caught:
        load_dataset(put(tmp_path / "x.json", f'[\n{items},\n{{"text": "never'))
    assert caught.value.line == 20_002
    with pytest.raises(DataError, match=r"Found 'and more' after the end of the array"):
        load_dataset(put(tmp_path / "x.json", f"[\n{items}\n]\nand more"))


ROWS = [{"text": f"some text {i}", "label": "ab"[i % 2]} for i in range(60)]
EARLY = '[{"text": "one text", "label": "a"}, {"text": "another", "la'


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("x.json", EARLY, "line 1: .* cut off after character 60, in row 2: found the end of the file after "),
        ("x.txt", EARLY, "line 1: .* cut off after character 60, in row 2"),  # a whole object tells that it is JSON
        ("x.json", json.dumps(ROWS, indent=1)[:-30], "line 239: .* cut off after character 15, in row 60"),
        ("x.json", json.dumps(ROWS[:2])[:-1], "cut off after row 2, before the array ends: found the end of the file"),
        (
            "x.json",
            '{"data": [{"text": "a", "label": "b"},\n {"text"',
            "line 2: .* cut off after character 8, in row 1",
        ),
        ("x.json", '{\n"a": [1, 2\n"b": 2\n}\n', 'line 3: .* row 1 is broken at character 1: found \'"b": 2'),
        ("x.json", '[{"text": "first of all', "cut off after character 23, in row 1"),
        ("x.json", '["one text",\n "another', "line 2: .* cut off after character 9, in row 2"),
        ("x.json", '[{"a": "one text"},\n {b: "c"}]', "line 2: .* row 2 is broken at character 3: found 'b: \"c\"}]'"),
        ("x.json", "[{'a': 'one text'}, {'a': 'two'}]", "line 1: .* row 1 is broken at character 3: found \"'a': "),
        ("x.jsonl", '{"a": "one text"}\n{"a": "two"}\n{"a": "thr', "line 3: .* 1 of the first 3 lines cannot be read"),
    ],
)
def test_json_that_is_cut_off_or_broken_is_never_read_as_text(
    name: str, text: str, where: str, tmp_path: Path
) -> None:  # fmt: skip
    path = put(tmp_path / name, text)
    with pytest.raises(DataError, match=where) as caught:
        load_dataset(path)
    assert caught.value.path == str(path)
    with pytest.raises(DataError, match=where):
        load_dataset(put(tmp_path / "training.json", json.dumps(ROWS)), validation_file=str(path))
    assert (
        load_dataset(put(path, text + "\nand a line more" * 20), form="lines").kind == "sequences"
    )  # as the user says


@pytest.mark.parametrize(
    "line",
    [
        "[Anna] I am here, {0}",
        '["Oh no" he said {0} times',
        "[{0}] a note at the end",
        '{{"{0}": he wrote',
        '{{"worker": "w{0}"}} has started',
        '[{{"worker": "w{0}"}}] has started',
    ],
)
def test_a_text_that_merely_begins_with_a_bracket_is_read(line: str, tmp_path: Path) -> None:
    dataset = load_dataset(put(tmp_path / "x.txt", "".join(line.format(number) + "\n" for number in range(40))))
    assert dataset.kind in ("sequences", "stream")


@pytest.mark.parametrize(("text", "found"), [("[1, 2, 3]", "3 elements, none of them a text"), ("[]", "0 elements"),
                                             ("{}", "one JSON object"), ('"a text"', "one text in JSON")])  # fmt: skip
def test_json_without_rows_is_refused_by_what_it_is(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(DataError, match=found):
        load_dataset(put(tmp_path / "x.json", text))


def test_a_table_of_a_million_columns_is_refused_at_once(tmp_path: Path) -> None:
    path = put(tmp_path / "x.csv", "\n".join(",".join("ab"[(i + j) % 2] for j in range(1_000_000)) for i in range(4)))
    with pytest.raises(DataError, match="columns; at most 1,000 can be read"):
        load_dataset(path)


def test_very_few_rows_are_called_too_few(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text("hello you,a\nbye me,b\n", encoding="utf-8")
    (tmp_path / "ten.txt").write_text("\n".join(f"item {n}" for n in range(10)), encoding="utf-8")
    assert "only 2 rows: too few" in load_dataset(tmp_path / "two.csv").report.findings[0]
    assert not any("too few" in finding for finding in load_dataset(tmp_path / "ten.txt").report.findings)


def test_a_refused_text_says_what_else_it_can_be_read_as(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("text,label\n" + "".join(f"text {n},x\n" for n in range(9)), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_dataset(tmp_path / "one.csv")
    assert caught.value.other_forms == ("lines", "prose")
    assert load_dataset(tmp_path / "one.csv", form="lines").kind == "sequences"
    with pytest.raises(DataError) as missing:
        load_dataset(tmp_path / "none.csv")
    assert missing.value.other_forms == ()


def test_a_kind_that_a_refusal_advises_is_offered(tmp_path: Path) -> None:
    genres = ("comedy", "drama", "crime", "comedy|drama", "drama|crime", "comedy|crime")
    path = tmp_path / "films.csv"
    path.write_text(
        "text,genre\n" + "".join(f"film {n} of them,{genres[n % 6]}\n" for n in range(120)), encoding="utf-8"
    )
    with pytest.raises(DataError, match="read the file as text and label") as caught:
        load_dataset(path)
    assert caught.value.other_kinds == ("labelled",)
    assert load_dataset(path, kind="labelled").kind == "labelled"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"form": "sounds"}, "This cannot be read as sound files; expected sound files, or a table that names them."),
        ({"form": "images"}, "This cannot be read as picture files; expected picture files, or a table"),
        ({"form": "series-files"}, "expected a folder with a file for each series (.csv, .tsv, .txt or .tab)."),
        (
            {"kind": "speech"},
            "This cannot be read as sounds with what is said; expected sound files",
        ),
        (
            {"kind": "pictures"},
            "This cannot be read as pictures with a caption each; expected picture files",
        ),
    ],
    ids=str,
)
def test_a_text_is_no_folder_of_sounds_or_pictures(tmp_path: Path, asked: dict[str, str], expected: str) -> None:
    path = tmp_path / "names.txt"
    path.write_text("anna\nbert\ncarl\ndora\n")
    with pytest.raises(DataError) as refused:
        load_dataset(path, **asked)
    assert expected in str(refused.value)
    with pytest.raises(DataError, match="There is no such file"):
        load_dataset(tmp_path / "other.txt", **asked)


MESSAGES = "id,message,stars\n" + "".join(f"{n},message number {n},{n % 5 + 1}\n" for n in range(40))
TOKENS = "the O\noffice O\nof O\nAnn B-PER\n\n" * 12


@pytest.mark.parametrize(
    ("training", "other", "expected"),
    [
        (
            MESSAGES,
            TOKENS,
            "other.txt: This file (CoNLL columns: words and tags) is not like the training file (table (CSV, TSV) with "
            "the columns “message”, “stars”: text and label).",
        ),
        (
            TOKENS,
            MESSAGES,
            "other.txt: This file (table (CSV, TSV) with the columns “id”, “message”, “stars”: text and label) is not "
            "like the training file (CoNLL columns: words and tags).",
        ),
        (
            "day;units;price\n" + "".join(f"{n + 1}.01.2020;{n % 7};{n % 5}.5\n" for n in range(30)),
            "day;units\n" + "".join(f"{n + 1}.01.2020;{n % 7}\n" for n in range(30)),
            "other.txt: The validation rows have different columns from the training rows: found 'units', expected "
            "'units', 'price'.",
        ),
    ],
    ids=["tokens for a table", "a table for tokens", "a series with other columns"],
)
def test_a_validation_file_of_another_kind_is_refused_by_what_both_files_are(
    training: str, other: str, expected: str, tmp_path: Path
) -> None:
    given, validation = put(tmp_path / "training.csv", training), put(tmp_path / "other.txt", other)
    with pytest.raises(DataError) as caught:
        load_dataset(given, validation=validation)
    assert str(caught.value).endswith(expected)
    assert caught.value.other_forms == (), "they would be those of the training file"


@pytest.mark.parametrize(("name", "text"), [("blank.txt", "  \n\n \n"), ("header.csv", "text,label\n")])
def test_forms_in_which_a_file_has_no_rows_either_are_not_offered(name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load_dataset(put(tmp_path / name, text))
    assert caught.value.other_forms == ()
