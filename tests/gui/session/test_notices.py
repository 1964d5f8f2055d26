"""What is done is told: each step that a person might wonder about has its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton

import engine
from gui.panels.metrics import MetricsPanel
from tests.gui.conftest import Person
from tests.gui.panels.open_views import open_view
from tests.gui.panels.trying import choose_path, notices
from tests.gui.saving.saving import BOTH, CONTROL, choose, keys, open_run, said, save, settled, trained, write_names
from tests.gui.written import tip_of

pytestmark = pytest.mark.one_window


def opened(person: Person, path: Path) -> engine.Dataset:
    person.window.files.open_path(str(path))
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.path == str(path))
    person.wait_ready()
    settled(person)
    assert person.session.data.dataset is not None
    return person.session.data.dataset


def test_a_change_of_the_network_says_what_changed_and_that_it_starts_untrained(person: Person) -> None:
    trained(person, 1)
    before = person.session.run.model_config.hidden_size
    person.type("hidden_size-number", "24")
    text = "The new network starts untrained, again with seed 0; the trained one is in Runs."
    assert said(person) == f"Hidden units {before} → 24. {text}"


def test_no_embedding_is_called_so_in_place_of_a_zero(person: Person) -> None:
    trained(person, 1)
    before = person.session.run.model_config.embedding_size
    person.choose("embedding_size", 0)
    assert said(person).startswith(f"Embedding {before} → none. ")


def test_a_training_setting_that_needs_a_new_start_says_so(person: Person) -> None:
    trained(person, 1)
    batch = person.session.run.training_config.batch_size
    person.type("batch_size", "16")
    assert (
        said(person)
        == f"Batch {batch} → 16. The new network starts untrained, again with seed 0; the trained one is in Runs."
    )
    person.wait_ready()
    trained(person, 1)
    person.type("seed", "2048")
    assert said(person) == "Random seed 0 → 2,048. The new network starts untrained; the trained one is in Runs."
    person.wait_ready()
    trained(person, 1)
    person.type("hidden_size-number", "1024")
    text = "The new network starts untrained, again with seed 2,048; the trained one is in Runs."
    assert said(person).endswith(f" → 1,024. {text}")


def test_nothing_is_said_of_a_change_before_any_step(person: Person) -> None:
    posted = notices(person)
    person.type("batch_size", "16")
    person.wait_ready()
    person.type("hidden_size-number", "24")
    person.wait_ready()
    assert posted == []


def test_training_again_after_a_divergence_says_that_it_starts_anew(person: Person) -> None:
    session = person.session
    session.run.set_training(optimizer="adamw", weight_decay=1.0, learning_rate=10.0, clip_norm=0.0)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: session.run.status == "diverged")
    session.run.set_training(learning_rate=0.001)
    posted = notices(person)
    person.click("train")
    assert posted[0] == "Starting a new network, again with seed 0."
    person.wait_steps(2)


def test_what_is_odd_about_a_file_is_told_when_it_is_opened(person: Person, tmp_path: Path) -> None:
    path = write_names(tmp_path / "names.csv")
    path.write_text(path.read_text("utf-8") + "\nodd\nanna,b,a", "utf-8")
    posted = notices(person)
    findings = opened(person, path).report.findings
    assert len(findings) > 1
    assert posted == [f"{findings[0]} {len(findings) - 1} more in the data report."]


def test_a_file_without_oddities_is_opened_without_a_word(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("".join(f"{a}{b}{c}\n" for a in "abcdef" for b in "ghijkl" for c in "mnopqr"), "utf-8")
    posted = notices(person)
    assert opened(person, path).report.findings == ()
    assert posted == []


@pytest.mark.sample("alphabet")
def test_other_data_in_place_of_a_trained_network_say_where_it_is_and_offer_to_undo(person: Person) -> None:
    assert said(person) == "", "there was no trained network"
    trained(person, 2)
    person.choose_sample("names")
    settled(person)
    assert said(person) == "The new network starts untrained; the trained one is in Runs."
    assert person.find(QPushButton, "notice-action").text() == "Undo"
    person.click("notice-action")
    settled(person)
    person.wait_ready()
    assert (person.session.data.sample, person.session.run.progress.step) == (engine.SAMPLES["alphabet"], 2)


def test_where_the_trained_network_is_and_what_is_odd_about_a_file_are_told_together(
    person: Person, tmp_path: Path
) -> None:
    trained(person, 2)
    path = write_names(tmp_path / "names.csv")
    path.write_text(path.read_text("utf-8") + "\nodd\nanna,b,a", "utf-8")
    findings = opened(person, path).report.findings
    assert said(person).startswith(f"The new network starts untrained; the trained one is in Runs. {findings[0]}")
    assert person.find(QPushButton, "notice-action").text() == "Undo"
    person.click("notice-action")
    settled(person)
    person.wait_ready()
    assert person.session.run.progress.step == 2


def test_word_vectors_beside_few_labelled_rows_are_offered(person: Person, tmp_path: Path) -> None:
    path, vectors = tmp_path / "reviews.csv", tmp_path / "glove.6B.txt"
    rows = [f"the soup {i} was {'warm' if i % 2 else 'cold'},{'good' if i % 2 else 'poor'}" for i in range(40)]
    path.write_text("\n".join(["text,label", *rows]), "utf-8")
    vectors.write_text("the 1 2 3\nsoup 4 5 6\nwarm 7 8 9\n", "utf-8")
    opened(person, path)
    assert "word vectors help" in said(person)
    assert person.find(QPushButton, "notice-action").text() == "Use glove.6B.txt"
    person.click("notice-action")
    config = person.session.run.model_config
    assert (config.vectors, config.embedding_size) == (str(vectors), 3)
    dataset = person.session.data.dataset
    assert dataset is not None
    about = f"3 of {dataset.codec.source.distinct} words have a vector in glove.6B.txt."
    person.wait_until(lambda: said(person) == about)
    person.click("show-data-report")
    assert about in person.find(QLabel, "data-report-findings").text()
    person.press(Qt.Key.Key_Escape)
    vectors.write_text("nothing\nof\nthe\nkind\n", "utf-8")
    opened(person, write_names(tmp_path / "names.csv"))  # names are read by letters
    assert "word vectors" not in said(person)
    opened(person, path)
    person.click("notice-action")
    assert "expected a file of word vectors" in said(person)


def test_copying_and_pasting_settings_are_confirmed(person: Person) -> None:
    keys(person, Qt.Key.Key_C, BOTH)
    assert said(person) == "Settings copied."
    text = QGuiApplication.clipboard().text()
    keys(person, Qt.Key.Key_V, BOTH)
    assert said(person) == "Settings pasted."
    assert QGuiApplication.clipboard().text() == text


def test_saving_exporting_and_opening_say_the_file_and_the_step(person: Person, tmp_path: Path) -> None:
    trained(person, 3)
    path, curves = tmp_path / "girls.unroll", tmp_path / "loss.csv"
    save(person, path)
    assert said(person) == "Saved “girls.unroll” at step 3."
    person.find(QAction, "export-curves").trigger()
    choose(person, "export-dialog", curves)
    person.wait_until(lambda: "loss.csv" in said(person))
    assert said(person) == "Saved “loss.csv”."
    trained(person, 1)
    open_run(person, path)
    assert said(person) == "Opened “girls.unroll” at step 3."


def test_data_that_are_found_again_are_named(person: Person, tmp_path: Path) -> None:
    opened(person, write_names(tmp_path / "names.csv"))
    trained(person, 1)
    save(person, tmp_path / "run.unroll")
    (tmp_path / "names.csv").rename(tmp_path / "moved.csv")
    person.choose_sample("alphabet")
    open_run(person, tmp_path / "run.unroll")
    person.click("notice-action")
    choose(person, "find-data-dialog", tmp_path / "moved.csv")
    person.wait_until(lambda: person.session.run.opened is None)
    assert said(person) == "moved.csv holds the data of this run, so training can continue."


def test_a_second_test_says_that_the_run_keeps_its_first_figures(person: Person, tmp_path: Path) -> None:
    opened(person, write_names(tmp_path / "names.csv"))
    test = write_names(tmp_path / "test.csv")
    posted = notices(person)

    def measured() -> str:
        posted.clear()
        person.click("data-test")
        choose_path(person, "test-dialog", test)
        person.wait_until(lambda: any(text.startswith("Test on") for text in posted))
        person.activate()
        return next(text for text in posted if text.startswith("Test on"))

    assert "keeps the results" not in measured()
    assert person.session.run.tested is not None
    assert person.session.run.tested.step == 0
    trained(person, 1)
    first = measured()
    assert re.search(r"\. \d+ of \d+ texts are also in the training data\. ", first)
    assert "keeps the results" not in first, "what untrained weights gave is no result of the run"
    assert person.session.run.tested.step > 0
    assert first.startswith("Test on test.csv (step 1): loss ")
    assert measured() == f"{first} The run keeps the results of its first test."


def test_the_result_of_a_test_stays_in_the_metrics_and_comes_back_with_the_run(person: Person, tmp_path: Path) -> None:
    opened(person, write_names(tmp_path / "names.csv"))
    trained(person, 2)
    metrics = open_view(person, "metrics", MetricsPanel)
    assert not metrics.tested.isVisible()
    person.click("data-test")
    choose(person, "test-dialog", write_names(tmp_path / "test.csv"))
    person.wait_until(lambda: "test.csv" in said(person))
    step = person.session.run.progress.step
    result = f"Test on test.csv (step {step}, "
    person.session.tell("Another notice.")
    assert metrics.tested.isVisible()
    words = metrics.tested.text()
    assert words.startswith(result)
    assert " texts are also in the training data): loss" in words
    person.activate()
    save(person, tmp_path / "girls.unroll")
    person.choose_sample("alphabet")
    assert not metrics.tested.isVisible()
    person.window.files.open_path(str(tmp_path / "girls.unroll"))
    person.wait_until(metrics.tested.isVisible)
    assert metrics.tested.text() == words
    assert words.replace("\n", " ") in tip_of(person.find(QAbstractButton, "data-test"))
    person.window.resize(1100, 700)
    settled(person)
    person.wait_until(lambda: metrics.tested.visibleRegion().boundingRect() == metrics.tested.rect())


def test_a_notice_stays_until_training_goes_on(person: Person) -> None:
    keys(person, Qt.Key.Key_C, BOTH)
    trained(person, 1)
    assert said(person) == "Settings copied."
    person.press(Qt.Key.Key_Space)
    person.wait_steps(3)
    assert said(person) == ""


def test_what_only_confirms_goes_away_by_itself_and_results_stay(person: Person, tmp_path: Path) -> None:
    bar = person.window.notice_bar
    opened(person, write_names(tmp_path / "names.csv"))
    keys(person, Qt.Key.Key_C, BOTH)
    assert (said(person), bar.level) == ("Settings copied.", "done")
    keys(person, Qt.Key.Key_V, BOTH)
    assert (said(person), bar.level) == ("Settings pasted.", "done")
    trained(person, 1)
    person.activate()
    save(person, tmp_path / "girls.unroll")
    assert (said(person), bar.level) == ("Saved “girls.unroll” at step 1.", "done")
    person.click("data-test")
    choose_path(person, "test-dialog", write_names(tmp_path / "test.csv"))
    person.wait_until(lambda: "test.csv" in said(person))
    assert bar.level == "info"


def test_an_offer_to_undo_goes_once_that_has_been_undone_by_keyboard(person: Person) -> None:
    session = person.session
    trained(person, 1)
    person.choose("cell", "gru")
    person.wait_ready()
    settled(person)
    (older,) = session.runs.others()
    session.run_edits.delete([older.id])
    assert said(person).startswith("Deleted “")
    session.run.set_training(clip_norm=5.0)
    keys(person, Qt.Key.Key_Z, CONTROL)
    assert said(person).startswith("Deleted “"), "only the later change has been undone"
    keys(person, Qt.Key.Key_Z, CONTROL)
    assert [run.id for run in session.runs.others()] == [older.id]
    assert said(person) == ""
    assert not person.find(QPushButton, "notice-action").isVisible()
    keys(person, Qt.Key.Key_C, BOTH)
    keys(person, Qt.Key.Key_Z, BOTH)
    keys(person, Qt.Key.Key_Z, CONTROL)
    assert said(person) == "Settings copied.", "another notice stays"
