"""The rows of a file in the window: as they stand and as they were read, from which columns, and what was left out."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QMenu, QScrollArea, QTableWidget, QWidget

import engine
from gui.panels.try_it.generate import GenerateView
from gui.panels.try_it.translate import TranslateView
from gui.widgets.example_rows import ExampleRows
from tests.gui.conftest import Person
from tests.gui.panels.opening import WORDS, choose, open_file, put, show_reading, table
from tests.gui.panels.trying import choose_path, notices, shown, train_and_stop, write

# What the offscreen platform says to sheets is no fault of the program.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def person(empty_person: Person) -> Person:
    """A window in which nothing has been loaded yet: each test opens data of its own."""
    return empty_person


def test_the_box_names_what_is_being_read_and_what_is_there_if_that_is_cancelled_or_fails(
    person: Person, tmp_path: Path
) -> None:
    box, data, panel = person.find(QComboBox, "sample"), person.session.data, person.window.panels["data"]
    data.load_sample("reviews")
    panel.refresh()
    assert box.currentData() == "reviews", "also the very first data"
    person.wait_ready()
    person.choose_sample("names")
    for ended in (False, True):
        at = box.findData("reviews")
        box.setCurrentIndex(at)
        box.activated.emit(at)
        panel.refresh()  # as for each piece of news, before the data is there
        assert box.currentData() == "reviews"
        if ended:
            person.wait_ready()
        else:
            data.cancel()
        panel.refresh()
        assert box.currentData() == ("reviews" if ended else "names")
    data.open(tmp_path / "missing.csv")
    panel.refresh()
    assert box.currentText() == "missing.csv"
    person.wait_until(lambda: not data.loading)
    panel.refresh()
    assert box.currentData() == "reviews"
    assert box.findText("missing.csv") < 0, "only a file that is there is in the list"


def test_the_column_of_settings_returns_to_its_top_when_another_file_is_opened_and_only_then(
    person: Person, tmp_path: Path
) -> None:
    open_file(person, put(tmp_path / "a.csv", table()))
    person.resize(1100, 700)
    person.click("jump-to-last")
    position = person.find(QScrollArea, "left-column").verticalScrollBar()
    scrolled = position.value()
    assert scrolled > 0
    person.session.data.change(lowercase=True)
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.config.lowercase)
    person.wait_ready()
    assert position.value() == scrolled, "it is the same file"
    open_file(person, put(tmp_path / "b.csv", table()))
    assert position.value() == 0, "its name and its first rows are in sight"


def test_the_columns_that_are_read_are_in_sight_among_the_first_rows(person: Person, tmp_path: Path) -> None:
    names = [f"measurement {k}" for k in range(8)]
    rows = [[*(f"{i}.{k}" for k in range(8)), f"{a} likes {a[::-1]} {i}", "yes" if i % 2 else "no"]
            for i, a in enumerate(WORDS * 4)]  # fmt: skip
    lines = [[*names, "text", "label"], *rows]
    dataset = open_file(person, put(tmp_path / "a.csv", "\n".join(map(",".join, lines))))
    assert dataset.recognition.read == {"text", "label"}
    person.click("data-rows")
    shown = person.find(QTableWidget, "raw-table")
    seen = shown.viewport().rect()
    for place in (8, 9):
        assert seen.contains(shown.visualItemRect(shown.item(0, place)).center())


def test_space_and_step_say_that_other_data_is_being_read_instead_of_training_the_old_network(person: Person) -> None:
    person.choose_sample("names")
    posted, number = notices(person), person.session.run.number
    for act in (Qt.Key.Key_Space, Qt.Key.Key_S):
        person.session.data.load_sample("reviews")
        person.press(act)
        assert posted[-1].endswith("is still being read; training can start once it is there.")
        assert person.session.run.progress.step == 0
        person.session.data.cancel()
    person.press(Qt.Key.Key_Space)
    person.wait_steps(2)
    person.session.data.load_sample("reviews")
    person.press(Qt.Key.Key_Space)
    assert person.session.run.status == "paused", "a network that is trained can be paused"
    person.press(Qt.Key.Key_Space)
    assert person.session.run.number == number
    person.wait_ready()
    assert "is still being read" not in person.find(QLabel, "notice").text()


def test_the_rows_that_were_left_out_are_saved_as_a_table(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table() + "only one\n,no,nothing\n"))
    posted = notices(person)
    person.click("show-data-report")
    person.wait_until(lambda: person.find(QWidget, "save-left-out").isVisible())
    person.click("save-left-out")
    choose_path(person, "save-left-out-dialog", tmp_path / "out.csv")
    person.wait_until(lambda: any("2 skipped rows are in out.csv" in text for text in posted))
    saved = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert saved == ["line,reason,text", "146,1 column where 3 are expected,only one", '147,no text,",no,nothing"']


def test_the_first_rows_are_shown_as_they_are_and_as_they_were_read(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table(header="text,label,note")))
    raw = raw_table(person)
    names = [raw.horizontalHeaderItem(i).text() for i in range(raw.columnCount())]
    assert names == ["text ✓", "label ✓", "note", "read as"]
    assert [raw.item(0, i).text() for i in range(4)] == [
        "anna likes anna",
        "no",
        "anna 0",
        "anna · likes · anna → no",
    ]


def test_a_row_of_a_series_is_read_as_a_time_and_its_values(person: Person, tmp_path: Path) -> None:
    rows = "".join(f"2019-{n // 28 + 1:02}-{n % 28 + 1:02},{n % 9}.5,{200 + n % 7}\n" for n in range(100))
    open_file(person, put(tmp_path / "sales.csv", f"date,temperature,sales\n{rows}"))
    raw = raw_table(person)
    assert raw.item(0, raw.columnCount() - 1).text() == "2019-01-01: 0.5, 200"


def test_running_text_is_shown_once_and_to_its_end(person: Person, tmp_path: Path) -> None:
    line = "Before we proceed any further, hear me speak of what has long been on my mind."
    open_file(person, put(tmp_path / "play.txt", f"{line}\n\nAll:\nSpeak, speak.\n\n" * 60))
    raw = raw_table(person)
    assert raw.columnCount() == 1
    assert raw.item(0, 0).text() == line
    assert not person.find(QLabel, "raw-hint").isVisible(), "there is no column to choose"


def test_a_row_read_by_the_letter_is_shown_as_far_as_there_is_room(person: Person, tmp_path: Path) -> None:
    long = "anna likes anna" * 6
    open_file(person, put(tmp_path / "a.csv", table().replace("anna likes anna", long)))
    show_reading(person)
    choose(person, "unit", "character")
    assert raw_table(person).item(0, 3).text() == f"{long} → no"


def test_a_series_with_a_column_that_never_changes_is_opened_without_it_and_says_so(
    person: Person, tmp_path: Path
) -> None:
    rows = "".join(f"2019-{n // 28 + 1:02}-{n % 28 + 1:02};{n % 9},5;0;{200 + n % 7}\n" for n in range(100))
    open_file(person, put(tmp_path / "strom.csv", f"Datum;Verbrauch;Störung;Temperatur\n{rows}"))
    said = "The column “Störung” holds 0, the same number in every training row, so it is left out."
    assert said in person.find(QLabel, "notice").text()
    raw = raw_table(person)
    names = [raw.horizontalHeaderItem(i).text() for i in range(raw.columnCount())]
    assert names == ["Datum · time", "Verbrauch · numbers", "Störung", "Temperatur · numbers", "read as"]
    assert raw.item(0, raw.columnCount() - 1).text() == "2019-01-01: 0,5, 200"
    person.click("show-data-report")
    assert said in person.find(QLabel, "data-report-findings").text()


def raw_table(person: Person) -> QTableWidget:
    """The table of raw rows, shown."""
    person.click("data-rows")
    shown = person.find(QTableWidget, "raw-table")
    person.wait_until(shown.isVisible)
    return shown


def say(person: Person, shown: QTableWidget, column: int, what: str) -> engine.Dataset:
    """Click the name of a column, say what it is, and wait until the data were read again."""
    before = person.session.data.dataset
    header = shown.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(column) + 20, header.height() // 2)
    person.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    menu = person.window.findChild(QMenu, "column-menu")
    assert menu is not None
    next(action for action in menu.actions() if action.text() == what).trigger()
    menu.close()
    person.wait_until(lambda: person.session.data.dataset is not before)
    person.wait_ready()
    assert person.session.data.dataset is not None
    return person.session.data.dataset


def test_a_click_on_the_name_of_a_column_says_what_it_is(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table()))
    dataset = say(person, raw_table(person), 2, "Read as text")
    assert (dataset.recognition.source_column, dataset.recognition.target_column) == ("note", "label")


def test_a_column_of_numbers_may_tell_series_apart_or_be_measured(person: Person, tmp_path: Path) -> None:
    rows = [(k, f"2024-{1 + k // 28:02}-{1 + k % 28:02}", store) for store in (1, 2) for k in range(84)]
    text = "".join(f"{store},{day},{50 + 9 * store + k % 7}.5\n" for k, day, store in rows)
    assert len(open_file(person, put(tmp_path / "sales.csv", f"Store,Date,Sales\n{text}")).train) == 2
    raw = raw_table(person)
    names = [raw.horizontalHeaderItem(i).text() for i in range(raw.columnCount())]
    assert names == ["Store · series", "Date · time", "Sales · numbers", "read as"]
    dataset = say(person, raw, 0, "Add to the numbers")
    assert (dataset.recognition.sources, len(dataset.train)) == (("Sales", "Store"), 1)
    dataset = say(person, raw, 0, "Leave out of the numbers")
    assert (dataset.recognition.sources, len(dataset.train)) == (("Sales",), 2)
    raw.window().close()  # without a screen, Qt itself sometimes closes it with the menu
    assert raw_table(person).horizontalHeaderItem(0).text() == "Store · series"


FEATURES = [("V;PST", "ed"), ("V;PRS;3;SG", "s"), ("V.PTCP;PRS", "ing")]


def test_word_forms_are_read_from_lemma_and_features_and_the_columns_can_be_changed(
    person: Person, tmp_path: Path
) -> None:
    rows = "".join(f"{word}\t{word}{end}\t{features}\n" for word in WORDS for features, end in FEATURES)
    dataset = open_file(person, put(tmp_path / "eng.tsv", rows))
    assert (dataset.kind, dataset.codec.unit) == ("pairs", "mixed")
    raw = raw_table(person)
    names = [raw.horizontalHeaderItem(i).text() for i in range(raw.columnCount())]
    assert names == ["column 1 · source", "column 2 · target", "column 3 · source", "read as"]
    assert raw.item(0, 3).text() == "a · n · n · a ·  +  · V · PST → annaed"
    show_reading(person)
    assert "goes with 3.0 values" in person.find(QLabel, "reading-reason").text()
    dataset = say(person, raw, 2, "Leave out of the source")
    assert (dataset.recognition.sources, dataset.codec.unit) == (("column 1",), "character")
    dataset = say(person, raw, 2, "Add to the source")
    assert (dataset.recognition.sources, dataset.codec.unit) == (("column 1", "column 3"), "mixed")
    dataset = choose(person, "unit", "word")
    assert dataset.train[0].source[1] == "+"


def test_sentences_that_are_split_are_read_as_tokens_and_may_be_read_as_words(person: Person, tmp_path: Path) -> None:
    lines = [f" mr. {word} does n't like the <unk> of {other} " for word in WORDS for other in WORDS]
    dataset = open_file(person, put(tmp_path / "ptb.train.txt", "\n".join(lines)))
    assert (dataset.kind, dataset.codec.unit, dataset.report.rows) == ("sequences", "token", 144)
    assert "tokens" in person.find(QLabel, "data-vocabulary").text()
    show_reading(person)
    assert "already split into tokens" in person.find(QLabel, "reading-reason").text()
    assert choose(person, "unit", "word").codec.source.index("mr.") is None


def test_a_three_column_file_is_opened_trained_and_asked_for_forms(person: Person, tmp_path: Path) -> None:
    stems = [a + b + c for a in "bdgklm" for b in "aeio" for c in "nrst"]
    rows = [f"{stem}\t{stem}{end}\t{features}" for stem in stems for features, end in FEATURES]
    open_file(person, put(tmp_path / "eng.tsv", "\n".join(rows)))
    person.type("hidden_size-number", "48")
    person.wait_ready()
    view = shown(person, TranslateView)
    train_and_stop(person, 110)
    write(person, "kas + V;PST")
    person.wait_until(lambda: view.results.count() > 0 and view.results.results[0].text == "kased")
    write(person, "kas + V.PTCP;PRS")
    person.wait_until(lambda: view.results.results[0].text == "kasing")


def test_a_tokenised_file_is_opened_trained_and_written_more_of(person: Person, tmp_path: Path) -> None:
    lines = [f" mr. {word} does n't like the <unk> of {other} " for word in WORDS for other in WORDS]
    dataset = open_file(person, put(tmp_path / "ptb.train.txt", "\n".join(lines)))
    train_and_stop(person, 40)
    view = shown(person, GenerateView)
    person.wait_until(lambda: view.greedy.count() > 0)
    person.wait_until(lambda: view.greedy.results[0].text.startswith("mr. "))
    assert set(view.greedy.results[0].symbols) <= set(dataset.codec.source.symbols)


def test_sentences_of_a_treebank_are_shown_as_they_are_written(person: Person, tmp_path: Path) -> None:
    sentences = []
    for word in WORDS:
        tagged = (("Do", "AUX"), ("n't", "PART"), (word, "VERB"), ("(", "PUNCT"), ("!", "PUNCT"))
        words = [f"{i + 1}\t{form}\t_\t{tag}\t_\t_\t0\t_\t_\t_" for i, (form, tag) in enumerate(tagged)]
        sentences.append(f"# text = Don't {word}(!\n" + "\n".join(words) + "\n\n")
    open_file(person, put(tmp_path / "a.conllu", "".join(sentences)))
    assert all(
        left.startswith("Don't ") and left.endswith("(!") for left, _ in person.find(ExampleRows, "preview").rows
    )


def test_texts_are_shown_with_the_spaces_of_the_file(person: Person, tmp_path: Path) -> None:
    """Where they can only be guessed from the words, too; capitals that the network does not see are not."""
    rows = [f"Größe € refund/return {word} - now" for word in WORDS]
    other = [f"Die  €-Rückgabe : {word} ( jetzt )" for word in WORDS]
    pairs = "".join(f"{a}\t{b}\n" for a, b in zip(rows, other, strict=True))
    open_file(person, put(tmp_path / "pairs.tsv", pairs))
    show_reading(person)
    assert choose(person, "unit", "word").codec.unit == "word"
    assert choose(person, "target_unit", "word").codec.target_unit == "word"
    sides = [tuple(" ".join(side.split()) for side in pair) for pair in zip(rows, other, strict=True)]
    shown_rows = person.find(ExampleRows, "preview").rows
    assert len(set(shown_rows) & set(sides[:8])) == len(shown_rows)
    person.click("data-lowercase")
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.codec.lowercase)
    person.wait_ready()
    assert person.find(ExampleRows, "preview").rows[0][0].startswith("größe € refund")


@pytest.mark.parametrize("width", [960, 1440])
def test_what_the_data_is_can_be_read_whole_at_any_size(person: Person, width: int) -> None:
    person.choose_sample("names")
    person.window.resize(width, 700)
    reason = person.find(QLabel, "data-reason")
    assert reason.text() == engine.SAMPLES["names"].description
    needed = reason.fontMetrics().horizontalAdvance(reason.text())
    person.wait_until(lambda: reason.height() >= math.ceil(needed / reason.width()) * reason.fontMetrics().height())
    assert reason.wordWrap()


def test_a_click_on_the_name_of_a_column_makes_it_say_when(person: Person, tmp_path: Path) -> None:
    rows = "".join(f"{100 - k + k % 2},{9 * k % 50}.5,{3 * k % 50}.25\n" for k in range(60))
    open_file(person, put(tmp_path / "probe.csv", f"depth,x,y\n{rows}"))
    raw = raw_table(person)
    found = say(person, raw, 0, "Read as time").recognition
    assert (found.sources, found.time_columns) == (("x", "y"), ("depth",))
    raw = raw_table(person)
    assert raw.horizontalHeaderItem(0).text() == "depth · time"
    found = say(person, raw, 1, "Leave out of the numbers").recognition
    assert (found.sources, found.time_columns) == (("y",), ("depth",))
