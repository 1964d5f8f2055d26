"""Room: small windows, the edges of the screen, full screen, help, and files dragged over the window."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, QRect, QSettings, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QFont, QFontMetrics, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QScrollArea, QSplitter, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from gui.default_layout import ROOMY_PX
from gui.main_window import MainWindow
from gui.panels import PANELS, Area
from gui.panels.loss import LossPanel
from gui.panels.memory import NARROWEST_RING_PX
from gui.plots.donut import Donut
from gui.plots.line_plot import LinePlot
from gui.session.session import Session
from gui.widgets.bars import Bars
from gui.widgets.screen_fit import ScreenFit, fit_on_screen
from tests.gui.conftest import Person, dispose
from tests.gui.panels.open_views import settle, train_a_little
from tests.gui.written import texts_in, tip_of

pytestmark = pytest.mark.one_window

PADDING_PX = 20  # at least, around the name of a tab that has room
SMALL, USUAL = (960, 540), (1100, 700)
SCALED = (944, 560)  # what a window manager leaves of 1920 × 1200 at 200 %


def resize(person: Person, size: tuple[int, int]) -> None:
    person.resize(*size)


class Resizes(QObject):
    """Notes each new size of what it watches."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QSize] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        if isinstance(event, QResizeEvent):
            self.seen.append(event.size())
        return False


def in_sight(widget: QWidget) -> bool:
    """Whether any of it is visible: neither hidden nor scrolled away."""
    return not widget.visibleRegion().isEmpty()


def test_the_window_can_be_as_small_as_a_scaled_laptop_screen(person: Person) -> None:
    resize(person, SMALL)
    for name in ("file", "reset", "train", "step", "views", "theme", "sample"):
        widget = person.find(QWidget, name)
        assert widget.visibleRegion().boundingRect() == widget.rect(), name


@pytest.mark.parametrize("size", [SMALL, USUAL])
def test_training_settings_are_in_sight_or_one_click_away(person: Person, size: tuple[int, int]) -> None:
    resize(person, size)
    rate = person.find(QWidget, "learning_rate")
    jump = person.find(QPushButton, "jump-to-last")
    person.wait_until(lambda: in_sight(rate) or jump.isVisible())
    if jump.isVisible():
        person.click("jump-to-last")
        person.wait_until(lambda: in_sight(rate))
        assert not jump.isVisible()


def test_the_middle_never_has_to_be_scrolled_sideways(person: Person) -> None:
    middle = person.find(QScrollArea, "middle").horizontalScrollBar()
    title, form = person.find(QWidget, "panel-unrolled"), person.find(QWidget, "unrolled-form")
    for size in (SCALED, SMALL, USUAL):
        resize(person, size)
        person.wait_until(lambda: middle.maximum() == 0)
        person.wait_until(lambda: title.visibleRegion().boundingRect().width() == title.width())
        assert form.width() >= form.minimumSizeHint().width(), size


def test_a_window_that_has_trained_can_be_made_narrow_again(person: Person) -> None:
    resize(person, (1440, 900))
    person.click("train")
    reading = person.find(QLabel, "loss-reading")
    person.wait_until(lambda: reading.text().count("━") == 2)
    person.click("train")
    person.wait_until(lambda: not person.session.busy)
    assert "with dropout" in reading.text()
    resize(person, USUAL)
    middle = person.find(QScrollArea, "middle").horizontalScrollBar()
    person.wait_until(lambda: middle.maximum() == 0)
    assert "with dropout" not in reading.text()
    assert reading.visibleRegion().boundingRect().width() == reading.width()


def test_the_first_training_moves_no_column(person: Person) -> None:
    resize(person, USUAL)
    columns = person.find(QSplitter, "splitter-columns")
    person.wait_until(lambda: not person.session.busy)
    before = columns.sizes()
    person.click("train")
    person.wait_until(lambda: person.find(QLabel, "loss-reading").text().count("━") == 2)
    person.click("train")
    person.wait_until(lambda: not person.session.busy)
    assert columns.sizes() == before


def test_names_of_tabs_are_whole_again_when_there_is_room_again(person: Person) -> None:
    for size in ((1440, 900), USUAL, (1440, 900)):
        resize(person, size)
        person.wait_until(lambda: not person.session.busy)
    bars = [bar for bar in person.window.findChildren(QTabBar) if bar.isVisible()]
    roomy = [bar for bar in bars if not bar.property("tight")]
    assert roomy
    for bar in roomy:
        for at in range(bar.count()):
            name = bar.fontMetrics().horizontalAdvance(bar.tabText(at))
            assert bar.tabRect(at).width() >= name + PADDING_PX


def test_no_tab_is_cut_to_fewer_than_four_letters_nor_two_to_the_same(person: Person, tmp_path: Path) -> None:
    resize(person, (960, 600))
    for name in ("metrics", "mistakes", "weights", "confusion"):
        person.window.docking.show_view(name)
    settle(person)
    bar = max((bar for bar in person.window.findChildren(QTabBar) if bar.isVisible()), key=QTabBar.count)
    names = {bar.tabText(at) for at in range(bar.count())}
    assert {"Metrics", "Memory"} <= names
    written = texts_in(bar, tmp_path)
    cut = [text for text in written if text not in names and text != "…"]  # one may be scrolled half out of sight
    assert len({text for text in written if text.startswith("Me")}) == 2, written
    assert all(len(text.removesuffix("…")) >= 4 for text in cut), written
    assert len(cut) == len({*cut}), written


def test_the_name_of_the_view_in_front_is_whole_however_many_views_are_open(person: Person) -> None:
    resize(person, USUAL)
    for name, place in PANELS.items():
        if place.area is Area.GRID:
            person.window.docking.show_view(name)
    settle(person)
    bars = [bar for bar in person.window.findChildren(QTabBar) if bar.isVisible() and bar.count() > 4]
    assert bars
    for bar in bars:
        bold = QFont(bar.font())
        bold.setWeight(QFont.Weight.DemiBold)
        for front in range(bar.count()):
            bar.setCurrentIndex(front)
            settle(person)
            name, shown = bar.tabText(front), bar.tabRect(front)
            assert shown.width() >= QFontMetrics(bold).horizontalAdvance(name), name
            assert bar.rect().contains(shown), f"{name} is scrolled away"
            assert bar.tabToolTip(front) == name, "where it is cut, the mouse tells it"


@pytest.mark.sample("waves")
def test_all_views_of_a_series_are_in_sight_at_the_usual_size(person: Person) -> None:
    resize(person, (1440, 900))
    middle = person.find(QScrollArea, "middle").verticalScrollBar()
    person.wait_until(lambda: person.find(QWidget, "memory-places").isVisible())
    person.wait_until(lambda: middle.maximum() == 0)


@pytest.mark.sample("entities")
def test_the_names_of_what_is_remembered_are_whole_beside_a_smaller_ring(person: Person) -> None:
    person.session.probe.set("Chirag worked at Microsoft in India .")
    bars, ring = person.find(Bars, "memory-bars"), person.find(Donut, "memory-donut")
    for size in ((1440, 900), USUAL, (960, 600)):
        resize(person, size)
        person.window.docking.show_view("memory")
        person.wait_until(lambda: len(bars.bars) == 7)
        person.wait_until(lambda: bars.shown_names() == ["Chirag", "worked", "at", "Microsoft", "in", "India", "."])
        person.wait_until(
            lambda: ring.width() >= NARROWEST_RING_PX and ring.geometry().right() < bars.geometry().left()
        )


@pytest.mark.sample("part-of-speech")
@pytest.mark.parametrize(("size", "least"), [((1440, 900), 80), (USUAL, 60)])
def test_the_loss_keeps_its_height_beside_long_names_of_baselines_and_kept_runs(
    person: Person, size: tuple[int, int], least: int
) -> None:
    resize(person, size)
    plot, below = person.find(LinePlot, "loss-plot"), person.find(QLabel, "loss-levels")
    person.click("train")
    person.wait_until(lambda: len(person.session.run.curve.validation_steps) > 0)
    person.click("train")
    person.choose("cell", "gru")
    person.wait_ready()
    chips = person.find(QWidget, "loss-other-curves")
    wide = size != USUAL  # a narrow view says above the plot what has no room beside the runs
    person.wait_until(lambda: chips.isVisible() and below.isVisible() is wide and len(plot.levels) == 3)
    person.wait_until(lambda: plot.area().height() >= least)
    said = below if wide else person.window.panels["loss"].subtitle
    person.wait_until(lambda: "symbol" not in said.text() and "beaten" in said.text())
    if wide:
        assert below.height() <= chips.height(), "one line"
        assert below.x() >= chips.geometry().right(), "the same line as that of the runs"
    person.window.grab()
    assert all(name in tip_of(said) for name in ("blind guess", "most frequent tag", "each word's usual tag"))


@pytest.mark.sample("part-of-speech")
def test_the_first_answers_of_the_views_move_nothing_in_the_middle(person: Person) -> None:
    resize(person, (1440, 900))
    network = person.find(QWidget, "panel-unrolled")
    person.wait_until(lambda: network.height() > 390)
    person.window.grab()
    before = network.height()
    person.wait_until(lambda: not person.session.busy and person.find(QLabel, "loss-levels").isVisible())
    person.window.grab()
    assert network.height() == before


def test_views_are_as_wide_whether_the_middle_scrolls_or_not(person: Person) -> None:
    middle = person.find(QScrollArea, "middle")
    bar, loss, scrolled = middle.verticalScrollBar(), person.find(QWidget, "panel-loss"), set()
    person.wait_until(lambda: not person.session.busy and person.find(QLabel, "loss-levels").isVisible())
    for height in (900, 800, 770):  # the arrangement is the same
        resize(person, (1424, height))
        settle(person)
        assert middle.viewport().height() >= ROOMY_PX
        scrolled.add((bar.maximum() > 0, loss.width()))
    assert {scrolls for scrolls, _ in scrolled} == {False, True}
    assert len({width for _, width in scrolled}) == 1
    resize(person, (1424, 900))
    settle(person)
    shown, at = middle.grab().toImage(), QRect(bar.mapTo(middle, QPoint(0, 0)), bar.size())
    columns, rows = range(at.left(), at.right() + 1), range(at.top(), at.bottom() + 1)
    assert len({shown.pixel(x, y) for x in columns for y in rows}) == 1, "not seen"


@pytest.mark.parametrize("missing", [3, 12])
def test_views_that_almost_fit_stand_still_and_cover_nothing(person: Person, missing: int) -> None:
    resize(person, (1424, 900))
    person.session.set_model(dropout=0.4)
    person.wait_ready()
    curve, panel = person.session.run.curve, person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.wait_until(lambda: len(panel.plot.levels) == 3)
    curve.append(1, 1.0, -0.179, 1.0, False)  # a sign and three decimals: the widest words that are usual
    curve.append_validation(1, 1.0, -0.815, {})
    panel.redraw()
    settle(person)
    middle, moved = person.find(QScrollArea, "middle"), Resizes()
    content = middle.widget()
    assert content is not None
    spare = middle.viewport().height() - content.minimumSizeHint().height()
    person.window.resize(1424, 900 - spare - missing)
    settle(person)
    panel.installEventFilter(moved)
    for _ in range(3):
        settle(person)
    panel.removeEventFilter(moved)
    assert moved.seen == []
    assert panel.plot.height() >= panel.plot.minimumHeight()
    assert panel.plot.geometry().bottom() < panel.levels_line.geometry().top()


@pytest.mark.parametrize("size", [USUAL, (960, 600)])
def test_a_long_notice_moves_and_covers_nothing_until_it_is_opened(person: Person, size: tuple[int, int]) -> None:
    resize(person, size)
    person.wait_until(lambda: not person.session.busy and person.find(QLabel, "loss-levels").isVisible())
    settle(person)
    bar, text = person.window.notice_bar, person.find(QLabel, "notice")
    bar.clear()
    usual, middle = bar.geometry(), person.find(QScrollArea, "middle")
    before = middle.geometry(), middle.verticalScrollBar().maximum(), person.find(QWidget, "panel-unrolled").geometry()
    person.session.tell(
        " ".join(f"This is sentence {number} of a notice that needs several lines." for number in range(8))
    )
    more = person.find(QPushButton, "notice-more")
    person.wait_until(more.isVisible)
    assert bar.geometry() == usual
    person.click("notice-more")
    person.wait_until(lambda: bar.height() > usual.height())
    person.window.grab()
    after = middle.geometry(), middle.verticalScrollBar().maximum(), person.find(QWidget, "panel-unrolled").geometry()
    assert after == before
    assert bar.geometry().bottom() == usual.bottom()
    assert (bar.x(), bar.width()) == (usual.x(), usual.width())
    seen = person.window.childAt(text.mapTo(person.window, QPoint(5, 2)))
    assert seen is text, "nothing lies on its first line"
    person.session.tell("Saved.")
    person.wait_until(lambda: bar.geometry() == usual)


def test_names_that_share_a_row_stay_clear_of_the_fields(person: Person) -> None:
    person.type("batch_size", "7")
    person.type("epochs", "9")
    names = [person.find(QWidget, f"{name}-name") for name in ("batch_size", "epochs")]
    person.wait_until(lambda: all(name.property("sign") for name in names))
    field = person.find(QWidget, "batch_size")
    person.wait_until(lambda: names[0].geometry().right() < names[1].x())
    assert names[1].mapTo(person.window, QPoint(names[1].width(), 0)).x() < field.mapTo(person.window, QPoint(0, 0)).x()


def test_where_all_settings_fit_there_is_nothing_to_jump_to(person: Person) -> None:
    resize(person, (1440, 1000))
    person.wait_until(lambda: not person.find(QPushButton, "jump-to-last").isVisible())


def test_save_and_export_are_reachable_in_a_narrow_window(person: Person) -> None:
    resize(person, (960, 600))
    person.wait_until(lambda: not person.find(QWidget, "save").isVisible())
    assert person.find(QWidget, "file").isVisible()
    texts = [action.text() for action in person.find(QMenu, "file-menu").actions()]
    assert {"Save run", "Export"} <= set(texts)


def test_a_window_that_hangs_out_of_its_screen_is_moved_and_shrunk_into_it(person: Person) -> None:
    window = person.window
    free = window.screen().availableGeometry()
    window.resize(free.size() * 2)
    window.move(free.topLeft() + QPoint(300, 200))
    fit_on_screen(window)
    person.wait_until(lambda: free.contains(window.frameGeometry()))
    assert window.width() < free.width()  # the frame needs room as well


def test_a_window_that_is_put_elsewhere_before_it_is_active_comes_back_into_its_screen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    ScreenFit(window)
    window.resize(400, 300)
    window.show()
    QApplication.processEvents()
    window.move(window.screen().availableGeometry().topLeft() - QPoint(30, 30))  # as some window managers do
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(lambda: window.screen().availableGeometry().contains(window.frameGeometry()))


def test_a_window_is_not_moved_before_it_has_its_frame(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    ScreenFit(window)
    free = window.screen().availableGeometry()
    outside = QRect(free.bottomRight() - QPoint(200, 100), QSize(400, 300))
    window.setGeometry(outside)
    QApplication.sendEvent(window, QShowEvent())
    QApplication.processEvents()
    assert window.geometry() == outside
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(lambda: free.contains(window.frameGeometry()))


def test_a_window_that_is_destroyed_before_it_is_fitted_is_not_kept(qapp: QApplication) -> None:
    window = QWidget()
    ScreenFit(window)
    kept = weakref.ref(window)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    window.deleteLater()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    del window
    gc.collect()
    assert kept() is None


def test_a_window_inside_its_screen_stays_where_it_is(person: Person) -> None:
    window = person.window
    resize(person, USUAL)
    window.move(40, 60)
    before = window.geometry()
    fit_on_screen(window)
    assert window.geometry() == before


def test_geometry_of_a_larger_screen_is_fitted_when_the_window_opens(qtbot: QtBot, settings: QSettings) -> None:
    first = MainWindow(Session(), settings)
    first.show()
    free = first.screen().availableGeometry()
    first.setGeometry(free.right() - 50, free.bottom() - 50, 1440, 900)
    first.close()
    dispose(first)
    second = MainWindow(Session(), settings)
    second.show()
    qtbot.waitUntil(lambda: free.contains(second.frameGeometry()))
    second.close()
    dispose(second)


def test_full_screen_and_back(person: Person) -> None:
    person.press(Qt.Key.Key_F11)
    person.wait_until(person.window.isFullScreen)
    person.press(Qt.Key.Key_Escape)
    person.wait_until(lambda: not person.window.isFullScreen())
    person.press(Qt.Key.Key_F11)
    person.wait_until(person.window.isFullScreen)
    person.press(Qt.Key.Key_F11)
    person.wait_until(lambda: not person.window.isFullScreen())


def test_escape_leaves_an_enlarged_view_before_full_screen(person: Person) -> None:
    person.press(Qt.Key.Key_F11)
    person.window.docking.enlarge("loss")
    person.wait_until(lambda: not person.find(QWidget, "panel-unrolled").isVisible())
    person.press(Qt.Key.Key_Escape)
    person.wait_until(person.find(QWidget, "panel-unrolled").isVisible)
    assert person.window.isFullScreen()
    person.press(Qt.Key.Key_F11)


def test_help_opens_by_its_key_and_closes_with_escape(person: Person) -> None:
    person.press(Qt.Key.Key_F1)
    person.wait_until(lambda: person.window.findChild(QWidget, "help-window") is not None)
    window = person.find(QWidget, "help-window")
    person.wait_until(window.isActiveWindow)
    lines = window.findChildren(QLabel)
    assert all(line.height() >= line.heightForWidth(line.width()) for line in lines)  # none is cut
    person.qtbot.keyClick(window, Qt.Key.Key_Escape)
    person.wait_until(lambda: not window.isVisible())
    person.activate()
    person.press(Qt.Key.Key_F1)
    person.wait_until(window.isVisible)  # the same one again
    window.close()


def test_dragging_a_file_over_the_window_shows_where_it_would_go(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "few.txt"
    path.write_text("one\ntwo\nthree\nfour\n")
    frame = person.find(QWidget, "drop-frame")
    assert not frame.isVisible()
    person.drag(path)
    assert frame.isVisible()
    assert frame.size() == person.window.size()
    QApplication.sendEvent(person.window.windowHandle(), QDragLeaveEvent())
    assert not frame.isVisible()
    person.drop(path)
    assert not frame.isVisible()
    person.wait_until(lambda: "few" in person.window.windowTitle())


@pytest.mark.parametrize("field", ["probe", "try-prefix"])
def test_a_file_dropped_on_a_text_field_is_opened_as_everywhere_and_stays_where_it_is(
    person: Person, tmp_path: Path, field: str
) -> None:
    path = tmp_path / "few.txt"
    path.write_text("one\ntwo\nthree\nfour\n")
    assert person.drop(path, person.find(QWidget, field)) == Qt.DropAction.CopyAction  # else it would be moved
    person.wait_until(lambda: "few" in person.window.windowTitle())
    assert "few" not in person.session.probe.text


def test_files_whose_program_quits_as_they_are_dropped_are_opened_all_the_same(person: Person, tmp_path: Path) -> None:
    (path := tmp_path / "shop.csv").write_text("text,label\n" + "anna,b\nnora,a\nida,b\nlena,a\n" * 9)
    mime, withdrawn = QMimeData(), QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), copy, mime, button, none)
    QApplication.sendEvent(person.window.windowHandle(), enter)
    frame = person.find(QWidget, "drop-frame")
    assert frame.isVisible()
    QApplication.sendEvent(frame, QDropEvent(QPointF(300, 300), copy, withdrawn, button, none))
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.name == "shop")
    person.wait_ready()


def test_dragged_text_that_is_no_file_shows_nothing(person: Person) -> None:
    mime = QMimeData()
    mime.setText("hello")
    event = QDragEnterEvent(
        QPoint(300, 300), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(person.window.windowHandle(), event)
    assert not person.find(QWidget, "drop-frame").isVisible()


@pytest.mark.parametrize(("size", "sample"), [((1440, 900), "names"), (USUAL, "names"), (USUAL, "ratings")])
def test_splitters_at_their_extremes_hide_nothing_and_can_be_moved_back(
    person: Person, size: tuple[int, int], sample: str
) -> None:
    resize(person, size)
    person.wait_until(lambda: not person.session.busy)
    buttons = [person.find(QWidget, name) for name in ("try-copy", "try-save", "data-test", "sample", "unrolled-form")]
    splitters = [each for each in person.window.findChildren(QSplitter) if each.isVisible()]
    assert len(splitters) >= 3
    for splitter in splitters:
        for at in range(1, splitter.count()):
            before = splitter.sizes()
            place = sum(before[:at]) + at * splitter.handleWidth() - splitter.handleWidth()
            for end in (0, sum(before)):
                splitter.moveSplitter(end, at)
                person.window.grab()
                assert min(splitter.sizes()) > 0
                assert (person.window.width(), person.window.height()) == size
                for button in buttons:
                    assert button.width() >= button.minimumSizeHint().width()
                    assert in_sight(button)
            splitter.moveSplitter(place, at)
            person.window.grab()
            assert max(abs(now - then) for now, then in zip(splitter.sizes(), before, strict=True)) <= 13


@pytest.mark.parametrize("sample", ["entities", "part-of-speech", "french", "reviews"])
def test_all_views_of_a_small_window_are_in_sight_whatever_the_network(person: Person, sample: str) -> None:
    resize(person, USUAL)
    train_a_little(person, 3)
    middle = person.find(QScrollArea, "middle").verticalScrollBar()
    person.wait_until(lambda: middle.maximum() == 0)
    settle(person)
    assert middle.maximum() == 0
