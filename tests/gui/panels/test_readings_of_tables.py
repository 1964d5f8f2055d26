"""Tables of one's own in the window: what is unsure about them is said, with the place where another way is chosen."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from gui.widgets.fields import Choice
from tests.gui.conftest import Person
from tests.gui.panels.opening import WORDS, choose, choose_refused, open_file, put, show_reading

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def person(empty_person: Person) -> Person:
    """A window in which nothing has been loaded yet."""
    return empty_person


def test_the_encoding_of_a_table_of_numbers_is_told_and_another_can_be_chosen(person: Person, tmp_path: Path) -> None:
    rows = "".join(f"2024-03-{1 + k // 24:02} {k % 24:02}:00;{20 + k % 7},5;{k % 50}\n" for k in range(96))
    dataset = open_file(person, put(tmp_path / "e.csv", f"Zeit;Temp °C;rF %\n{rows}", "cp1252"))
    assert dataset.recognition.columns == ("Zeit", "Temp °C", "rF %")
    person.click("show-data-report")
    assert "CP1252 (a guess: change → More → Encoding)" in person.find(QLabel, "data-report-rows").text()
    assert "The encoding, CP1252, is a guess" in person.find(QLabel, "data-report-findings").text()
    person.press(Qt.Key.Key_Escape)
    show_reading(person)
    person.click("more-reading")
    assert person.find(Choice, "data-encoding").currentText() == "automatic: CP1252, a guess"
    assert choose(person, "encoding", "latin-1").recognition.columns[1] == "Temp °C"
    person.press(Qt.Key.Key_Escape)
    person.click("show-data-report")
    assert "is a guess" not in person.find(QLabel, "data-report-findings").text()


def test_a_few_words_with_numbers_are_a_table_whose_layout_can_be_chosen_back(person: Person, tmp_path: Path) -> None:
    rows = "".join(f"{WORDS[k % 5]} shop,{k * 37 % 900}.{k % 90 + 10}\n" for k in range(200))
    dataset = open_file(person, put(tmp_path / "p.csv", f"title,price\n{rows}"))
    assert (dataset.kind, dataset.recognition.columns) == ("rated", ("title", "price"))
    show_reading(person)
    assert choose(person, "form", "lines").kind == "sequences"
    again = choose(person, "form", "table")
    assert (again.kind, again.report.rows_read) == ("rated", 200)
    for name in ("delimiter", "header"):
        assert person.find(QWidget, f"data-{name}").isEnabled()
    assert choose(person, "header", "yes").report.rows_read == 200


def test_a_first_row_that_may_be_a_header_is_told_and_chosen_where_the_report_says(
    person: Person, tmp_path: Path
) -> None:
    rows = "".join(f"{a[:2]}{b[2:]},{('pass', 'fail')[k % 2]}\n" for a in WORDS for k, b in enumerate(WORDS) if a != b)
    dataset = open_file(person, put(tmp_path / "h.csv", f"thomas,quit\n{rows}"))
    assert "quit" in dataset.labels
    person.click("show-data-report")
    assert "choose “column names” for Header" in person.find(QLabel, "data-report-findings").text()
    person.press(Qt.Key.Key_Escape)
    show_reading(person)
    field = person.find(Choice, "data-header")
    assert field.itemText(field.findData("yes")) == "column names"
    assert choose(person, "header", "yes").labels == ("pass", "fail")


def test_the_mark_before_decimals_is_guessed_aloud_and_chosen_in_the_form(person: Person, tmp_path: Path) -> None:
    rows = "".join(f"{1 + k % 28:02}.{1 + k // 28:02}.2022;3.{300 + 17 * k % 90}\n" for k in range(84))
    dataset = open_file(person, put(tmp_path / "volts.csv", f"Datum;Spannung [V]\n{rows}"))
    assert dataset.train[0].source[0, 0] == 3300
    person.click("show-data-report")
    assert "if it is wrong, choose another decimal mark" in person.find(QLabel, "data-report-findings").text()
    person.press(Qt.Key.Key_Escape)
    show_reading(person)
    assert person.find(Choice, "data-decimal").currentText() == "automatic: comma"
    chosen = choose(person, "decimal", ".")
    assert chosen.train[0].source[0, 0] == pytest.approx(3.3)
    person.press(Qt.Key.Key_Escape)
    person.click("show-data-report")
    assert "decimal mark" not in person.find(QLabel, "data-report-findings").text()


def test_texts_have_no_decimal_mark(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "t.csv", "".join(f"{a},{b}\n" for a in WORDS for b in WORDS)))
    show_reading(person)
    assert person.find(Choice, "data-decimal").isHidden()


def test_the_column_that_says_when_is_chosen_in_the_form(person: Person, tmp_path: Path) -> None:
    rows = "".join(f"{100 - k + k % 2},{9 * k % 50}.5,{3 * k % 50}.25\n" for k in range(60))
    dataset = open_file(person, put(tmp_path / "probe.csv", f"depth,x,y\n{rows}"))
    assert dataset.recognition.sources == ("depth", "x", "y")
    show_reading(person)
    field = person.find(Choice, "data-target_column")
    assert field.isEnabled()
    assert field.accessibleName() == "Column of time"
    found = choose(person, "target_column", "depth").recognition
    assert (found.sources, found.time_columns) == (("x", "y"), ("depth",))
    found = choose(person, "target_column", "x").recognition
    assert (found.sources, found.time_columns) == (("depth", "y"), ("x",))
    found = choose(person, "target_column", "").recognition
    assert (found.sources, found.time_columns) == (("depth", "x", "y"), ())


def test_a_time_that_was_recognised_can_be_read_as_numbers(person: Person, tmp_path: Path) -> None:
    rows = "".join(f"{k / 10:.1f},{9 * k % 50}.5,{3 * k % 50}.25\n" for k in range(60))
    dataset = open_file(person, put(tmp_path / "probe.csv", f"time_s,x,y\n{rows}"))
    assert dataset.recognition.time_columns == ("time_s",)
    show_reading(person)
    assert choose(person, "source_column", "time_s").recognition.sources == ("time_s",)
    assert choose(person, "source_column", "").recognition.sources == ("x", "y")


def test_a_content_that_is_refused_says_why_and_offers_the_choices_that_mend_it(person: Person, tmp_path: Path) -> None:
    rows = "".join(f"{1 + k // 24:02}.01.2024, {k % 24:02} o'clock;{9 * k % 50}.5;{3 * k % 50}.25\n" for k in range(96))
    before = open_file(person, put(tmp_path / "log.csv", f"time;temp;hum\n{rows}"))
    assert before.kind == "rated"
    network = person.session.run.model_config
    show_reading(person)
    said = choose_refused(person, "kind", "series")
    assert person.session.data.dataset is before, "nothing has taken its place"
    assert person.session.run.model_config == network
    assert '“time” holds "01.01.2024, 00 o\'clock", which is not a date in a known format' in said
    assert said.endswith("Until another choice works, the data stays as it is.")
    assert person.find(Choice, "data-kind").currentData() == "series"
    numbers, time = (person.find(Choice, f"data-{name}") for name in ("source_column", "target_column"))
    assert (numbers.accessibleName(), time.accessibleName()) == ("Column of numbers", "Column of time")
    assert [time.itemData(i) for i in range(time.count())] == ["", "time", "temp", "hum"]
    now = choose(person, "target_column", "time")
    assert (now.kind, now.recognition.sources, now.recognition.time_columns) == ("series", ("temp", "hum"), ("time",))
    assert "“time” says when" in person.find(QLabel, "reading-reason").text()
    assert choose(person, "source_column", "hum").recognition.sources == ("hum",)


def test_a_refused_choice_is_forgotten_with_the_form(person: Person, tmp_path: Path) -> None:
    rows = "".join(f"{WORDS[k % 12]};{9 * k % 50}.5;{3 * k % 50}.25\n" for k in range(96))
    before = open_file(person, put(tmp_path / "log.csv", f"name;temp;hum\n{rows}"))
    show_reading(person)
    said = person.find(QLabel, "reading-reason").text()
    choose_refused(person, "kind", "tagged")
    assert person.session.data.dataset is before
    assert person.find(Choice, "data-target_column").accessibleName() == "Column of tags"
    person.press(Qt.Key.Key_Escape)
    show_reading(person)
    assert person.find(QLabel, "reading-reason").text() == said
    assert person.find(Choice, "data-kind").currentData() == "auto"
