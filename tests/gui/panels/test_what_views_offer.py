"""What every view offers: to be kept, copied and explained; and that it is drawn fast, or not at all. In one window."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QScrollBar

from engine.export.csv_writer import csv_text
from gui.panels import PANELS
from gui.panels.base.view import View
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.plots.picture import Picture
from gui.plots.picture_export import image_of
from tests.gui.conftest import Person
from tests.gui.panels.open_views import VIEWS, choose, open_view, settle, train_a_little
from tests.gui.pixels import colors
from tests.gui.plots.mouse import canvas

FRAME_S = 0.016
HIDDEN = [name for name in VIEWS if PANELS[name].before or PANELS[name].below]


@pytest.mark.parametrize("name", VIEWS)
def test_painting_a_view_takes_less_than_a_frame(shared_person: Person, name: str) -> None:
    view = open_view(shared_person, name, View)
    settle(shared_person)
    took = []
    for _ in range(5):
        start = time.thread_time()
        for picture in view.findChildren(Picture):
            if picture.isVisible():
                canvas(picture).repaint()
        took.append(time.thread_time() - start)
    assert min(took) < FRAME_S


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_kept_as_png_svg_and_csv_that_open(shared_person: Person, name: str, tmp_path: Path) -> None:
    person = shared_person
    view = open_view(person, name, View)
    settle(person)
    for ending in ("png", "svg", "csv"):
        view.save(tmp_path / f"view.{ending}")
    person.wait_until(lambda: not person.window.jobs.busy)
    image = QImage(str(tmp_path / "view.png"))
    assert image.width() == 2 * view.drawing().size.width()
    assert len(colors(image, every=7)) > 3
    root = ElementTree.parse(tmp_path / "view.svg").getroot()
    assert root.tag.endswith("svg")
    assert len(list(root.iter())) > 10
    with (tmp_path / "view.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows[0]) >= 1
    assert all(len(row) <= len(rows[0]) for row in rows[1:])


@pytest.mark.parametrize("name", VIEWS)
def test_the_menu_of_a_view_copies_and_asks_where_to_save(shared_person: Person, name: str) -> None:
    person = shared_person
    view = open_view(person, name, View)
    settle(person)
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    size = image_of(view.drawing()).size()
    choose(person, name, "Copy picture")
    person.wait_until(lambda: not clipboard.image().isNull())
    assert clipboard.image().size() == size
    choose(person, name, "Copy numbers")
    person.wait_until(lambda: bool(clipboard.text().strip()))
    assert clipboard.text() == csv_text(view.table(), delimiter="\t", line_end="\n")
    for title, ending in (("picture as PNG", "png"), ("picture as SVG", "svg"), ("numbers as CSV", "csv")):
        choose(person, name, f"Save {title}…")
        dialog = person.window.findChildren(QFileDialog, "save-dialog")[-1]
        assert dialog.defaultSuffix() == ending
        dialog.close()


@pytest.mark.parametrize("name", VIEWS)
def test_the_question_mark_explains_and_the_menu_offers_to_keep(shared_person: Person, name: str) -> None:
    person = shared_person
    view = open_view(person, name, View)
    settle(person)
    person.click(f"{name}-help")
    assert view.popover is not None
    assert view.popover.isVisible()
    assert len(view.popover.text.text()) > 150
    person.qtbot.keyClick(view.popover, Qt.Key.Key_Escape)
    assert not view.popover.isVisible()
    titles = [action.text() for action in view.make_menu().actions()]
    assert {"Save picture as PNG…", "Save picture as SVG…", "Save numbers as CSV…"} <= set(titles)
    assert {"Copy picture", "Copy numbers", "Zoom in", "Zoom out", "View all", "Reset zoom"} <= set(titles)
    assert {"Enlarge", "Float", "Move", "Hide"} <= set(titles)


@pytest.mark.parametrize("name", VIEWS)
def test_what_zooms_is_offered_together_or_not_at_all(shared_person: Person, name: str) -> None:
    view = open_view(shared_person, name, View)
    settle(shared_person)
    zooming = {"Zoom in", "Zoom out", "View all", "Reset zoom"}
    offered = {action.isEnabled() for action in view.make_menu().actions() if action.text() in zooming}
    assert offered == {view.zooms()}


def bars_of(view: View) -> list[QScrollBar]:
    """The scroll bars that can be moved."""
    return [bar for bar in view.findChildren(QScrollBar) if bar.maximum() > 0]


@pytest.mark.parametrize("name", ["unrolled", "batch", "inside"])
@pytest.mark.parametrize("zoom", ["Zoom out", "Zoom in"])
@pytest.mark.parametrize("share", [0.0, 0.6, 1.0])
def test_reset_zoom_goes_back_to_the_picture_before_wherever_it_was_scrolled(
    shared_person: Person, name: str, zoom: str, share: float
) -> None:
    person = shared_person
    person.session.probe.set("abcdefghijklmnopq" * 3 if share else "sophia")
    view = open_view(person, name, View)
    settle(person)
    for bar in bars_of(view):
        bar.setValue(round(share * bar.maximum()))
    before = view.grab().toImage()
    for _ in range(2):
        choose(person, name, zoom)
        for _ in range(9):  # until every view has its new height
            QApplication.processEvents()
    assert view.grab().toImage() != before
    for bar in bars_of(view):
        bar.setValue(0)
    choose(person, name, "Reset zoom")
    person.wait_until(lambda: view.grab().toImage() == before)


def test_reset_zoom_keeps_a_cell_in_sight_that_was_reached_while_zoomed(shared_person: Person) -> None:
    person = shared_person
    person.session.probe.set("abcdefghijklmnopq" * 3)
    view = open_view(person, "unrolled", UnrolledPanel)
    settle(person)
    bar = view.canvas.horizontalScrollBar()
    bar.setValue(0)
    choose(person, "unrolled", "Zoom in")
    view.canvas.select((0, 40))
    choose(person, "unrolled", "Reset zoom")
    box = view.canvas.placed().cell(40, 0)
    left = (box.left() * view.canvas.scale) + view.canvas.origin().x()
    assert 0 <= left <= view.canvas.viewport().width()
    view.canvas.select(None)


@pytest.mark.parametrize("name", HIDDEN)
def test_a_view_that_is_hidden_or_behind_another_neither_asks_nor_draws(
    shared_person: Person, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = shared_person
    view = open_view(person, name, View)
    settle(person)
    front = PANELS[name].before
    if front:
        person.window.docking.show_view(front)  # behind a tab
    else:
        person.window.docking.hide_view(name)
    assert not view.isVisible()
    refreshed: list[int] = []
    monkeypatch.setattr(view, "refresh", lambda: refreshed.append(1))
    person.session.probe.set(f"zoe {name}")
    train_a_little(person, 3)
    assert refreshed == []
    person.window.docking.show_view(name)
    person.wait_until(lambda: refreshed == [1])
