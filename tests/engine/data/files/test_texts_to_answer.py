"""A file to be answered is read as the training data were: same recognition, same column, nothing eaten or joined."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.data.data_config import DataConfig
from engine.data.dataset import Dataset
from engine.data.examples_file import load_examples
from engine.data.files.recognition import Recognition
from engine.data.files.texts_to_answer import read_inputs, tokens_of
from engine.data.load import load_dataset
from engine.errors import DataError

CASES = Path(__file__).resolve().parents[5] / "shared" / "cases"


def put(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.fixture
def trained(tmp_path: Path) -> Dataset:
    """Data with a long column beside the text."""
    words = ("cold", "warm", "dull", "fresh")
    rows = (f"the soup was {words[i % 4]},https://example.org/reviews/of/our/soup/{i}/and/more.html,{'ab'[i % 2]}\n"
            for i in range(80))  # fmt: skip
    return load_dataset(put(tmp_path / "train.csv", "text,url,label\n" + "".join(rows)))


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", "one\n\n two \r\n", ["one", " two "]),
        ("a.txt", "just one text", ["just one text"]),
        ("a.txt", "Good, bad\nGood, worse\nWell, fine\nNo, never\n",
         ["Good, bad", "Good, worse", "Well, fine", "No, never"]),
        ("a.csv", "love it\nthe soup was warm\nthe soup was cold\n",
         ["love it", "the soup was warm", "the soup was cold"]),
        ("a.csv", 'text\n"the soup was warm\nand fresh"\n"the soup was\nstale"\n',
         ["the soup was warm\nand fresh", "the soup was\nstale"]),
        ("a.tsv", 'text\n"the soup was warm\nthe soup was cold\n', ['"the soup was warm', "the soup was cold"]),
        ("a.csv", "id,url,text\n1,https://example.org/a/very/long/address,short\n2,https://example.org/b,brief\n",
         ["short", "brief"]),
        ("a.csv", "text;label\nfine soup;a\nbad soup;b\n", ["fine soup", "bad soup"]),
        ("a.json", '[{"text":"warm"},{"text":"cold"}]', ["warm", "cold"]),
        ("a.json", '[{"url": "https://example.org/long/long/long", "text": "warm"}]', ["warm"]),
        ("a.jsonl", '{"text": "hi", "label": "a much longer label"}\n{"text": "ho", "label": "x"}\n', ["hi", "ho"]),
        ("a.jsonl", '{"text": "hi"},\n{"text": "ho"},\n', ["hi", "ho"]),
        ("a.conll", "New B-LOC\nYork I-LOC\n\nyes O\n", [("New", "York"), ("yes",)]),
        ("a.txt", "__label__good warm soup\n__label__bad cold soup\n", ["warm soup", "cold soup"]),
    ],
)  # fmt: skip
def test_texts_are_found_in_files_of_many_forms(
    trained: Dataset, tmp_path: Path, name: str, content: str, expected: list[object]
) -> None:
    assert read_inputs(put(tmp_path / name, content), trained.codec, trained.recognition).texts == expected


def test_the_column_that_was_learned_from_is_read_wherever_it_stands(trained: Dataset, tmp_path: Path) -> None:
    path = put(
        tmp_path / "new.csv", "comment,text\na much longer remark of somebody,short\nanother long remark,brief\n"
    )
    assert read_inputs(path, trained.codec, trained.recognition).texts == ["short", "brief"]
    assert read_inputs(path, trained.codec).texts != []


def test_a_column_chosen_by_hand_is_read_again(tmp_path: Path) -> None:
    rows = "".join(f"text {i} that is long enough,note {i},{'ab'[i % 2]}\n" for i in range(60))
    path = put(tmp_path / "x.csv", "text,note,label\n" + rows)
    dataset = load_dataset(path, columns=("note", "label"))
    assert read_inputs(path, dataset.codec, dataset.recognition).texts[0] == "note 0"


def test_other_encodings_and_marks_are_read_as_by_the_loader(trained: Dataset, tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        path = put(tmp_path / "x.txt", "cafe\u0301\nwarm\n", encoding)
        assert read_inputs(path, trained.codec).texts == ["café", "warm"]


def test_tokens_are_read_in_small_letters_where_the_network_knows_no_others(tmp_path: Path) -> None:
    path = put(tmp_path / "x.conll", "".join(f"Ann\tP\nRan{i}\tV\n\n" for i in range(20)))
    dataset = load_dataset(path, lowercase=True)
    assert tokens_of(read_inputs(path, dataset.codec, dataset.recognition).texts[3], dataset.codec) == ("ann", "ran3")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "\n\n"),
        ("a.jsonl", "{]\n"),
        ("a.csv", '"never closed,a\nx\n"y",\n'),
        ("a.json", '{"a": 1}'),
        ("a.csv", ""),
    ],
)
def test_files_without_text_are_refused_in_words(
    trained: Dataset, tmp_path: Path, name: str, content: str
) -> None:  # fmt: skip
    path = put(tmp_path / name, content)
    with pytest.raises(DataError) as caught:
        read_inputs(path, trained.codec, trained.recognition)
    assert str(path) in str(caught.value)


def test_a_file_with_nothing_but_a_header_is_told(trained: Dataset, tmp_path: Path) -> None:
    path = put(tmp_path / "x.csv", "id,text,url\r\n\r\n")
    with pytest.raises(DataError, match="contains no text below the names of its columns"):
        read_inputs(path, trained.codec, trained.recognition)


@pytest.mark.parametrize(
    ("line", "what"),
    [('{"text": dull}', "10: expecting value"), ('{"text": "dull', "10: unterminated string")],
)
def test_the_first_line_that_is_no_json_is_named(trained: Dataset, tmp_path: Path, line: str, what: str) -> None:
    path = put(tmp_path / "x.jsonl", f'{{"text": "warm"}}\n\n{{"text": "cold"}}\n{line}\n{{"text": "fresh"}}\n')
    with pytest.raises(
        DataError, match=rf"x\.jsonl, line 4: .* cannot be read: broken JSON at column {what}; expected"
    ):
        read_inputs(path, trained.codec, trained.recognition)


@pytest.mark.parametrize("name", ["few.csv", "few.txt"])
def test_names_that_were_learned_from_json_are_no_text_in_a_table(tmp_path: Path, name: str) -> None:
    rows = [(f"the {thing} is {how}", "ab"[i % 2]) for i, thing in enumerate(["bill", "login", "price", "offer"] * 5)
            for how in ("late", "wrong", "new")]  # fmt: skip
    lines = [json.dumps({"text": text, "department": answer}) for text, answer in rows]
    data = load_dataset(put(tmp_path / "train.jsonl", "\n".join(lines)))
    table = put(tmp_path / name, "text,department\n" + "".join(f"{text},{answer}\n" for text, answer in rows[:4]))
    asked = read_inputs(table, data.codec, data.recognition)
    assert (asked.columns, asked.texts) == (("text", "department"), [text for text, _ in rows[:4]])
    read = load_examples(table, data.codec, data.config, data.recognition)
    assert (read.rows, read.left_out) == (4, {})


@pytest.mark.parametrize("between", [" ", "\t"])
def test_one_sentence_with_tags_is_read_as_the_many_of_the_training_file(tmp_path: Path, between: str) -> None:
    names, places = ("Anna", "Bert", "Carl"), ("Berlin", "Paris", "Rome")
    sentences = [[(name, "B-PER"), ("lives", "O"), ("in", "O"), (place, "B-LOC")] for name in names for place in places]
    lines = ["".join(f"{word}{between}{tag}\n" for word, tag in sentence) for sentence in sentences]
    data = load_dataset(put(tmp_path / "train.conll", "\n".join(lines * 3)))
    asked = read_inputs(put(tmp_path / "one.conll", lines[0]), data.codec, data.recognition)
    assert asked.texts == [("Anna", "lives", "in", "Berlin")]
    texts = put(tmp_path / "texts.txt", "Anna lives\nBert dies\n")
    assert read_inputs(texts, data.codec, data.recognition).texts == ["Anna lives", "Bert dies"]


def test_a_first_line_is_a_text_if_only_the_reader_of_the_training_file_calls_them_so(tmp_path: Path) -> None:
    rows = "".join(f"__label__{'ab'[i % 2]} text of kind {i % 7}\n" for i in range(40))
    data = load_dataset(put(tmp_path / "train.txt", rows))
    assert data.recognition is not None
    assert data.recognition.source_column == "text"
    assert read_inputs(put(tmp_path / "a.txt", "text\nkind\nof\n"), data.codec, data.recognition).texts[0] == "text"


def test_a_folder_with_a_file_for_each_label_is_answered_and_measured(tmp_path: Path) -> None:
    words = {"billing": "refund", "sales": "offer", "tech": "crash"}
    rows = [(f"my {word} is {how}", label) for label, word in words.items()
            for how in ("late", "wrong", "new", "old", "bad")[: len(label) - 2]]  # fmt: skip
    own, other = tmp_path / "own", tmp_path / "other"
    for path, some in ((own, rows), (other, [row for row in rows if "late" in row[0] or "new" in row[0]])):
        path.mkdir()
        for label in words:
            put(path / f"{label}.txt", "".join(f"{text}\n" for text, answer in some if answer == label))
    lines = [json.dumps({"text": text, "department": answer}) for text, answer in rows]
    for data in (load_dataset(own), load_dataset(put(tmp_path / "train.jsonl", "\n".join(lines)))):
        asked = read_inputs(other, data.codec, data.recognition)
        assert asked.columns == ("text", "label")
        assert [row.cells for row in asked.rows[1:3]] == [
            ("my refund is new", "billing"),
            ("my offer is late", "sales"),
        ]
        measured = load_examples(other, data.codec, data.config, data.recognition)
        assert (len(asked.texts), measured.rows, measured.left_out) == (5, 5, {})
        table = put(tmp_path / "few.csv", "text,department\nmy refund is new,billing\nmy crash is bad,tech\n")
        measured = load_examples(table, data.codec, data.config, data.recognition)
        assert (measured.rows, measured.left_out) == (2, {})


def test_of_parallel_files_in_a_folder_the_source_side_is_answered(tmp_path: Path) -> None:
    english, german = ("one", "two", "three", "four", "five"), ("eins", "zwei", "drei", "vier", "fünf")
    pairs = [tuple(f"{words[i]} {words[j]} {words[i - j]}" for words in (english, german))
             for i in range(5) for j in range(5)]  # fmt: skip
    train, test = tmp_path / "train", tmp_path / "test"
    for path, some in ((train, pairs), (test, pairs[:2])):
        path.mkdir()
        for side, ending in enumerate(("en", "de")):
            put(path / f"{path.name}.{ending}", "".join(f"{row[side]}\n" for row in some))
    data = load_dataset([train / "train.en", train / "train.de"])
    asked = read_inputs(test, data.codec, data.recognition)
    assert [row.cells for row in asked.rows] == pairs[:2]
    assert asked.texts == [source for source, _ in pairs[:2]]


@pytest.mark.parametrize("kind", ["labelled", "rated", "pairs", "tagged"])
@pytest.mark.parametrize("files", [2, 3])
def test_every_file_of_a_folder_is_answered_and_named(kind: str, files: int, tmp_path: Path) -> None:
    """Whatever the network has learned from, and although the files have as many lines."""
    answers = {
        "labelled": ["good", "bad"],
        "rated": ["5.5", "1"],
        "pairs": ["un deux", "trois"],
        "tagged": ["A B C D", "B A A D"],
    }
    rows = "".join(
        f"the soup was {word}\t{answers[kind][i % 2]}{f' {i}' * (kind == 'pairs')}\n"
        for i, word in enumerate("abcdefgh" * 5)
    )
    trained = load_dataset(put(tmp_path / "train.tsv", f"text\tanswer\n{rows}"), kind=kind)
    folder = tmp_path / "new"
    folder.mkdir()
    lines = [[f"the {word} was {'so ' * n}good" for n in range(25)] for word in ("end", "film", "plot")[:files]]
    for n, some in enumerate(lines):
        put(folder / f"{'xyz'[n]}.txt", "\n".join(some))
    asked = read_inputs(folder, trained.codec, trained.recognition)
    assert asked.columns == ("file", "text")
    assert asked.texts == [line for some in lines for line in some]
    assert [row.cells for row in asked.rows[24:26]] == [("x.txt", lines[0][-1]), ("y.txt", lines[1][0])]
    assert [row.file for row in asked.rows[::25]] == ["x.txt", "y.txt", "z.txt"][:files]


def test_files_with_other_columns_are_asked_for_their_texts(trained: Dataset, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    put(folder / "march.txt", "warm soup\ncold soup\n")
    put(folder / "may.txt", "id\ttext\n1\tfresh soup\n2\tdull soup\n")
    asked = read_inputs(folder, trained.codec, trained.recognition)
    assert [row.cells for row in asked.rows[1:3]] == [("march.txt", "cold soup"), ("may.txt", "fresh soup")]


@pytest.mark.skipif(not CASES.is_dir(), reason="the collected files are not on this machine")
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("file_to_classify_array.json", ["the soup was warm", "the soup was cold"]),
        ("file_to_classify_leading_quote.tsv", ['"the soup was warm', "the soup was cold", "the soup was dull"]),
        ("file_to_classify_line_break.csv", ["the soup was warm\nand fresh", "the soup was\nstale"]),
        ("file_to_classify_no_header.csv", ["love it", "the soup was warm", "the soup was cold"]),
    ],
)
def test_files_that_were_once_read_wrongly(name: str, rows: list[str]) -> None:
    like = load_dataset(CASES / "file_to_classify_three_columns.csv")
    assert like.recognition.source_column == "text"
    assert isinstance(like.recognition, Recognition)
    assert read_inputs(CASES / name, like.codec, like.recognition).texts == rows
    again = read_inputs(CASES / "file_to_classify_three_columns.csv", like.codec, like.recognition).texts
    assert len(again) == 300
    assert again[0] == "the soup was dull"


@pytest.mark.parametrize(
    ("name", "content", "columns", "cells"),
    [
        ("a.tsv", "text\tcity\nwarm soup\tBonn\n\ncold soup\tRome\n", ("text", "city"),
         [("warm soup", "Bonn"), ("", ""), ("cold soup", "Rome")]),
        ("a.json", '[{"id": 1, "text": "warm"}, 5, {"id": 2}, {"id": 3, "text": "cold"}]', ("id", "text"),
         [("1", "warm"), ("", ""), ("2", ""), ("3", "cold")]),
        ("a.jsonl", '{"id": 1, "text": "warm"}\n\n{"id": 3, "text": "cold"}\n', ("id", "text"),
         [("1", "warm"), ("", ""), ("3", "cold")]),
        ("a.txt", "warm\n\ncold\n", ("text",), [("warm",), ("",), ("cold",)]),
        ("a.txt", "__label__good warm soup\n\n__label__bad cold soup\n", ("text", "label"),
         [("warm soup", "good"), ("", ""), ("cold soup", "bad")]),
    ],
)  # fmt: skip
def test_all_columns_and_rows_are_there_beside_the_texts(
    trained: Dataset, tmp_path: Path, name: str, content: str, columns: tuple[str, ...], cells: list[tuple[str, ...]]
) -> None:
    found = read_inputs(put(tmp_path / name, content), trained.codec, trained.recognition)
    assert found.columns == columns
    assert [row.cells for row in found.rows] == cells
    place = columns.index("text")
    assert [row.text for row in found.rows] == [row[place] for row in cells]


def test_a_row_without_an_answer_or_with_several_is_still_a_text(trained: Dataset, tmp_path: Path) -> None:
    rows = [f"__label__{'ab'[i % 2]} soup {i}" for i in range(40)]
    path = put(tmp_path / "x.txt", "\n".join([*rows, "no label", "__label__a __label__b both"]))
    found = read_inputs(path, trained.codec, trained.recognition).rows
    assert [row.text for row in found[39:]] == ["soup 39", "no label", "both"]


def test_rows_with_too_many_cells_keep_their_place_without_an_answer_and_short_ones_are_answered(
    trained: Dataset, tmp_path: Path
) -> None:
    rows = "".join(f"soup number {i},Bonn\n" for i in range(100))
    path = put(tmp_path / "x.csv", f"text,city\nwarm soup\nfresh soup,Rome,and more\n{rows}")
    found = read_inputs(path, trained.codec, trained.recognition).rows
    assert [row.cells for row in found[:3]] == [
        ("warm soup", ""),
        ("fresh soup", "Rome,and more"),
        ("soup number 0", "Bonn"),
    ]
    assert [row.text for row in found[:3]] == ["warm soup", "", "soup number 0"]


def test_columns_are_called_as_in_the_file(trained: Dataset, tmp_path: Path) -> None:
    rows = "".join(f"{i},soup {i},Bonn,so\r\n" for i in range(20))
    path = put(tmp_path / "x.csv", f"\ufeff\r\n,text,city,city\r\n{rows}")
    found = read_inputs(path, trained.codec, trained.recognition)
    assert found.columns == ("", "text", "city", "city")
    assert found.rows[0].cells == ("0", "soup 0", "Bonn", "so")


def test_a_text_with_separators_inside_keeps_its_columns(tmp_path: Path) -> None:
    rows = "".join(f"the soup number {i} was fine,{'ab'[i % 2]}\n" for i in range(60))
    path = put(tmp_path / "x.csv", f"text,label\n{rows}warm, fresh and good,a\n")
    dataset = load_dataset(path)
    last = read_inputs(path, dataset.codec, dataset.recognition).rows[-1]
    assert (last.cells, last.text) == (("warm, fresh and good", "a"), "warm, fresh and good")


def test_empty_rows_of_a_workbook_keep_their_places(trained: Dataset, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["id", "text"], [1, "warm soup"], [], [2, None], [3, "cold soup"], []):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    found = read_inputs(tmp_path / "x.xlsx", trained.codec, trained.recognition).rows
    assert [row.cells for row in found] == [("1", "warm soup"), ("", ""), ("2", ""), ("3", "cold soup")]


def test_the_sheet_that_was_chosen_for_the_data_is_read_and_named_in_every_workbook(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")

    def book(name: str, **sheets: list[tuple[str, str]]) -> Path:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, rows in sheets.items():
            sheet = made.create_sheet(title)
            for row in [("text", "label"), *rows]:
                sheet.append(row)
        made.save(tmp_path / name)
        return tmp_path / name

    few, many = ([(f"{word} {n}", "ab"[n % 2]) for n in range(count)] for word, count in (("ours", 30), ("other", 50)))
    both = book("both.xlsx", Notes=many, Ours=few)
    dataset = load_dataset(both, sheet="Ours")
    asked = read_inputs(both, dataset.codec, dataset.recognition, chosen=DataConfig(sheet="Ours"))
    measured = load_examples(both, dataset.codec, dataset.config, dataset.recognition)
    assert asked.texts[0] == "ours 0"
    assert measured.rows == len(few)
    assert asked.remark == measured.remark == "The sheet “Ours” of both.xlsx was read."
    other = book("other.xlsx", Notes=many, More=few)
    asked = read_inputs(other, dataset.codec, dataset.recognition, chosen=DataConfig(sheet="Ours"))
    assert asked.texts[0] == "other 0"
    assert asked.remark == "other.xlsx has no sheet “Ours”; “Notes” was read."
    assert load_examples(other, dataset.codec, dataset.config, dataset.recognition).remark == asked.remark
    alone = read_inputs(book("one.xlsx", Ours=few), dataset.codec, dataset.recognition, chosen=DataConfig(sheet="Ours"))
    assert (alone.texts[0], alone.remark) == ("ours 0", "")
