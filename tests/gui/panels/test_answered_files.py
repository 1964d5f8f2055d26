"""Whole files tagged, rated and translated: all that they hold comes out again, and true answers are compared."""

from __future__ import annotations

import codecs
import csv
import math
from itertools import chain
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtWidgets import QLabel, QWidget

import engine
from engine.data.files.table_style import TableStyle
from engine.data.files.texts_to_answer import read_inputs
from engine.data.files.token_lines import lines_for_tokens
from engine.models.metrics import metric_text, metric_title
from engine.number_text import percent
from gui.panels.try_it.classify import CLASSIFY, ClassifyView
from gui.panels.try_it.file_answers import not_compared
from gui.panels.try_it.question_file import QuestionRow, read_rows
from gui.panels.try_it.rate import RateView
from gui.panels.try_it.tag import TAG, TagView
from gui.plots.matrix import Matrix
from tests.gui.conftest import Person
from tests.gui.panels.test_mistakes import edits
from tests.gui.panels.trying import ask_file, notices, shown, train_and_stop

COMMAS = TableStyle(",")

# What the offscreen platform says to sheets is no fault of the program.
pytestmark = [pytest.mark.qt_log_ignore("This plugin does not support"), pytest.mark.sample("")]


@pytest.mark.sample("entities")
def test_a_file_is_tagged_as_conll_that_can_be_read_again(person: Person, tmp_path: Path) -> None:
    train_and_stop(person, 40)
    view = shown(person, TagView)
    source, goal = tmp_path / "sentences.txt", tmp_path / "tagged.conll"
    sentences = [f"Chirag worked at Microsoft in India for {n} years ." for n in ("two", "three", "ten")] * 5
    source.write_text("\n".join(sentences), encoding="utf-8")
    posted = notices(person)
    ask_file(person, "tag-file", source, goal)
    person.wait_until(lambda: any("15 texts" in text for text in posted))
    blocks = goal.read_text(encoding="utf-8").strip().split("\n\n")
    assert [" ".join(line.split("\t")[0] for line in block.split("\n")) for block in blocks] == sentences
    snapshot = person.session.run.snapshot
    assert snapshot is not None
    assert [line.split("\t")[1] for line in blocks[0].split("\n")] == [
        word.tag for word in snapshot.model().tag(sentences[0])
    ]
    assert engine.load_dataset(goal, form="conll").kind == "tagged"
    assert len(read_inputs(goal, snapshot.codec).texts) == 15
    assert view.file.button.text() == "Tag a file…"


@pytest.mark.sample("part-of-speech")
def test_a_tagged_file_is_compared_and_keeps_its_tags(person: Person, tmp_path: Path) -> None:
    train_and_stop(person, 60)
    shown(person, TagView)
    source, goal = tmp_path / "gold.conll", tmp_path / "tagged.conll"
    dataset = person.session.data.dataset
    assert dataset is not None
    sentences = [list(zip(e.source, e.target, strict=True)) for e in list(dataset.validation)[:40]]
    gold = "\n\n".join("\n".join(map("\t".join, sentence)) for sentence in sentences)
    source.write_text(f"{gold}\n", encoding="utf-8")
    posted = notices(person)
    ask_file(person, "tag-file", source, goal)
    person.wait_until(lambda: any("40 texts" in text for text in posted))
    lines = [line.split("\t") for line in goal.read_text(encoding="utf-8").splitlines() if line]
    assert [(token, truth) for token, truth, _ in lines] == list(chain(*sentences))
    right = sum(truth == answer for _, truth, answer in lines) / len(lines)
    assert f"accuracy {percent(right, 1)}" in posted[-1]


@pytest.mark.sample("part-of-speech")
def test_a_tagged_file_keeps_its_comments_and_columns(person: Person, tmp_path: Path) -> None:
    train_and_stop(person, 20)
    shown(person, TagView)
    source, goal = tmp_path / "gold.conll", tmp_path / "tagged.conll"
    dataset = person.session.data.dataset
    assert dataset is not None
    lines = []
    for number, one in enumerate(list(dataset.validation)[:20]):
        tokens = zip(one.source, one.target, strict=True)
        lines += [f"# sent_id = {number}", *(f"{word}\tx\t{tag}" for word, tag in tokens), ""]
    lines[1] = lines[1].replace(lines[1].split("\t")[0], "zyzzyva", 1)
    source.write_text("\n".join(lines), encoding="utf-8")
    posted = notices(person)
    ask_file(person, "tag-file", source, goal)
    person.wait_until(lambda: any("20 texts" in text for text in posted))
    written = goal.read_text(encoding="utf-8").split("\n")
    assert [line.rpartition("\t")[0] if "\t" in line else line for line in written] == lines
    right = [line.split("\t")[2] == line.split("\t")[3] for line in written if "\t" in line]
    assert f"accuracy {percent(sum(right) / len(right), 1)}" in posted[-1]
    words = [line.split("\t")[0] for line in lines if "\t" in line]
    unknown = sum(dataset.codec.source.index(word) is None for word in words)
    assert unknown
    assert f"does not know {unknown} of the {len(words)} words" in posted[-1]


@pytest.mark.sample("ratings")
def test_a_file_is_rated_and_compared_with_its_numbers(person: Person, tmp_path: Path) -> None:
    train_and_stop(person, 20)
    shown(person, RateView)
    source, goal = tmp_path / "held-out.csv", tmp_path / "answers.csv"
    dataset = person.session.data.dataset
    assert dataset is not None
    texts = [(dataset.codec.join(e.source), float(e.target[0])) for e in list(dataset.validation)[:40]]
    table = [["id", "text", "rating"], *([str(i), *map(str, row)] for i, row in enumerate(texts)), ["40", "", ""],
             ["41", "the soup was good", ""]]  # fmt: skip
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    posted = notices(person)
    ask_file(person, "rate-file", source, goal)
    person.wait_until(lambda: any("41 texts" in text for text in posted))
    with goal.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["id", "text", "rating", "predicted rating", "deviation", "unknown words"]
    assert [row[:3] for row in rows] == table
    assert rows[41][3:] == ["", "", ""]
    snapshot = person.session.run.snapshot
    assert snapshot is not None
    assert float(rows[42][3]) == pytest.approx(snapshot.model().rate("the soup was good").value, rel=1e-4)
    off = [float(row[3]) - float(row[2]) for row in rows[1:41]]
    mean = sum(truth for _, truth in texts) / 40
    explained = 1 - sum(e * e for e in off) / sum((truth - mean) ** 2 for _, truth in texts)
    figures = {"mae": sum(map(abs, off)) / 40, "rmse": math.sqrt(sum(e * e for e in off) / 40), "r2": explained}
    expected = ", ".join(f"{metric_title(name)} {metric_text(name, value)}" for name, value in figures.items())
    assert expected in posted[-1]
    person.click("rate-file-show-result")
    assert person.find(QLabel, "rate-file-figures").text() == expected
    assert not person.find(Matrix, "rate-file-confusion").isVisible()
    person.find(QWidget, "rate-file-result").close()


@pytest.mark.parametrize(
    ("verb", "texts"),
    [
        pytest.param("classify", "texts", marks=pytest.mark.sample("reviews")),
        pytest.param("tag", "texts", marks=pytest.mark.sample("part-of-speech")),
        pytest.param("translate", "source texts", marks=pytest.mark.sample("reversal")),
        pytest.param("rate", "texts", marks=pytest.mark.sample("ratings")),
    ],
)
def test_a_score_says_how_many_of_the_texts_the_network_has_learned_from(
    person: Person, tmp_path: Path, verb: str, texts: str
) -> None:
    dataset = person.session.data.dataset
    assert dataset is not None
    learned = {example.source for example in dataset.train}
    asked = [*dataset.train][:3] + [example for example in dataset.validation if example.source not in learned][:17]
    codec = dataset.codec
    source = tmp_path / "some.conll" if verb == "tag" else tmp_path / "some.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        if verb == "tag":
            for one in asked:
                csv.writer(file, delimiter="\t").writerows([*zip(one.source, one.target, strict=True), ()])
        else:
            told = [codec.join(one.target, "target") if codec.target else str(one.target[0]) for one in asked]
            texts_told = zip([codec.join(one.source) for one in asked], told, strict=True)
            csv.writer(file).writerows([("text", "answer"), *texts_told])
    posted = notices(person)
    ask_file(person, f"{verb}-file", source, tmp_path / "answers.csv")
    person.wait_until(lambda: any("20 texts" in text for text in posted))
    assert f". 3 of 20 {texts} are also in the training data. " in posted[-1]
    person.click(f"{verb}-file-show-result")
    assert f" 3 of 20 {texts} are also in the training data. " in person.find(QLabel, f"{verb}-file-counted").text()
    person.find(QWidget, f"{verb}-file-result").close()


@pytest.mark.sample("reversal")
def test_a_file_is_translated_and_compared_with_its_true_answers(person: Person, tmp_path: Path) -> None:
    person.session.set_model(hidden_size=16)
    person.wait_ready()
    train_and_stop(person, 5)
    source, goal = tmp_path / "pairs.tsv", tmp_path / "answers.csv"
    words = [f"{a}{b}{c}" for a in "abcd" for b in "efg" for c in "hij"]
    source.write_text("\n".join(f"{word}\t{word[::-1]}" for word in words) + "\n", encoding="utf-8")
    posted = notices(person)
    ask_file(person, "translate-file", source, goal)
    person.wait_until(lambda: any("36 texts" in text for text in posted))
    with goal.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["column 1"], row["column 2"]) for row in rows] == [(word, word[::-1]) for word in words]
    exact = sum(row["column 2"] == row["predicted answer"] for row in rows) / len(rows)
    wrong = sum(edits(row["predicted answer"], row["column 2"]) for row in rows) / sum(map(len, words))
    assert f"exact match {percent(exact, 1)}, error rate {percent(wrong, 1)}" in posted[-1], "as in Mistakes"


def test_the_true_answers_beside_a_parallel_file_come_out_beside_those_of_the_network(
    person: Person, tmp_path: Path
) -> None:
    numbers = ("one", "two", "three", "four", "five", "six")
    rows = [(f"the {a} and the {b} of {c}", f"{c} {b} {a}") for a in numbers for b in numbers for c in numbers]
    for stem, some in (("train", rows), ("test", rows[::9])):
        for side, ending in enumerate(("en", "de")):
            (tmp_path / f"{stem}.{ending}").write_text("".join(f"{row[side]}\n" for row in some), "utf-8")
    person.session.data.open([tmp_path / "train.en", tmp_path / "train.de"])
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.name == "train")
    person.wait_ready()
    posted, goal = notices(person), tmp_path / "answers.csv"
    ask_file(person, "translate-file", tmp_path / "test.en", goal)
    person.wait_until(lambda: any("24 texts of test.en are answered" in text for text in posted))
    with goal.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [(row["text"], row["true answer"]) for row in written] == rows[::9]
    assert all(row["predicted answer"] is not None for row in written)


def test_true_tags_beside_a_file_of_words_are_written_into_its_lines(tmp_path: Path) -> None:
    rows = [(f"Ann {verb} {n}", "P V N") for verb in ("ran", "sat", "won") for n in range(12)]
    for side, ending in enumerate(("in", "out")):
        (tmp_path / f"seq.{ending}").write_text("".join(f"{row[side]}\n" for row in rows), "utf-8")
    dataset = engine.load_dataset([tmp_path / "seq.in", tmp_path / "seq.out"])
    found = read_rows(tmp_path / "seq.in", dataset.codec, dataset.recognition, dataset.config)
    assert {row.truth for row in found.rows} == {("P", "V", "N")}
    lines = found.rows[0].lines
    assert lines is not None
    assert lines.tagged(("P", "P", "P")) == "Ann\tP\tP\nran\tV\tP\n0\tN\tP\n\n"


def test_a_run_whose_data_are_missing_still_knows_which_column_it_reads(person: Person, tmp_path: Path) -> None:
    data, run, source, goal = (tmp_path / name for name in ("reviews.csv", "reviews.unroll", "new.csv", "answers.csv"))
    rows = "".join(f"{n},the soup number {n} was {('fine', 'dull')[n % 2]},{'ab'[n % 2]}\n" for n in range(40))
    data.write_text(f"id,text,label\n{rows}", encoding="utf-8")
    dataset = engine.load_dataset(data)
    config = engine.ModelConfig(architecture="many-to-one", hidden_size=8)
    engine.save_run(run, engine.Trainer(engine.build_model(config, dataset), dataset))
    data.unlink()
    person.window.files.open_path(str(run))
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.name == "reviews")
    source.write_text("id,text\n1,fine soup\n2,\n3,dull soup\n,\n5,the end\n", encoding="utf-8")
    shown(person, ClassifyView)
    posted = notices(person)
    ask_file(person, "classify-file", source, goal)
    person.wait_until(lambda: any("3 texts of new.csv" in text for text in posted))
    with goal.open(encoding="utf-8", newline="") as file:
        rows_written = list(csv.DictReader(file))
    assert [bool(row["predicted label"]) for row in rows_written] == [True, False, True, False, True]


def test_the_sheet_of_the_data_is_answered_and_named(person: Person, tmp_path: Path) -> None:
    book, path, goal = openpyxl.Workbook(), tmp_path / "x.xlsx", tmp_path / "answers.csv"
    for title, word, count in (("Notes", "note", 60), ("Ours", "soup", 40)):
        sheet = book.create_sheet(title)
        for row in [("text", "label"), *((f"{word} number {n}", ("fine", "dull")[n % 2]) for n in range(count))]:
            sheet.append(row)
    book.save(path)
    person.session.data.open(path, sheet="Ours")
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.path == str(path))
    person.wait_ready()
    posted = notices(person)
    ask_file(person, "classify-file", path, goal)
    person.wait_until(lambda: any("40 texts of x.xlsx are answered" in text for text in posted))
    assert "The sheet “Ours” of x.xlsx was read." in posted[-1]


def test_a_score_says_how_many_answers_it_leaves_out() -> None:
    assert not_compared(893, 893) == ""
    assert not_compared(892, 893) == " (without 1 row whose right answer is missing or was never learned)"


def test_answers_found_in_other_texts_are_not_compared(tmp_path: Path) -> None:
    pairs, asked = tmp_path / "pairs.tsv", tmp_path / "asked.txt"
    pairs.write_text("".join(f"word {n} here\tMot {n} ici\n" for n in range(40)), "utf-8")
    dataset = engine.load_dataset(pairs)
    lines = [f"word {n} here, and there" for n in range(40)]
    asked.write_text("\n".join(lines), "utf-8")
    found = read_rows(asked, dataset.codec, dataset.recognition, dataset.config)
    assert [row.cells for row in found.rows] == [(line,) for line in lines]
    assert {row.truth for row in found.rows} == {None}


def test_a_network_of_small_letters_reads_the_tokens_of_a_file_in_them() -> None:
    tagged = engine.make_dataset(
        [(["Ann", "ran", str(n)], ["P", "V", "N"]) for n in range(20)], "tagged", lowercase=True
    )
    texts = [(f"Good one {n}", "yes") if n % 2 else (f"Bad one {n}", "no") for n in range(20)]
    labelled = engine.make_dataset(texts, "labelled", lowercase=True, unit="word")
    tagger = engine.build_model(engine.ModelConfig(architecture="many-to-many", hidden_size=8), tagged)
    judges = engine.build_model(engine.ModelConfig(architecture="many-to-one", hidden_size=8), labelled)
    for _ in engine.Trainer(tagger, tagged, engine.TrainingConfig(learning_rate=0.05, epochs=20)):
        pass
    given = ("Ann", "RAN")
    tagged_row = TAG.answer_row(tagger, QuestionRow((), given, lines_for_tokens(given, (), ())), ",")
    assert tagged_row.written == "Ann\tP\nRAN\tV\n\n"
    tokens, text = (
        CLASSIFY.answer_row(judges, QuestionRow((), row), COMMAS).written for row in (("Good", "one"), "good one")
    )
    assert tokens == text


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_tags_are_written_with_a_byte_order_mark_only_if_the_file_has_one(
    person: Person, tmp_path: Path, mark: bytes
) -> None:
    person.choose_sample("part-of-speech")
    person.wait_ready()
    view = shown(person, TagView)
    source, goal = tmp_path / "words.conll", tmp_path / "tagged.conll"
    source.write_bytes(mark + b"the\nfirst\nsentence\n\nthe\nsecond\n")
    view.file.start(source, goal)
    person.wait_until(goal.exists)
    assert goal.read_bytes().startswith(mark + b"the\t")
    assert TAG.style_for(TableStyle(is_utf8=False), source, goal).has_mark is False, "CoNLL is read by programs"


def test_a_packed_table_with_tabs_is_answered_under_the_same_ending() -> None:
    assert CLASSIFY.ending_for(Path("pairs.tsv.gz")) == ".tsv"
    style = TableStyle("\t", decimal=",")
    assert CLASSIFY.style_for(style, Path("pairs.csv.gz"), Path("pairs-answers.csv")).delimiter == "\t"
    assert CLASSIFY.style_for(style, Path("pairs.txt"), Path("pairs-answers.csv")) == TableStyle(",")
