"""Tunes in ABC notation: a book or a folder of them is read tune by tune, with metre and key."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from engine.data.dataset import Dataset
from engine.data.files.left_out import left_out_rows
from engine.data.files.texts_to_answer import read_inputs
from engine.data.load import load_dataset
from engine.data.music.tune import tune_of
from engine.data.music.tune_book import read_book
from engine.errors import DataError

KEYS = ("G", "Em", "D")
BARS = ("GABc|", "d2 BG|", "FGAB|", "c2 A2|", "BGFG|")


def tune(number: int, key: str = "", *fields: str) -> str:
    """A tune that is like no other."""
    music = "".join(BARS[number // 5**place % 5] for place in range(4))
    above = "".join(f"{field}\n" for field in fields or ("M:4/4",))
    return f"X:{number}\nT:Tune {number}\n{above}K:{key or KEYS[number % 3]}\n{music}]\n"


def put(path: Path, *tunes: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(tunes), encoding="utf-8")
    return path


def texts_of(dataset: Dataset) -> set[str]:
    return {dataset.codec.join(one.source) for part in (dataset.train, dataset.validation) for one in part}


def test_a_tune_of_a_book_is_one_example_with_its_metre_and_key(tmp_path: Path) -> None:
    dataset = load_dataset(put(tmp_path / "tunes.abc", *map(tune, range(60))))
    assert (dataset.kind, dataset.codec.unit) == ("labelled", "character")
    assert dataset.labels == ("4/4 D major", "4/4 E minor", "4/4 G major")
    assert len(texts_of(dataset)) == 60
    assert "GABc|GABc|GABc|GABc|]" in texts_of(dataset)
    reason = "ABC notation, 60 tunes, with 3 different labels: metre and key"
    assert (dataset.recognition.reason, dataset.report.skipped) == (reason, 0)


def test_a_folder_of_tunes_is_read_like_a_book(tmp_path: Path) -> None:
    book = load_dataset(put(tmp_path / "tunes.abc", *map(tune, range(20, 80))))
    for number in range(20, 80):
        put(tmp_path / "tunes" / f"t{number}.abc", tune(number))
    (tmp_path / "tunes" / "README.md").write_text("Tunes from everywhere.\n")
    folder = load_dataset(tmp_path / "tunes")
    assert folder.fingerprint == book.fingerprint
    assert len(load_dataset(tmp_path / "tunes.abc", validation=tmp_path / "tunes").validation) == 60


def test_tunes_that_are_opened_together_are_read_like_a_book(tmp_path: Path) -> None:
    book = load_dataset(put(tmp_path / "tunes.abc", *map(tune, range(20, 80))))
    several = [put(tmp_path / "tunes" / f"t{n}.abc", *map(tune, range(n, n + 20))) for n in (20, 40, 60)]
    dataset = load_dataset(several)
    assert (dataset.fingerprint, dataset.recognition.form) == (book.fingerprint, "abc")
    assert dataset.paths == tuple(map(str, several))
    assert len(load_dataset(several[1:], validation=several[0]).validation) == 20
    assert load_dataset(several, form="folder").labels == ("t20", "t40", "t60")


def test_tunes_whose_labels_do_not_recur_are_items(tmp_path: Path) -> None:
    """Each says its own key, which no label does."""
    dataset = load_dataset(put(tmp_path / "x.abc", tune(40, "G"), *(tune(n, "D") for n in range(40))))
    assert dataset.kind == "sequences"
    assert sum(text.startswith("[K:D major]") for text in texts_of(dataset)) == 40
    labelled = load_dataset(tmp_path / "x.abc", kind="labelled")
    assert (labelled.labels, "[K" in "".join(texts_of(labelled))) == (("4/4 D major", "4/4 G major"), False)


BOOK = """%abc-2.1
% remarks and fields above the first tune hold for all
M:6/8
L:1/8

X:1
T:The Kettle % of copper
C:trad.
R:jig
K:Ador % two bars
A2 e % up
w: la la
P:B
[P:B]e2 d|\\
"Am"!trill!A3 [K:G][r:so]B3|
|:g3:|

This is a remark between tunes: it has no notes.

X:2
M:C|
L:1/4
K:Bbmaj
V:1
B2|c2|
V:2 clef=bass
B,4|
[V:1] d2|
X: 3
M:none
K:HP
A:|
"""


def test_remarks_and_fields_that_do_not_sound_are_left_out() -> None:
    first, second, third = read_book(BOOK.splitlines())
    assert (first.line, first.title, first.label) == (6, "The Kettle", "6/8 A dorian")
    assert first.text(with_label=True) == 'A2 e e2 d|"Am"!trill!A3 [K:G]B3| |:g3:|'
    assert first.text(with_label=False).startswith("[K:A dorian]A2 e")
    assert (second.label, second.text(with_label=True)) == ("2/2 Bb major", "[L:1/4]B2|c2|d2|")
    assert (third.label, third.text(with_label=True)) == ("free", "A:|")


@pytest.mark.parametrize(
    ("fields", "metre", "length"),
    [
        (("M:4/4",), "4/4", Fraction(1, 8)),
        (("M:4/4", "L:1/4"), "4/4", Fraction(1, 4)),
        (("M:2/4",), "2/4", Fraction(1, 16)),
        (("M:2/4", "L:1/8"), "2/4", Fraction(1, 8)),
        (("M:C",), "4/4", Fraction(1, 8)),
        (("R:air",), "free", Fraction(1, 8)),
    ],
)
def test_a_tune_sounds_as_in_its_book_with_a_label_or_without(
    fields: tuple[str, ...], metre: str, length: Fraction
) -> None:
    (found,) = read_book(tune(2, "Em", *fields).splitlines())
    assert found.label == f"{metre} E minor"
    for text, label in ((found.text(with_label=True), found.label), (found.text(with_label=False), "")):
        notes = [note for note in tune_of(text, label) if note.pitch is not None]
        assert (notes[0].pitch, notes[0].length) == (66, length)  # F is sharp


def test_tunes_without_notes_or_key_are_left_out_and_told_with_their_line(tmp_path: Path) -> None:
    book = [*map(tune, range(30)), "X:30\nT:Silence\nK:G\nz4|z4|]\n", "X:31\nGABc|\n", "T:No number\nK:G\nGABc|\n"]
    book += ["X:33\n", "X:34\nK:\n"]
    dataset = load_dataset(put(tmp_path / "x.abc", *book))
    assert dataset.report.rows == 30
    assert left_out_rows(dataset) == [
        (181, "no notes in “Silence”", "X:30"),
        (186, "no key (K:) above the music", "X:31"),
        (190, "a key (K:) without a number (X:) above it", "K:G"),
        (193, "no key (K:) above the music", "X:33"),
        (195, "no notes", "X:34"),
    ]


@pytest.mark.parametrize("text", ["X:1\nT:Silence\nK:G\n\nX:2\nK:D\nz|\n", "X:1\nK\n", "X:\nX:\nK:\nK:\n"])
def test_a_book_without_a_tune_is_refused_as_one(text: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read as ABC notation; expected tunes in ABC notation"):
        load_dataset(put(tmp_path / "x.abc", text), form="abc")


def test_a_text_about_a_tune_is_no_book(tmp_path: Path) -> None:
    text = "".join(f"This is the {n}th sentence. It goes on\nover the end. And\non.\n" for n in range(20))
    assert load_dataset(put(tmp_path / "x.txt", text, tune(1), text)).kind == "stream"
    lines = "".join(f"X: {n}\nY: {n * n}\nK: {n % 7} bad | {n}\n" for n in range(60))
    assert load_dataset(put(tmp_path / "y.txt", lines)).recognition.form != "abc"


def test_a_few_tunes_are_asked_as_the_network_learned_them(tmp_path: Path) -> None:
    """Without the key before them, which it was asked for."""
    trained = load_dataset(put(tmp_path / "x.abc", *map(tune, range(60))))
    asked = read_inputs(put(tmp_path / "few.abc", tune(1), tune(3)), trained.codec, trained.recognition)
    assert asked.texts == ["d2 BG|GABc|GABc|GABc|]", "c2 A2|GABc|GABc|GABc|]"]


@pytest.mark.parametrize("ends", ["]", "", ":|"])
def test_a_tune_on_each_line_is_an_item_and_no_row_of_a_table(ends: str, tmp_path: Path) -> None:
    lines = [tune(n).splitlines()[-1].removesuffix("]") + ends for n in range(60)]
    dataset = load_dataset(put(tmp_path / "x.txt", "\n".join(lines)))
    assert (dataset.recognition.form, dataset.kind) == ("lines", "sequences")
    assert texts_of(dataset) == {*lines}


def test_tunes_are_spelled_out_whatever_stands_between_their_notes(tmp_path: Path) -> None:
    """As one word they would be too many different ones, and lose how they are written."""
    for between in (" ", " | ", "~"):
        music = [
            tune(n).splitlines()[-1].replace("|", f"|{between}(DE){between}") + between * 3 + "|" for n in range(60)
        ]
        book = [f"X:{n}\nM:4/4\nK:{KEYS[n % 3]}\n{line}\n" for n, line in enumerate(music)]
        dataset = load_dataset(put(tmp_path / "x.abc", *book))
        assert (dataset.kind, dataset.codec.unit) == ("labelled", "character")
        assert texts_of(dataset) == {*music}
    rows = [f"{line}\t4/4 {KEYS[n % 3]}" for n, line in enumerate(music)]
    (tmp_path / "x.tsv").write_text("\n".join(rows))
    assert load_dataset(tmp_path / "x.tsv").codec.unit == "character"


@pytest.mark.parametrize(
    "row",
    [
        "{n}|{n} bags of feed|{x}|",
        "{x}|{y}|{x}|",
        "| {x} | a bad cab {n} |",
        "cab{n}|{x}|deed {x}",
        "cafe|bad {n}|{x}",
    ],
)
def test_rows_between_bars_are_still_a_table(row: str, tmp_path: Path) -> None:
    lines = [row.format(n=n, x="ABCD"[n % 4], y="AEFG"[n // 4 % 4]) for n in range(60)]
    assert load_dataset(put(tmp_path / "x.txt", "\n".join(lines))).recognition.form == "table"
