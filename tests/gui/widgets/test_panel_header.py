"""The head of a panel at any width."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.box_layouts import stacked
from gui.widgets.panel_header import Header
from gui.widgets.text import ElidedLabel, text_label


def make(qtbot: QtBot) -> tuple[QWidget, Header]:
    window = QWidget()
    header = Header()
    header.addWidget(text_label("Gradient through time", "title"))
    header.addWidget(text_label("how long the loss reaches back", "muted", elide=True), 1)
    box = QComboBox()
    box.addItems(["linear", "logarithmic"])
    header.addWidget(box)
    header.addWidget(QPushButton("Enlarge"))
    corner = QToolButton()
    corner.setText("?")
    corner.setProperty("role", "corner")
    header.addWidget(corner)
    outer = QVBoxLayout(window)
    outer.addLayout(header)
    outer.addStretch(1)
    qtbot.addWidget(window)
    window.show()
    return window, header


def rows_of(window: QWidget, header: Header, width: int) -> list[int]:
    window.resize(width, 120)
    QApplication.processEvents()
    widgets = [header.itemAt(index).widget() for index in range(header.count())]
    for widget in filter(QWidget.isVisible, widgets):
        assert widget.width() >= widget.minimumSizeHint().width()
        assert widget.geometry().right() <= window.width()
    return [widget.geometry().center().y() for widget in widgets]


def test_all_stand_in_one_line_where_there_is_room(qtbot: QtBot) -> None:
    window, header = make(qtbot)
    rows = rows_of(window, header, 700)
    assert max(rows) - min(rows) <= 1


def test_controls_go_to_a_second_line_and_the_corner_button_stays(qtbot: QtBot) -> None:
    window, header = make(qtbot)
    rows = rows_of(window, header, 270)
    assert rows[2] == rows[3] > rows[0]
    assert abs(rows[4] - rows[0]) <= 1
    assert header.heightForWidth(250) > header.heightForWidth(700)


def test_the_last_control_stays_in_the_first_line_when_the_second_is_too_long(qtbot: QtBot) -> None:
    window = QWidget()
    header = Header()
    header.addWidget(text_label("Loss", "title"))
    header.addWidget(text_label("a subtitle that gives way", "muted", elide=True), 1)
    for text in ("train 1.234, validation 1.234", "steps"):
        header.addWidget(QPushButton(text))
    outer = QVBoxLayout(window)
    outer.addLayout(header)
    outer.addStretch(1)
    qtbot.addWidget(window)
    window.show()
    reading, axis = (header.itemAt(index).widget() for index in (2, 3))
    margins = outer.contentsMargins()
    rows = rows_of(window, header, reading.minimumSizeHint().width() + margins.left() + margins.right() + 12)
    assert abs(rows[3] - rows[0]) <= 1
    assert rows[2] > rows[0]
    assert axis.geometry().right() <= window.width()


def test_a_subtitle_is_never_cut_within_a_part_and_a_unit_is_kept(qtbot: QtBot) -> None:
    window, header = make(qtbot)
    subtitle = header.itemAt(1).widget()
    assert isinstance(subtitle, ElidedLabel)
    for text, width, drawn in (
        ("highest loss first", -1, False),
        ("highest loss first", 0, True),
        ("highest loss first; click one", 0, True),
        ("highest loss first; click one", -1, True),
        ("click; to read an example", -1, True),
    ):
        subtitle.setText(text)
        width += subtitle.sizeHint().width()
        subtitle.resize(width, 20)
        picture = subtitle.grab().toImage()
        colors = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
        assert (len(colors) > 1) is drawn
    subtitle.setText("nats")
    rows_of(window, header, 270)
    assert subtitle.width() >= subtitle.sizeHint().width()


def test_corner_buttons_alone_in_a_line_stay_at_its_end(qtbot: QtBot) -> None:
    window, header = make(qtbot)
    for index in (0, 1):
        header.itemAt(index).widget().hide()
    rows_of(window, header, 150)
    box, corner = header.itemAt(2).widget(), header.itemAt(4).widget()
    assert corner.geometry().bottom() < box.y()
    assert corner.geometry().right() == header.geometry().right()
    assert corner.width() == corner.sizeHint().width()


def test_without_a_title_both_lines_are_filled_where_that_is_wanted(qtbot: QtBot) -> None:
    window, header = QWidget(), Header()
    title, subtitle = text_label("Unrolled network", "title"), text_label("", "muted", elide=True)
    header.addWidget(title)
    header.addWidget(subtitle, 1)
    play, form, field, another, corner = (QToolButton() for _ in range(5))
    for control, text in ((play, "Play"), (form, "unrolled or loop"), (field, "text"), (another, "another")):
        control.setText(text)
        header.addWidget(control, int(control is field))
    field.setMinimumWidth(100)
    corner.setProperty("role", "corner")
    header.addWidget(corner)
    stacked(header, 1, of=window)
    header.fills_lines = True
    qtbot.addWidget(window)
    window.show()
    whole = header.sizeHint().width() - title.sizeHint().width()
    rows = rows_of(window, header, whole - 30)
    assert max(rows) - min(rows) > 9
    assert max(rows[:2]) < min(rows[2:6]), "with its title the controls stand below it"
    title.hide()
    _, label, *controls, last = rows_of(window, header, whole - 30)
    assert max(controls[:2]) - min(label, last, *controls[:2]) <= 1, "those before the field stand above"
    assert min(controls[2:]) > max(controls[:2])
    assert play.x() == title.x(), "from the left on, where the title was"
    places = [widget.geometry() for widget in (play, form, field, another, corner)]
    subtitle.setText("weights of step 1,234")
    rows_of(window, header, whole - 30)
    assert [widget.geometry() for widget in (play, form, field, another, corner)] == places
    assert form.geometry().right() < subtitle.x() < subtitle.geometry().right() < corner.x()


def test_hidden_items_take_no_room(qtbot: QtBot) -> None:
    window, header = make(qtbot)
    for index in (2, 3):
        header.itemAt(index).widget().hide()
    rows = rows_of(window, header, 270)
    assert abs(rows[4] - rows[0]) <= 1
    assert header.heightForWidth(250) == header.heightForWidth(700)


def test_a_header_may_be_destroyed_in_any_order(qapp: QApplication) -> None:
    window = QWidget()
    made = Header()
    window.setLayout(made)
    made.addWidget(text_label("a"))
    made.__dict__.clear()  # what the garbage collector does to a cycle, before Qt asks the layout for its items
    assert made.count() == 0
    assert made.itemAt(0) is None
    assert made.takeAt(0) is None


def test_a_button_that_was_awaited_stays_where_it_is_when_a_box_comes_beside_it(qtbot: QtBot) -> None:
    window, header = QWidget(), Header()
    header.addWidget(text_label("Metrics", "title"))
    header.addWidget(text_label("on validation", "muted", elide=True), 1)
    box, button = QComboBox(), QPushButton("all 2 runs")
    box.addItems(["accuracy", "perplexity"])
    box.hide()
    header.addWidget(box)
    header.addWidget(button)
    header.await_widget(button)
    outer = QVBoxLayout(window)
    outer.addLayout(header)
    outer.addStretch(1)
    qtbot.addWidget(window)
    window.show()
    around = outer.contentsMargins().left() + outer.contentsMargins().right()
    window.resize(box.sizeHint().width() + header.spacing() + button.sizeHint().width() + around, 120)
    QApplication.processEvents()
    before = button.geometry()
    box.show()
    QApplication.processEvents()
    assert button.geometry() == before
    assert box.y() > button.y()
