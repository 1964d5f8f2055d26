"""The data panel as a person uses it: what was recognised and why, other ways to read, the data report, cancelling."""

from __future__ import annotations

import random
import re
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QProgressBar,
    QSpinBox,
    QWidget,
)

import engine
from gui.headless.use_command import NOTE
from gui.panels.data.data_report import BINS, length_counts
from gui.panels.data.reading_form import ReadingForm
from gui.plots.bar_plot import ColumnChart
from gui.widgets.bars import Bars
from gui.widgets.example_rows import ExampleRows
from gui.widgets.fields import Choice
from gui.widgets.setting_name import SettingName
from gui.widgets.text import height_of
from tests.engine.data.files.test_real_files import FILES
from tests.engine.data.files.test_refusals import CASES
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle
from tests.gui.panels.opening import WORDS, choose, open_file, put, show_reading, table
from tests.gui.panels.trying import choose_path, notices, train_and_stop
from tests.gui.written import tip_of

# What the offscreen platform says to sheets is no fault of the program.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
FORMS: dict[str, tuple[str, str, str, str, str]] = {  # name → file, content, form, kind, part of the reason
    "lines": ("a.txt", "\n".join(WORDS * 3), "lines", "sequences", "one item per line"),
    "prose": ("a.txt", "It was a day. The sun shone on\nall of us, and\n\nnobody spoke.\n\n" * 40, "prose", "stream",
              "running text"),
    "csv": ("a.csv", table(), "table", "labelled", "second column has 2 distinct values"),
    "semicolons": ("a.csv", table(";"), "table", "labelled", "semicolon"),
    "pairs": ("a.tsv", "\n".join(f"{a} and {b}\t{b[::-1]} {a[::-1]}" for a in WORDS for b in WORDS), "table", "pairs",
              "both hold many different texts"),
    "jsonl": ("a.jsonl", "\n".join(f'{{"text": "{a} likes {b}", "label": "{"xy"[i % 2]}"}}'
                                   for i, a in enumerate(WORDS) for b in WORDS), "jsonl", "labelled", "JSON object"),
    "json": ("a.json", "[" + ",\n".join(f'{{"text": "{a} likes {b}", "label": "{"xy"[i % 2]}"}}'
                                        for i, a in enumerate(WORDS) for b in WORDS) + "]", "json", "labelled",
             "array in JSON"),
    "conll": ("a.conll", "\n\n".join(f"{a} B-PER\nsleeps O\nin O\nBerlin B-LOC" for a in WORDS * 2) + "\n", "conll",
              "tagged", "blank lines between sentences"),
    "pronunciation": ("a.dict", "\n".join(f"{w.upper()} {' '.join(w.upper())}" for w in WORDS * 2), "pronunciation",
                      "pairs", ""),
}  # fmt: skip


@pytest.fixture
def person(empty_person: Person) -> Person:
    """A window in which nothing has been loaded yet: each test opens data of its own."""
    return empty_person


def test_the_form_of_the_data_is_made_in_a_turn_after_the_click(person: Person) -> None:
    person.choose_sample("names")
    person.click("data-change")
    assert person.window.findChild(QWidget, "reading") is None
    person.wait_until(person.window.updatesEnabled)
    assert person.find(QWidget, "reading").isVisible()


def test_choosing_the_sample_that_is_there_already_changes_nothing(person: Person) -> None:
    person.choose_sample("names")
    train_and_stop(person, 2)
    run, dataset, step = person.session.run.number, person.session.data.dataset, person.session.run.progress.step
    samples = person.find(QComboBox, "sample")
    samples.showPopup()
    person.wait_until(samples.view().isVisible)
    with person.qtbot.waitSignal(samples.activated):
        person.qtbot.keyClick(samples.view(), Qt.Key.Key_Return)
    assert not person.session.data.loading
    settle(person)
    assert person.session.data.dataset is dataset
    assert (person.session.run.number, person.session.run.progress.step) == (run, step)
    assert samples.currentData() == "names"


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_opened_and_the_form_says_what_was_recognised_and_why(
    person: Person, tmp_path: Path, form: str
) -> None:
    name, text, expected, kind, reason = FORMS[form]
    dataset = open_file(person, put(tmp_path / name, text))
    assert (dataset.recognition.form, dataset.kind) == (expected, kind)
    show_reading(person)
    assert reason.lower() in person.find(QLabel, "reading-reason").text().lower()
    assert person.find(Choice, "data-form").currentText().startswith("automatic: ")
    assert person.find(QLabel, "data-reason").text() == dataset.recognition.reason
    several = len(dataset.recognition.columns) > 1
    assert person.find(Choice, "data-source_column").isEnabled() == several
    if kind in ("labelled", "pairs"):
        assert person.find(Choice, "data-target_column").isEnabled() == several
    person.unfold("more-reading")
    assert person.find(Choice, "data-encoding").currentText() == f"automatic: {dataset.recognition.encoding}"


def test_another_column_is_chosen_as_label_and_the_preview_changes(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table()))
    preview = person.find(ExampleRows, "preview")
    before = preview.rows
    show_reading(person)
    assert "anna likes anna" in person.find(Choice, "data-source_column").itemText(1)
    dataset = choose(person, "source_column", "note")
    assert (dataset.recognition.source_column, dataset.recognition.target_column) == ("note", "label")
    assert preview.rows != before
    assert preview.rows[0][0].startswith(tuple(WORDS))
    assert person.find(QWidget, "reading").isVisible()
    dataset = choose(person, "kind", "pairs")
    assert dataset.kind == "pairs"
    assert person.find(Choice, "data-target_unit").isVisible()


def test_text_and_label_change_places_when_one_takes_the_column_of_the_other(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table()))
    show_reading(person)
    choose(person, "source_column", "text")
    choose(person, "target_column", "label")
    choose(person, "source_column", "text")
    choose(person, "target_column", "note")
    dataset = choose(person, "target_column", "text")
    assert (dataset.recognition.source_column, dataset.recognition.target_column) == ("note", "text")


def test_unit_lower_case_header_and_rarest_symbol_are_read_at_once(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table(header="Anna,Bella,Carla")))
    show_reading(person)
    assert choose(person, "unit", "character").codec.unit == "character"
    rows = person.session.data.dataset.report.rows if person.session.data.dataset else 0
    assert choose(person, "header", "no").report.rows == rows + 1
    before = person.session.data.dataset
    person.find(QCheckBox, "data-lowercase").click()
    person.wait_until(lambda: person.session.data.dataset is not before)
    person.wait_ready()
    assert person.session.data.dataset is not None
    assert person.session.data.dataset.config.lowercase
    assert person.session.data.dataset.codec.unit == "character"
    before = person.session.data.dataset
    person.unfold("more-reading")
    person.find(QSpinBox, "data-min_count").setValue(60)
    person.wait_until(lambda: person.session.data.dataset is not before)
    assert len(person.session.data.dataset.codec.source) < len(before.codec.source)


def test_two_changes_in_a_row_are_both_read(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table()))
    person.session.data.change(unit="character")
    person.session.data.change(lowercase=True)
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.config.lowercase)
    assert person.session.data.dataset is not None
    assert person.session.data.dataset.config.unit == "character"


def test_another_encoding_is_chosen_and_the_letters_change(person: Person, tmp_path: Path) -> None:
    words = ("žluťoučký", "kůň", "příliš", "číslo", "Žofie", "šestý", "řeka", "čtvrtek", "žena", "muž", "stůl", "věž")
    text = "\n".join(a + b for a in words for b in words)
    dataset = open_file(person, put(tmp_path / "a.txt", text, "cp1250"))
    assert "ž" in dataset.codec.source.symbols
    show_reading(person)
    person.unfold("more-reading")
    dataset = choose(person, "encoding", "cp1251")
    assert "ž" not in dataset.codec.source.symbols
    dataset = choose(person, "encoding", "utf-8")
    assert dataset.report.replaced > 0
    assert "could not be decoded" in person.find(QLabel, "notice").text()


def test_another_sheet_of_a_workbook_is_chosen(person: Person, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    long, short = book.active, book.create_sheet("Labels")
    assert long is not None
    for number in range(2):
        for first in WORDS:
            for second in WORDS:
                long.append([f"{first} {number} {second}"])
    for line in table().splitlines():
        short.append(line.split(","))
    book.save(tmp_path / "x.xlsx")
    dataset = open_file(person, tmp_path / "x.xlsx")
    assert dataset.kind == "sequences"
    show_reading(person)
    assert person.find(Choice, "data-sheet").currentText() == "automatic: Sheet"
    now = choose(person, "sheet", "Labels")
    assert (now.kind, now.recognition.sheet) == ("labelled", "Labels")
    assert person.find(Choice, "data-sheet").currentText() == "Labels"
    open_file(person, put(tmp_path / "a.csv", table()))
    show_reading(person)
    assert person.find(Choice, "data-sheet").isHidden()  # a text file has none


def test_a_form_that_does_not_fit_is_refused_and_the_data_stay(person: Person, tmp_path: Path) -> None:
    before = open_file(person, put(tmp_path / "a.csv", table()))
    show_reading(person)
    field = person.find(Choice, "data-form")
    at = field.findData("jsonl")
    field.setCurrentIndex(at)
    field.activated.emit(at)
    person.wait_until(lambda: person.window.notice_bar.level == "error")
    assert "a.csv" in person.find(QLabel, "notice").text()
    assert person.session.data.dataset is before
    person.wait_until(lambda: "cannot be read as JSON" in person.find(QLabel, "reading-reason").text())
    assert field.currentData() == "jsonl"
    field.setCurrentIndex(field.findData("auto"))
    field.activated.emit(field.currentIndex())
    assert person.session.data.dataset is before, "as it is read already, so it is not read again"
    assert "cannot be read" not in person.find(QLabel, "reading-reason").text()
    assert choose(person, "unit", "character").recognition.form == "table"


def test_every_kind_of_file_that_is_no_data_is_refused_in_the_window_and_the_data_stay(
    person: Person, tmp_path: Path
) -> None:
    before = open_file(person, put(tmp_path / "good.csv", table()))
    for at, (name, data, message) in enumerate(CASES.values()):
        path = tmp_path / f"{at}-{name}"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        person.session.data.open(path)
        notice = person.find(QLabel, "notice")
        person.wait_until(lambda path=path, notice=notice: path.name in notice.text())
        assert person.window.notice_bar.level == "error"
        assert re.search(message, notice.text()) is not None, notice.text()
        assert person.session.data.dataset is before
        assert person.find(QLabel, "data-content").text() == "144 texts · 2 labels"


def test_a_file_of_ones_own_measures_instead_of_a_share(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "train.csv", table()))
    own = put(tmp_path / "own.csv", "text,label,note\nida likes me,yes,x y\nlena likes you,no,y z\n")
    person.session.data.change(validation_file=str(own))
    person.wait_until(
        lambda: person.session.data.dataset is not None and len(person.session.data.dataset.validation) == 2
    )
    show_reading(person)
    assert person.find(Choice, "data-validation_file").currentText() == "own.csv"
    assert not person.find(QWidget, "data-validation").isEnabled()
    assert len(choose(person, "validation_file", "").validation) > 2


def test_a_folder_of_label_files_is_measured_on_another_folder(person: Person, tmp_path: Path) -> None:
    for folder in ("train", "own"):
        (tmp_path / folder).mkdir()
        for at, label in enumerate(("left", "right")):
            put(tmp_path / folder / f"{label}.txt", "\n".join(f"{folder} {word}" for word in WORDS[at::2]))
    open_file(person, tmp_path / "train")
    show_reading(person)
    field = person.find(Choice, "data-validation_file")
    assert field.itemText(field.count() - 1) == "Choose a folder…"
    field.setCurrentIndex(field.count() - 1)
    field.activated.emit(field.count() - 1)
    dialog = person.window.findChild(QFileDialog, "data-validation_file-dialog")
    assert dialog is not None
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    dialog.fileSelected.emit(str(tmp_path / "own"))
    dialog.close()
    person.wait_until(
        lambda: person.session.data.dataset is not None and len(person.session.data.dataset.validation) == 12
    )
    person.wait_ready()
    assert person.session.data.dataset is not None
    assert len(person.session.data.dataset.train) == 12


def test_a_sample_offers_what_a_sample_can_change(person: Person) -> None:
    person.choose_sample("names")
    show_reading(person)
    assert not person.find(QWidget, "data-form").isEnabled()
    person.unfold("more-reading")
    assert not person.find(QWidget, "data-encoding").isEnabled()
    assert choose(person, "unit", "word").codec.unit == "word"
    assert choose(person, "unit", "auto").codec.unit == "character"


def test_the_names_of_the_settings_are_not_cut_off(person: Person) -> None:
    person.choose_sample("names")
    show_reading(person)
    person.click("more-reading")
    names = person.find(QWidget, "reading").findChildren(SettingName)
    assert len(names) == len(engine.DataConfig.options())
    assert [name.text() for name in names if name.sizeHint().width() > name.width()] == []


def test_more_settings_scroll_where_there_is_no_room_below_and_the_form_stays_where_it_is(
    person: Person, tmp_path: Path
) -> None:
    open_file(person, put(tmp_path / "a.csv", table()))
    person.click("data-change")
    person.wait_until(lambda: any(sheet.isVisible() for sheet in person.window.findChildren(QWidget, "reading")))
    sheet, more = person.find(QWidget, "reading"), person.find(QWidget, "more-reading")
    sheet.move(sheet.x(), sheet.screen().availableGeometry().bottom() - sheet.height() - 20)
    before = sheet.pos()
    person.click("more-reading")
    accents = person.find(QWidget, "data-normal_form")
    person.wait_until(accents.isVisible)
    assert sheet.pos() == before
    assert sheet.frameGeometry().bottom() <= sheet.screen().availableGeometry().bottom()
    assert sheet.rect().contains(accents.mapTo(sheet, accents.rect().bottomLeft())), "what was opened is in sight"
    assert sheet.rect().contains(more.mapTo(sheet, QPoint()))


def test_every_setting_of_running_text_has_a_name_and_layout_and_content_are_told_apart(
    person: Person, tmp_path: Path
) -> None:
    open_file(person, put(tmp_path / "a.txt", FORMS["prose"][1]))
    show_reading(person)
    names = person.find(QWidget, "reading").findChildren(SettingName)
    titles = {name.objectName(): name.text() for name in names}
    assert titles["data-target_column-name"] == "Label"
    nameless = [name.removesuffix("-name") for name, title in titles.items() if not title]
    assert all(person.find(QCheckBox, name).text() for name in nameless)
    assert (titles["data-form-name"], titles["data-kind-name"]) == ("File layout", "Content")


def test_the_share_held_back_for_validation_is_shown_and_typed_in_percent(person: Person) -> None:
    person.choose_sample("names")
    show_reading(person)
    field = person.find(QDoubleSpinBox, "data-validation")
    assert field.text() == "10\u202f%"
    before = person.session.data.dataset
    person.type("data-validation", "12.5")
    person.wait_until(lambda: person.session.data.dataset is not before)
    person.wait_ready()
    dataset = person.session.data.dataset
    assert dataset is not None
    assert dataset.config.validation == 0.125
    assert field.text() == "12.5\u202f%"
    assert "10\u202f% is the default" in person.find(QWidget, "data-validation-name").toolTip()


def test_the_data_report_counts_the_steps_of_a_series_and_has_no_heading_over_nothing(
    person: Person, tmp_path: Path
) -> None:
    lines = (f"2024-01-01 {k // 60:02d}:{k % 60:02d},{k % 7},{k % 5}" for k in range(300))
    open_file(person, put(tmp_path / "a.csv", "\n".join(["date,temperature,demand", *lines])))
    person.click("show-data-report")
    read = person.find(QLabel, "data-report-rows").text()
    assert read.startswith("300 steps read · 2 numbers at each step: temperature, demand")
    headings = [label.text() for label in person.find(QWidget, "data-report").findChildren(QLabel) if label.isVisible()]
    assert [text for text in headings if text.startswith(("Rows by", "Most frequent"))] == []


def test_an_encoding_that_was_guessed_is_called_so_and_another_is_chosen_where_the_report_says(
    person: Person, tmp_path: Path
) -> None:
    names = ["Élodie", "François", "Hélène", "Noël", "Jérôme", "Zoé", "Anaïs", "Benoît", "Chloé", "André", "Gaël"]
    dataset = open_file(person, put(tmp_path / "names.txt", "\n".join(names), "mac_roman"))
    assert not {*names} & {"".join(example.source) for example in dataset.train}
    person.click("show-data-report")
    read = person.find(QLabel, "data-report-rows")
    assert "CP1250 (a guess: change → More → Encoding) · line endings LF" in read.text()
    assert "The encoding, CP1250, is a guess" in person.find(QLabel, "data-report-findings").text()
    person.press(Qt.Key.Key_Escape)
    show_reading(person)
    person.click("more-reading")
    field = person.find(Choice, "data-encoding")
    assert field.currentText() == "automatic: CP1250, a guess"
    dataset = choose(person, "encoding", "mac_roman")
    assert {"".join(example.source) for example in dataset.train} < {*names}
    person.press(Qt.Key.Key_Escape)
    person.click("show-data-report")
    assert "MAC-ROMAN · line endings LF" in read.text()


def test_the_data_report_tells_what_was_left_out_and_plots_counts(person: Person, tmp_path: Path) -> None:
    bad = table() + "only one\n" * 2 + "a,yes,b,c\n" + ",no,nothing\n"
    dataset = open_file(person, put(tmp_path / "a.csv", bad))
    assert dataset.report.skipped == 4
    button = person.find(QAbstractButton, "show-data-report")
    assert button.text() == f"report · {len(dataset.report.findings)}"
    assert f"{len(dataset.report.findings)} thing" in button.toolTip(), "the number is explained"
    person.click("show-data-report")
    assert "4 of 148 rows were left out" in person.find(QLabel, "data-report-findings").text()
    assert "line 146: 1 column where 3 are expected" in person.find(QLabel, "data-report-skipped").text()
    assert "148 rows read, 144 kept" in person.find(QLabel, "data-report-rows").text()
    lengths = person.find(ColumnChart, "data-report-lengths")
    labels = person.find(Bars, "data-report-labels")
    assert not lengths.isVisible(), "each text has three words"
    assert {(bar.name, round(bar.share)) for bar in labels.bars} == {("no", 72), ("yes", 72)}
    person.qtbot.keyClick(person.find(QWidget, "data-report"), Qt.Key.Key_Escape)
    assert not person.find(QWidget, "data-report").isVisible()


def test_reading_a_large_file_shows_how_far_it_is_and_can_be_cancelled(person: Person, tmp_path: Path) -> None:
    person.choose_sample("names")
    rng = random.Random(0)
    text = "\n".join(" ".join(rng.choices(WORDS, k=9)) for _ in range(20_000)) + "\n"
    path = tmp_path / "large.txt"
    with path.open("w", encoding="utf-8") as file:
        for _ in range(60):
            file.write(text)
    before = person.session.data.dataset
    person.press(Qt.Key.Key_Space)
    person.wait_steps(2)
    person.session.data.open(path, unit="word")
    bar = person.find(QProgressBar, "loading")
    person.wait_until(lambda: bar.isVisible() and bar.value() > 10)
    assert "large.txt" in person.find(QLabel, "loading-text").text()
    person.click("cancel-loading")
    assert person.session.data.loading == ""
    assert person.session.data.dataset is before
    assert "cancelled" in person.find(QLabel, "notice").text()
    assert person.session.run.status == "running"
    person.wait_until(lambda: not bar.isVisible())
    assert open_file(person, put(tmp_path / "small.txt", "\n".join(WORDS))).report.rows == len(WORDS)


def test_lengths_become_few_bars_and_the_longest_share_the_last() -> None:
    import numpy as np

    lengths = np.zeros(5000, np.int64)
    lengths[10:90] = 100
    lengths[4999] = 1
    counts = length_counts(lengths)
    assert len(counts) <= BINS
    assert sum(count.value for count in counts) == 8001
    assert counts[0].name == "10"
    assert counts[-1].name.endswith("+")


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the collected data sets are not on this machine")
def test_every_collected_file_opens_in_the_window_as_what_it_is(person: Person) -> None:
    for name, form, kind, unit, rows in FILES:
        dataset = open_file(person, DATA / name)
        found = dataset.recognition.form, dataset.kind, dataset.codec.unit, dataset.report.rows
        assert found == (form, kind, unit, rows), name
        assert dataset.report.skipped == 0
        assert person.find(QLabel, "data-reason").text() == dataset.recognition.reason
        assert person.find(QLabel, "data-content").text()


@pytest.mark.parametrize("sample", ["names", "vowels", "walking", "shapes"])
def test_every_fact_of_the_data_is_whole_in_a_small_window(person: Person, sample: str) -> None:
    person.window.resize(1100, 700)
    if sample != "names":
        person.choose_sample(sample)
    for name in ("content", "vocabulary", "split", "read-as"):
        label = person.find(QLabel, f"data-{name}")
        person.wait_until(lambda label=label: label.height() >= height_of(label, label.text(), label.width()))
        label.grab()
        assert label.toolTip() == "", "nothing is cut off"


def test_the_form_is_as_wide_as_its_window_whenever_it_is_opened(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table()))
    widths = []
    for _ in range(3):
        person.click("data-change")
        person.wait_until(lambda: any(form.isVisible() for form in person.window.findChildren(ReadingForm)))
        (form,) = person.window.findChildren(ReadingForm)
        settle(person)
        widths.append({field.width() for field in form.findChildren(QComboBox) if field.isVisible()})
        person.qtbot.keyClick(form, Qt.Key.Key_Escape)
        person.wait_until(lambda form=form: not form.isVisible())
    assert widths[0]
    assert widths[1:] == widths[:-1]


def test_a_test_file_is_measured_once_when_asked_for_and_nothing_is_learned_from_it(
    person: Person, tmp_path: Path
) -> None:
    dataset = open_file(person, put(tmp_path / "a.csv", table()))
    own = put(tmp_path / "test.csv", "note,label,text\n" + "x,yes,anna likes emma\ny,no,emma likes anna\nz,what,no\n")
    posted = notices(person)
    person.click("data-test")
    choose_path(person, "test-dialog", own)
    person.wait_until(lambda: any(text.startswith("Test on test.csv: loss") for text in posted))
    said = next(text for text in posted if text.startswith("Test on"))
    assert re.search(r"accuracy \d+\.\d\s%", said)
    person.session.tell("Another notice.")
    tip = tip_of(person.find(QAbstractButton, "data-test"))
    assert f"Measured with untrained weights. {said}".replace("\n", " ") in tip
    assert "on 2 examples" in said
    assert "1 of 3 rows left out: labels never learned: 'what'." in said
    assert said.endswith(NOTE)
    assert person.session.data.dataset is dataset
    captured: list[engine.Run | None] = []
    person.session.run.capture(captured.append)
    person.wait_until(lambda: len(captured) == 1)
    assert captured[0] is not None
    assert captured[0].tested is not None  # so the saved run and its report hold it
    assert (captured[0].tested.file, captured[0].tested.examples) == (str(own), 2)
    person.click("step")
    person.wait_steps(1)
    person.click("data-test")
    choose_path(person, "test-dialog", own)
    button = person.find(QAbstractButton, "data-test")
    person.wait_until(
        lambda: "Measured with the weights of training step 1. Test on test.csv: loss" in button.toolTip()
    )
    assert not posted[-1].startswith("Measured")


def test_a_test_file_of_another_task_is_refused_in_words(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table()))
    own = put(tmp_path / "test.csv", "text,label\n" + "".join(f"anna likes {word},red\n" for word in WORDS))
    posted = notices(person)
    person.click("data-test")
    choose_path(person, "test-dialog", own)
    person.wait_until(lambda: any("answers to another question" in text for text in posted))
    assert person.find(QAbstractButton, "data-test").isEnabled()


def test_a_refused_file_can_be_read_in_another_form(person: Person, tmp_path: Path) -> None:
    path = put(tmp_path / "one.csv", "text,label\n" + "".join(f"text {n},x\n" for n in range(30)))
    person.session.data.open(path)
    notice = person.find(QLabel, "notice")
    person.wait_until(lambda: "Every row has the same label" in notice.text())
    assert person.find(QAbstractButton, "notice-other-action").text() == "Read as running text"
    button = person.find(QAbstractButton, "notice-action")
    assert button.text() == "Read as one item per line"
    person.click("notice-action")
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.name == "one")
    dataset = person.session.data.dataset
    assert dataset is not None
    assert dataset.kind == "sequences"


def test_a_refused_table_offers_the_kind_that_the_message_advises(person: Person, tmp_path: Path) -> None:
    genres = ("comedy", "drama", "crime", "comedy|drama", "drama|crime", "comedy|crime")
    rows = "".join(f"film {n} of them,{genres[n % 6]}\n" for n in range(120))
    person.session.data.open(put(tmp_path / "films.csv", f"text,genre\n{rows}"))
    notice = person.find(QLabel, "notice")
    person.wait_until(lambda: "read the file as text and label" in notice.text())
    assert person.find(QAbstractButton, "notice-action").text() == "Read as text and label"
    assert person.find(QAbstractButton, "notice-other-action").text() == "Read as one item per line"
    person.click("notice-action")
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.name == "films")
    dataset = person.session.data.dataset
    assert dataset is not None
    assert dataset.labels is not None
    assert set(dataset.labels) == set(genres)


def test_a_refused_table_of_measurements_is_not_offered_as_lines_of_text(person: Person, tmp_path: Path) -> None:
    rows = "".join(f"{4 + n % 7 / 2},{2 + n % 5 / 2},{'abc'[n % 3]}\n" for n in range(60))
    person.session.data.open(put(tmp_path / "flowers.csv", f"length,width,species\n{rows}"))
    person.wait_until(lambda: "2 columns of numbers" in person.find(QLabel, "notice").text())
    assert not person.find(QAbstractButton, "notice-action").isVisible()


def test_a_refused_validation_file_offers_nothing_that_would_change_the_training_data(
    person: Person, tmp_path: Path
) -> None:
    dataset = open_file(person, put(tmp_path / "a.csv", table()))
    tokens = put(tmp_path / "tokens.txt", "the O\noffice O\nof O\nAnn B-PER\n\n" * 12)
    posted = notices(person)
    person.session.data.change(validation_file=str(tokens))
    person.wait_until(lambda: any("is not like the training file" in text for text in posted))
    assert not any(button.isVisible() for button in person.window.findChildren(QAbstractButton, "notice-action"))
    assert not any(button.isVisible() for button in person.window.findChildren(QAbstractButton, "notice-other-action"))
    assert person.session.data.dataset is dataset
