"""Classifying and tagging: contributions, whole files, answers that are copied and saved, texts of any kind."""

from __future__ import annotations

import codecs
import csv
import json
import math
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

import engine
from engine.inspection.contributions import contributions
from engine.inspection.text_search import LONGEST_LOOK
from engine.number_text import NARROW, grouped, percent
from gui.panels.try_it import answer_files
from gui.panels.try_it.classify import MOST_LEFT_OUT, ClassifyView, judge
from gui.panels.try_it.file_answers import Score, score_classes, score_texts, table_head
from gui.panels.try_it.question_file import read_rows
from gui.panels.try_it.tag import TagView
from gui.panels.try_it.translate import TranslateView
from gui.panels.try_it.try_view import TryView
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.plots.matrix import Matrix
from tests.gui.conftest import Person
from tests.gui.panels.open_views import model_of, settle, train_a_little
from tests.gui.panels.trying import ask_file, choose_path, notices, panel, paste, shown, write
from tests.gui.saving.saving import open_run

# What the offscreen platform says to sheets is no fault of the program.
pytestmark = [pytest.mark.qt_log_ignore("This plugin does not support"), pytest.mark.sample("")]


@pytest.fixture
def classifier(person: Person, learned: Callable[..., Path]) -> ClassifyView:
    """A network that has learned a little about reviews."""
    open_run(person, learned("reviews", 200))
    return shown(person, ClassifyView)


def test_contributions_are_shown_by_both_measures(person: Person, classifier: ClassifyView) -> None:
    write(person, "the food was bad")
    person.wait_until(lambda: len(classifier.chips.chips) == 4)
    snapshot = person.session.run.snapshot
    assert snapshot is not None
    found = judge(snapshot, "the food was bad")
    assert found is not None
    labels = snapshot.model().classify("the food was bad")
    label = next(iter(labels))
    without = snapshot.model().classify("the food was")[label]
    assert found.without[3] == pytest.approx(without, rel=1e-4)
    log_odds = [math.log(p / (1 - p)) for p in (labels[label], without)]
    assert found.left_out[3] == pytest.approx(log_odds[0] - log_odds[1], abs=1e-2)
    assert found.up_to[-1] == pytest.approx(labels[label], rel=1e-4)
    assert found.up_to[1] == pytest.approx(snapshot.model().classify("the food")[label], rel=1e-4)
    person.click("try-measure-gradient")
    assert "gradient × input" in classifier.chips.chips[0].hint
    assert "responds" in classifier.explained.text()
    person.click("try-measure-left-out")
    assert "left out" in classifier.chips.chips[0].hint


def test_a_long_text_is_explained_by_its_gradient_alone_and_this_is_said(
    person: Person, classifier: ClassifyView
) -> None:
    paste(person, "good food " * 60)
    person.wait_until(lambda: len(classifier.chips.chips) == 120)
    assert not classifier.measure.isVisible()
    assert f"up to {MOST_LEFT_OUT}" in classifier.explained.text()
    assert any(chip.color for chip in classifier.chips.chips)


def test_of_ten_thousand_and_more_symbols_the_first_are_read_and_this_is_said(
    person: Person, classifier: ClassifyView
) -> None:
    paste(person, "food " * 10_500)
    person.wait_until(lambda: grouped(LONGEST_LOOK) in classifier.message.text() and classifier.message.isVisible())
    paste(person, "كان الطعام جيدا")
    person.wait_until(lambda: len(classifier.chips.chips) == 3)
    assert all(chip.unknown for chip in classifier.chips.chips)
    assert not classifier.message.isVisible()
    paste(person, "")
    person.wait_until(lambda: not classifier.chips.chips)
    assert "Type something" in classifier.explained.text()


def test_a_file_is_classified_into_a_table(person: Person, classifier: ClassifyView, tmp_path: Path) -> None:
    source, goal = tmp_path / "texts.csv", tmp_path / "answers.csv"
    texts = ["the food was bad", 'lovely, "really"', "=1+1 awful", *(f"dish {i}" for i in range(40))]
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "text"], *([i, text] for i, text in enumerate(texts))])
    posted = notices(person)
    ask_file(person, "classify-file", source, goal)
    person.wait_until(lambda: any("43 texts" in text for text in posted))
    assert "no text" not in posted[-1]
    with goal.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == [*texts[:2], "'=1+1 awful", *texts[3:]]
    snapshot = person.session.run.snapshot
    assert snapshot is not None
    for row, text in zip(rows, texts, strict=True):
        labels = snapshot.model().classify(text)
        assert row["predicted label"] == next(iter(labels))
        assert float(row["p(positive)"]) == pytest.approx(labels["positive"], abs=1e-5)
    assert classifier.file.button.text() == "Classify a file…"


def test_a_file_with_true_labels_is_compared_and_keeps_them(
    person: Person, classifier: ClassifyView, tmp_path: Path
) -> None:
    source, goal = tmp_path / "held-out.csv", tmp_path / "answers.csv"
    texts = [(f"the {what} was {how} indeed, {n} times", label) for n in range(4) for what in ("food", "film")
             for how, label in (("good", "positive"), ("bad", "negative"), ("awful", "negative"))]  # fmt: skip
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["text", "label"], *texts])
    posted = notices(person)
    ask_file(person, "classify-file", source, goal)
    person.wait_until(lambda: any("24 texts" in text for text in posted))
    with goal.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["text"], row["label"]) for row in rows] == texts
    right = sum(row["label"] == row["predicted label"] for row in rows) / len(rows)
    pairs = Counter((row["label"], row["predicted label"]) for row in rows)
    f1 = []
    for label in ("positive", "negative"):
        true, said = (sum(n for pair, n in pairs.items() if pair[side] == label) for side in (0, 1))
        f1.append(2 * pairs[label, label] / (true + said))
    opener = person.find(QToolButton, "classify-file-show-result")
    assert opener.text() == f"accuracy {percent(right, 1)}"
    person.click("classify-file-show-result")
    sheet = person.find(QWidget, "classify-file-result")
    person.wait_until(sheet.isVisible)
    figures = person.find(QLabel, "classify-file-figures").text()
    assert figures == f"Accuracy {percent(right, 1)}, macro F1 {percent(sum(f1) / 2, 1)}"
    assert f"accuracy {percent(right, 1)}" in posted[-1]
    matrix = person.find(Matrix, "classify-file-confusion")
    assert matrix.isVisible()
    assert matrix.grid.texts is not None
    drawn = {(t, a): matrix.grid.texts(i, j) for i, t in enumerate(matrix.grid.rows)
             for j, a in enumerate(matrix.grid.columns)}  # fmt: skip
    assert drawn == {pair: str(pairs[pair] or "") for pair in drawn}
    sheet.close()
    person.click("reset")
    person.wait_ready()
    assert not opener.isVisible()


def test_the_result_of_a_file_is_back_when_a_reset_is_undone(
    person: Person, classifier: ClassifyView, tmp_path: Path
) -> None:
    source = tmp_path / "held-out.csv"
    source.write_text("text,label\n" + "the food was good,positive\nthe film was bad,negative\n" * 9, encoding="utf-8")
    train_a_little(person, 3)
    ask_file(person, "classify-file", source, tmp_path / "answers.csv")
    opener = person.find(QToolButton, "classify-file-show-result")
    person.wait_until(opener.isVisible)
    person.click("reset")
    person.wait_until(lambda: not opener.isVisible())
    person.wait_ready()
    person.session.undo.undo()
    person.wait_until(opener.isVisible)


def test_a_score_stands_beside_the_button_only_as_long_as_it_is_of_the_last_file_and_these_weights(
    person: Person, classifier: ClassifyView, tmp_path: Path
) -> None:
    train_a_little(person, 3)
    posted, goal, opener = notices(person), tmp_path / "answers.csv", classifier.file.open_result
    for name, header, label in (
        ("labelled", "text,label", ",positive"),
        ("plain", "text", ""),
        ("other", "text,label", ",red"),
    ):
        (tmp_path / f"{name}.csv").write_text(f"{header}\n" + f"the food was good{label}\n" * 9, encoding="utf-8")

    def score(name: str) -> str:
        before = len(posted)
        ask_file(person, "classify-file", tmp_path / f"{name}.csv", goal)
        person.wait_until(lambda: len(posted) > before)
        return posted[-1]

    assert ": accuracy" in score("labelled")
    assert opener.isVisible()
    assert score("plain").startswith("9 texts of plain.csv are answered in answers.csv. The network")
    assert not opener.isVisible(), "this file has no labels"
    score("labelled")
    assert opener.isVisible()
    why = "These are answers to another question: 9 of 9 rows have a label that the network has never learned"
    assert f"They are not compared with those in the file. {why}, such as 'red'; it knows " in score("other")
    assert not opener.isVisible(), "its labels are other ones"
    score("labelled")
    assert opener.isVisible()
    train_a_little(person, person.session.run.progress.step + 2)
    assert not opener.isVisible(), "the network has learned on"


def test_a_file_is_not_replaced_by_its_own_answers(person: Person, classifier: ClassifyView, tmp_path: Path) -> None:
    source = tmp_path / "texts.csv"
    source.write_text("text\nthe food was bad\n", encoding="utf-8")
    posted = notices(person)
    ask_file(person, "classify-file", source, source)
    assert posted == ["texts.csv is the file to be answered; its answers need a file of their own."]
    assert not classifier.file.progress.isVisible()
    assert source.read_text(encoding="utf-8") == "text\nthe food was bad\n"


def test_the_network_is_not_compared_with_its_own_earlier_answers(
    person: Person, classifier: ClassifyView, tmp_path: Path
) -> None:
    first, second, third = (tmp_path / f"{name}.csv" for name in ("first", "second", "third"))
    texts = "".join(f"{n},the food was good {n} times\n" for n in range(20))
    first.write_text(f"id,text\n{texts}", encoding="utf-8")
    posted = notices(person)
    for number, (source, goal) in enumerate(((first, second), (second, third)), 1):
        ask_file(person, "classify-file", source, goal)
        person.wait_until(lambda number=number: len(posted) == number)
    assert "20 texts of second.csv are answered in third.csv." in posted[1]
    assert not person.find(QToolButton, "classify-file-show-result").isVisible()


def test_a_true_label_is_not_taken_for_that_of_a_longer_text_above_it(tmp_path: Path) -> None:
    rows = [(f"good text {n}", "yes") if n % 2 else (f"bad text {n}", "no") for n in range(20)]
    codec = engine.make_dataset(rows, "labelled", unit="word").codec
    path = tmp_path / "some.csv"
    more = "".join(f"{text},{label}\n" for text, label in rows)
    path.write_text(f"text,label\ngood text 1 and more,\ngood text 1,yes\n{more}", encoding="utf-8")
    found = read_rows(path, codec, None, None).rows
    assert [row.truth for row in found[:3]] == [None, ("yes",), ("no",)]


def test_labels_of_a_file_have_the_order_of_the_network_in_which_the_others_follow() -> None:
    rows = [("so", "often"), ("no", "often"), ("ah", "often"), ("go", "a few"), ("do", "a few"), ("oh", "also")] * 2
    codec = engine.make_dataset(rows, "labelled", validation=[("so", "often")]).codec
    assert codec.target is not None
    assert codec.target.symbols == ("often", "a few", "also")
    texts = [engine.Example(("so",), (label,)) for label in ("a few", "unheard", "often")]
    score = score_classes(codec, texts, [("often",)] * 3)
    assert score.labels == ("often", "a few", "unheard")
    assert score.counts is not None
    assert score.counts.tolist() == [[1, 0, 0], [1, 0, 0], [1, 0, 0]]


def test_answers_in_a_file_have_the_figures_of_a_test() -> None:
    pairs = [
        (f"{a} {b}", f"{b} {a} {c}") for a in ("one", "two", "six") for b in ("cat", "dog") for c in ("now", "here")
    ]
    dataset = engine.make_dataset(pairs, "pairs", unit="word")
    model = engine.build_model(engine.ModelConfig(architecture="encoder-decoder", hidden_size=8), dataset, seed=1)
    for _ in engine.Trainer(model, dataset, engine.TrainingConfig(epochs=30, batch_size=4)):
        pass
    texts = [*dataset.train, engine.Example(("one", "zebra"), ("zebra", "one", "now"))]
    answers = [model.translate(text.source, beam_size=1)[0].tokens for text in texts]
    tested = engine.evaluate(model, texts).values
    found = score_texts(dataset.codec, texts, answers).figures
    assert found == pytest.approx({name: tested[name] for name in ("exact_match", "error_rate")})
    here = score_texts(dataset.codec, dataset.train[:], [(*text.source[::-1], "here") for text in dataset.train])
    both = [
        len({other.target for other in dataset.train if other.source == text.source}) == 2 for text in dataset.train
    ]
    right = [two or text.target[-1] == "here" for two, text in zip(both, dataset.train, strict=True)]
    assert any(both)
    assert here.figures["exact_match"] == pytest.approx(sum(right) / len(right)), "a text may have two right answers"


@pytest.mark.parametrize("unit", ["token", "word", "character"])
def test_a_plain_space_before_a_french_question_mark_counts_as_the_no_break_space_that_the_network_writes(
    unit: str,
) -> None:
    pairs = [("why not?", "pourquoi pas\u00a0?"), ("and you?", "et toi\u202f?"), ("and she?", "et elle\u00a0?")]
    codec = engine.make_dataset(pairs * 10, "pairs", unit="word", target_unit=unit).codec

    def score(*truths: str) -> dict[str, float]:
        texts = [
            engine.Example(codec.tokenize(question), codec.tokenize(truth, "target"))
            for (question, _), truth in zip(pairs, truths, strict=True)
        ]
        return score_texts(codec, texts, [codec.tokenize(answer, "target") for _, answer in pairs]).figures

    right = {"exact_match": 1.0, "error_rate": 0.0}
    assert score("pourquoi pas ?", "et toi ?", "et elle ?") == right
    assert score("pourquoi pas\u202f?", "et toi\u00a0?", "et elle\u00a0?") == right
    assert score("pourquoi moi ?", "et toi ?", "et elle ?")["exact_match"] == pytest.approx(2 / 3)


def test_a_file_can_be_cancelled_and_then_nothing_is_written(
    person: Person, classifier: ClassifyView, tmp_path: Path
) -> None:
    source, goal = tmp_path / "many.txt", tmp_path / "answers.csv"
    source.write_text("the food was good and the service was bad\n" * 200_000, encoding="utf-8")
    person.find(QWidget, "classify-file").setFocus()
    person.click("classify-file")
    place = person.find(QWidget, "classify-file").geometry()
    choose_path(person, "classify-file-open", source)
    choose_path(person, "classify-file-save", goal)
    person.activate()
    bar = person.find(QProgressBar, "classify-file-progress")
    person.wait_until(lambda: bar.isVisible() and bar.value() > 0)
    button = person.find(QPushButton, "classify-file")
    assert button.text() == "Cancel"
    assert QApplication.focusWidget() is button
    write(person, "still answers")  # everything else goes on
    person.wait_until(lambda: [chip.text for chip in classifier.chips.chips] == ["still", "answers"])
    assert bar.isVisible()
    button.setFocus()
    person.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Classify a file…"
    assert (QApplication.focusWidget(), button.geometry()) == (button, place)
    assert not bar.isVisible()
    person.wait_until(lambda: not person.session.busy)
    assert [path for path in tmp_path.iterdir() if path.name != "settings.ini"] == [source]


def test_a_file_is_left_when_the_network_changes(person: Person, classifier: ClassifyView, tmp_path: Path) -> None:
    source, goal = tmp_path / "many.txt", tmp_path / "answers.csv"
    source.write_text("good\n" * 200_000, encoding="utf-8")
    posted = notices(person)
    ask_file(person, "classify-file", source, goal)
    person.wait_until(lambda: classifier.file.progress.value() > 0)
    person.click("reset")
    person.wait_until(lambda: any("many.txt was not finished" in text for text in posted))
    assert not classifier.file.progress.isVisible()
    assert not goal.exists()


def test_a_file_that_is_no_text_is_refused_in_words(person: Person, classifier: ClassifyView, tmp_path: Path) -> None:
    source = tmp_path / "picture.txt"
    source.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8)
    posted = notices(person)
    ask_file(person, "classify-file", source, tmp_path / "answers.csv")
    person.wait_until(lambda: any("picture.txt" in text for text in posted))
    assert classifier.file.button.text() == "Classify a file…"


def test_tokens_of_the_data_are_recognised_when_they_are_typed(person: Person, tmp_path: Path) -> None:
    tokens, tags = ("#fun", "with", "@bob", "did", "n't", ":)"), ("T", "O", "P", "O", "O", "O")
    path = tmp_path / "posts.conll"
    rows = [[*zip(tokens, tags, strict=True), (str(n), "O")] for n in range(20)]
    path.write_text("\n\n".join("\n".join(map("\t".join, row)) for row in rows), encoding="utf-8")
    person.session.data.open(path)
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.kind == "tagged")
    person.wait_ready()
    write(person, "#fun with @bob did n't :)")
    chips, unrolled = shown(person, TagView).chips, person.window.panels["unrolled"]
    assert isinstance(unrolled, UnrolledPanel)
    person.wait_until(lambda: tuple(chip.text for chip in chips.chips) == tokens)
    assert not any(chip.unknown for chip in chips.chips)
    person.wait_until(lambda: unrolled.looked is not None and unrolled.looked.tokens == tokens)
    snapshot = person.session.run.snapshot
    assert snapshot is not None
    assert tuple(word.token for word in snapshot.model().tag("#fun with @bob did n't :)")) == tokens


def test_answers_are_kept_as_text_table_and_json(tmp_path: Path) -> None:
    answers = answer_files.Answers(("ä", "=b"), ("text", "score"), (("ä", -1.5), ("=b", 2)))
    for ending in ("txt", "csv", "tsv", "jsonl"):
        answer_files.save_answers(answers, tmp_path / f"a.{ending}")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "ä\n=b\n"
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").split() == ["text,score", "ä,-1.5", "'=b,2"]
    assert (tmp_path / "a.tsv").read_text(encoding="utf-8").splitlines() == ["text\tscore", "ä\t-1.5", "'=b\t2"]
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [{"text": "ä", "score": -1.5}, {"text": "=b", "score": 2}]


@pytest.mark.parametrize(
    ("sample", "first"),
    [("names", "text"), ("reviews", "text"), ("entities", "token"), ("reversal", "source")],
)
def test_answers_of_every_shape_are_copied_and_saved(person: Person, tmp_path: Path, sample: str, first: str) -> None:
    view = panel(person).view
    assert isinstance(view, TryView)
    person.wait_until(lambda: view.answers() is not None)
    person.wait_until(lambda: not person.session.busy)
    person.click("try-copy")
    answers = view.answers()
    assert answers is not None
    assert QGuiApplication.clipboard().text() == "\n".join(answers.texts)
    person.click("try-save")
    choose_path(person, "try-save-dialog", tmp_path / "answers.jsonl")
    lines = (tmp_path / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    assert [tuple(json.loads(line).values()) for line in lines] == [tuple(row) for row in answers.rows]
    assert next(iter(json.loads(lines[0]))) == first


@pytest.mark.sample("names")
def test_what_cannot_be_written_is_said(person: Person, tmp_path: Path) -> None:
    view = panel(person).view
    assert view is not None
    person.wait_until(lambda: view.answers() is not None)
    posted = notices(person)
    person.click("try-save")
    choose_path(person, "try-save-dialog", tmp_path / "nowhere" / "answers.txt")
    assert any("cannot be written" in text for text in posted)


@pytest.mark.sample("reversal")
def test_with_nothing_to_copy_the_user_is_told(person: Person) -> None:
    paste(person, "")
    view = shown(person, TranslateView)
    person.wait_until(lambda: view.results.count() == 0)
    posted = notices(person)
    person.click("try-copy")
    assert posted == ["There is no answer to copy yet."]
    assert not person.window.findChildren(QWidget, "try-save-dialog", Qt.FindChildOption.FindDirectChildrenOnly)


def test_contributions_of_a_sure_answer_do_not_fade(person: Person, classifier: ClassifyView) -> None:
    snapshot = person.session.run.snapshot
    assert snapshot is not None
    text = "the food was bad and the waiter was rude"
    tokens = snapshot.codec.tokenize(text)
    found = judge(snapshot, text)
    assert found is not None
    probability = found.probabilities[0][1]
    by_nats = contributions(snapshot.model(), tokens, found.label, one_by_one=False).gradient_input
    assert found.gradient == pytest.approx((by_nats / (1 - probability)).tolist(), rel=1e-3)


@pytest.mark.parametrize(
    ("name", "answers"),
    [("reviews.txt.gz", "reviews-answers.csv"), ("reviews.tsv", "reviews-answers.tsv"),
     ("reviews.tsv.gz", "reviews-answers.tsv")],
)  # fmt: skip
def test_the_file_is_asked_for_where_the_last_one_was_and_its_answers_go_beside_it(
    person: Person, tmp_path: Path, name: str, answers: str
) -> None:
    elsewhere, chosen = tmp_path / "elsewhere", tmp_path / "chosen"
    elsewhere.mkdir()
    chosen.mkdir()
    person.choose_sample("reviews")
    person.session.folders.use(opened=str(tmp_path), saved=str(elsewhere))
    person.click("classify-file")
    dialog = person.find(QFileDialog, "classify-file-open")
    assert Path(dialog.directory().absolutePath()) == tmp_path
    dialog.fileSelected.emit(str(chosen / name))
    dialog.reject()
    goal = person.find(QFileDialog, "classify-file-save")
    assert goal.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert list(map(Path, goal.selectedFiles())) == [chosen / answers]
    (chosen / name).write_text("the food was good\n")
    goal.fileSelected.emit(str(chosen / answers))
    goal.reject()
    assert Path(person.session.folders.saved) == elsewhere, "nobody chose the folder of the answers for anything else"


def test_the_panel_is_no_wider_while_a_file_is_answered(
    person: Person, classifier: ClassifyView, tmp_path: Path
) -> None:
    source = tmp_path / "texts.csv"
    source.write_text("text\nthe food was bad\n", encoding="utf-8")
    before = classifier.width()
    classifier.file.start(source, tmp_path / "answers.csv")
    assert classifier.file.progress.isVisible()
    assert classifier.file.minimumSizeHint().width() <= before


def test_every_row_and_column_of_a_file_comes_out_in_order(
    person: Person, classifier: ClassifyView, tmp_path: Path
) -> None:
    source, goal = tmp_path / "guests.csv", tmp_path / "answers.csv"
    table = [
        ["id", "text", "city"],
        ["7", "the food was good", "Bonn"],
        ["8", "", "Rome"],
        ["9", "the zyzzyva was\nbad", "Oslo"],
        ["", "", ""],
        ["10", "qwertz asdf", "Köln"],
        *([str(n), f"dish {n} was good", "Bern"] for n in range(11, 40)),
    ]
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    posted = notices(person)
    ask_file(person, "classify-file", source, goal)
    person.wait_until(lambda: any("32 texts" in text for text in posted))
    with goal.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[:3] for row in rows] == table
    added = [dict(zip(rows[0][3:], row[3:], strict=True)) for row in rows[1:]]
    assert rows[0][3:5] == ["predicted label", "probability"]
    assert set(added[1].values()) == set(added[3].values()) == {""}
    assert [row["unknown words"] for row in added[:5]] == ["0", "", "1", "", "2"]
    unknown = sum(int(row["unknown words"] or 0) for row in added)
    assert f"The network does not know {unknown} of the " in posted[-1]
    assert posted[-1].endswith("; 1 text has none that it knows."), "“qwertz asdf”, as the command line says"
    assert " 2 rows hold no text and have no answer. " in posted[-1]


def test_answers_in_a_file_that_ends_in_tsv_are_separated_by_tabs(
    person: Person, classifier: ClassifyView, tmp_path: Path
) -> None:
    source, goal = tmp_path / "guests.csv", tmp_path / "answers.tsv"
    table = [["id", "text"], *([str(n), f"dish {n}, the second, was good"] for n in range(20))]
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    classifier.file.start(source, goal)
    person.wait_until(goal.exists)
    with goal.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    assert [row[:2] for row in rows] == table
    assert rows[0][2] == "predicted label"


@pytest.mark.parametrize("form", ["csv", "jsonl", "txt"])
def test_answers_under_a_name_that_ends_in_jsonl_are_json_lines(
    person: Person, classifier: ClassifyView, tmp_path: Path, form: str
) -> None:
    source, goal = tmp_path / f"guests.{form}", tmp_path / "answers.jsonl"
    texts = [f"dish {n}, the second, was good" for n in range(20)]
    if form == "csv":
        rows = [["id", "text"], *([str(n), text] for n, text in enumerate(texts))]
        with source.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
    else:
        lines = [json.dumps({"text": text} if n else {"text": text, "id": 1}) for n, text in enumerate(texts)]
        source.write_text("\n".join(lines if form == "jsonl" else texts), encoding="utf-8")
    ask_file(person, "classify-file", source, goal)
    person.wait_until(goal.exists)
    answers = [json.loads(line) for line in goal.read_text(encoding="utf-8").splitlines()]
    assert [answer["text"] for answer in answers] == texts
    labels = model_of(person).classify(texts[1])
    assert answers[1]["predicted label"] == next(iter(labels))
    assert answers[1]["p(positive)"] == pytest.approx(labels["positive"])


def test_answers_are_written_as_the_file_is(person: Person, classifier: ClassifyView, tmp_path: Path) -> None:
    table = [["id", "text"], *([str(n), f"the crème brûlée {n}, at last; was good"] for n in range(20))]
    for at, (encoding, delimiter) in enumerate(product(("utf-8", "utf-8-sig"), ",;\t|")):
        source, goal = tmp_path / f"guests {at}.csv", tmp_path / f"answers {at}.csv"
        with source.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(table)
        person.wait_until(lambda: not person.session.questions.busy and not person.window.jobs.busy)
        classifier.file.start(source, goal)
        person.wait_until(goal.exists)
        assert goal.read_bytes().startswith(codecs.BOM_UTF8) == (encoding == "utf-8-sig"), delimiter
        with goal.open(encoding=encoding, newline="") as file:
            rows = list(csv.reader(file, delimiter=delimiter))
        assert [row[:2] for row in rows] == table, (encoding, delimiter)
        assert rows[0][2] == "predicted label"


def test_answers_to_a_file_of_a_spreadsheet_with_decimal_commas_open_there_as_numbers(
    person: Person, classifier: ClassifyView, tmp_path: Path
) -> None:
    source, goal = tmp_path / "guests.csv", tmp_path / "answers.csv"
    table = [["text", "price", "change"], *([f"the crème brûlée {n} was good", f"{n},50", "-1,5"] for n in range(20))]
    with source.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows(table)
    classifier.file.start(source, goal)
    person.wait_until(goal.exists)
    assert goal.read_bytes().startswith(codecs.BOM_UTF8), "which tells the program that it is UTF-8 now"
    with goal.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert [row[:3] for row in rows] == table
    labels = model_of(person).classify(table[1][0])
    answer = dict(zip(rows[0], rows[1], strict=True))
    assert answer["predicted label"] == next(iter(labels))
    assert answer["p(positive)"] == f"{labels['positive']:.6f}".replace(".", ",")


def test_tabs_are_written_only_where_the_ending_promises_them_or_the_file_has_them_under_the_same(
    person: Person, classifier: ClassifyView, tmp_path: Path
) -> None:
    source, goal = tmp_path / "guests.txt", tmp_path / "answers.csv"
    source.write_text("id\ttext\n" + "".join(f"{n}\tdish {n} was good\n" for n in range(20)), encoding="utf-8")
    classifier.file.start(source, goal)
    person.wait_until(goal.exists)
    with goal.open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file))[:3] == ["id", "text", "predicted label"]


def test_a_table_whose_columns_are_called_like_the_answers_keeps_both() -> None:
    assert table_head(["text", "answer"], ["answer", "score"]) == ("text", "answer", "answer (network)", "score")


@pytest.mark.sample("reviews")
def test_any_file_is_offered_for_answering(person: Person) -> None:
    person.click("classify-file")
    dialog = person.find(QFileDialog, "classify-file-open")
    assert dialog.nameFilters() == ["All files (*)"]
    dialog.reject()


def test_empty_lines_of_a_list_stay_between_its_answers(
    person: Person, classifier: ClassifyView, tmp_path: Path
) -> None:
    source, goal = tmp_path / "list.txt", tmp_path / "answers.csv"
    source.write_text("the food was good\n\nthe food was bad\n\n\n", encoding="utf-8")
    posted = notices(person)
    ask_file(person, "classify-file", source, goal)
    person.wait_until(lambda: any("2 texts" in text for text in posted))
    assert " 1 row holds no text and has no answer. " in posted[-1]
    with goal.open(encoding="utf-8", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == ["the food was good", "", "the food was bad"]


@pytest.mark.sample("french")
def test_a_file_is_translated_with_the_beam_that_is_set(person: Person, tmp_path: Path) -> None:
    shown(person, TranslateView)
    source, posted = tmp_path / "texts.txt", notices(person)
    source.write_text("i am cold .\nhe is here .\n", encoding="utf-8")
    found = {}
    for beam in (1, 3):
        person.type("beam-size-number", str(beam))
        goal = tmp_path / f"answers-{beam}.csv"
        ask_file(person, "translate-file", source, goal)
        said = f"2 texts of texts.txt are answered with a beam of {beam} in answers-{beam}.csv."
        person.wait_until(lambda said=said: any(text.startswith(said) for text in posted))
        with goal.open(encoding="utf-8", newline="") as file:
            found[beam] = [float(row["log_probability"]) for row in csv.DictReader(file)]
    model = model_of(person)
    for beam, scores in found.items():
        best = [model.translate(text, beam_size=beam)[0].log_probability for text in ("i am cold .", "he is here .")]
        assert scores == pytest.approx(best, abs=1e-4)
    assert found[1] != found[3]


@pytest.mark.sample("french")
@pytest.mark.parametrize("width", [960, 1100])
def test_the_result_of_a_translated_file_does_not_widen_the_column(person: Person, width: int) -> None:
    person.resize(width, 700)
    view = shown(person, TranslateView)
    around = view.parentWidget()
    while not isinstance(around, QScrollArea):
        assert around is not None
        around = around.parentWidget()
    view.file.open_result.setText(Score(20, {"exact_match": 1.0, "accuracy": 1.0}).headline)
    view.file.open_result.show()
    settle(person)
    button, seen = view.file.open_result, around.viewport()
    assert button.mapTo(around, button.rect().topRight()).x() <= seen.width()
    assert view.mapTo(around, view.rect().topRight()).x() <= seen.width()


def test_the_figure_beside_the_button_is_the_one_that_tells_most_in_full_words() -> None:
    tags = Score(20, {"accuracy": 0.95, "entity_f1": 0.5})
    assert tags.headline == f"entity F1 50.0{NARROW}%"
    assert Score(20, {"accuracy": 0.95, "macro_f1": 0.5}).headline == f"accuracy 95.0{NARROW}%"
    assert Score(20, {"mae": 2.5, "rmse": 3.5}).headline == "MAE 2.50"
