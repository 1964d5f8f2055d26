"""Long work: the window goes on, says how far it is, stops it when asked, and says what really happened."""

from __future__ import annotations

import threading
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

import engine
from gui.panels.base.view import View
from gui.plots.picture_export import MOST_COPIED, Drawing, Table
from gui.session.jobs import Job, TellProgress
from gui.unrolled_view.diagram_builder import untrained
from tests.gui.conftest import Person

pytestmark = pytest.mark.one_window


def notice(person: Person) -> str:
    return person.window.notice_bar.text()


def test_a_job_runs_beside_the_window_and_its_end_is_told(person: Person) -> None:
    threads: list[threading.Thread] = []

    def work(report: TellProgress) -> int:
        threads.append(threading.current_thread())
        return 7

    person.window.jobs.start(Job("Counting", work, lambda value: f"Counted to {value}."))
    person.wait_until(lambda: notice(person) == "Counted to 7.")
    assert threads[0] is not threading.main_thread()


def test_progress_is_told_and_cancel_stops_the_job(person: Person) -> None:
    ended: list[str] = []

    def work(report: TellProgress) -> None:
        try:
            while True:
                report("3 rows")
        finally:
            ended.append("ended")

    person.window.jobs.start(Job("Saving a.csv", work, lambda _: "Saved."))
    person.wait_until(lambda: notice(person) == "Saving a.csv: 3 rows")
    assert person.find(QPushButton, "notice-action").text() == "Cancel"
    person.click("notice-action")
    person.wait_until(lambda: notice(person) == "Saving a.csv was cancelled.")
    assert ended == ["ended"]


def test_after_a_cancelled_job_the_next_one_runs(person: Person) -> None:
    def endless(report: TellProgress) -> None:
        while True:
            report("on")

    person.window.jobs.start(Job("First", endless, lambda _: ""))
    person.window.jobs.cancel()
    person.wait_until(lambda: not person.window.jobs.busy)
    person.window.jobs.start(Job("Second", lambda report: None, lambda _: "Second is done."))
    person.wait_until(lambda: notice(person) == "Second is done.")


def test_an_error_is_told_with_what_it_kept_from_being_done(person: Person) -> None:
    def work(report: TellProgress) -> None:
        raise engine.StorageError("disk full")

    person.window.jobs.start(Job("Saving", work, lambda _: "Saved.", "Loss was not saved"))
    person.wait_until(lambda: notice(person) == "Loss was not saved: disk full")
    assert person.window.notice_bar.level == "error"


def test_progress_does_not_replace_a_warning(person: Person) -> None:
    go_on = threading.Event()

    def work(report: TellProgress) -> None:
        for number in range(10**9):
            report(str(number))
            if go_on.is_set():
                return

    person.window.jobs.start(Job("Saving", work, lambda _: "Saved."))
    person.wait_until(lambda: notice(person).startswith("Saving: "))
    person.session.notices.tell_error(engine.DataError("bad row"))
    said = notice(person)
    looked: list[str] = []
    person.wait_until(lambda: looked.append(notice(person)) or len(looked) > 60)  # type: ignore[func-returns-value]
    assert set(looked) == {said}
    go_on.set()
    person.wait_until(lambda: notice(person) == "Saved.")


def test_closing_the_window_stops_a_job(empty_person: Person) -> None:
    def endless(report: TellProgress) -> None:
        while True:
            report("on")

    empty_person.window.jobs.start(Job("Endless", endless, lambda _: ""))
    empty_person.window.close()  # the fixture asserts that no thread is left


class _Numbers(View):
    """A view of more numbers than fit anywhere; `made` counts the rows that were really built."""

    made = 0

    def refresh(self) -> None:
        """Nothing to draw."""

    def table(self) -> Table:
        """Without end."""

        def rows() -> Table:
            row = ("gate", 1, "x", 2, 0.5)
            while True:
                self.made += 1
                yield row  # type: ignore[misc]

        return Table(("gate", "step", "symbol", "unit", "value"), rows())


@pytest.fixture
def numbers(person: Person) -> _Numbers:
    """A view that belongs to the window."""
    view = _Numbers(person.session, "Numbers")
    view.setParent(person.window)
    view.job_wanted.connect(person.window.jobs.start)
    return view


def test_a_table_is_not_built_before_its_job_and_is_stopped_half_way(
    person: Person, numbers: _Numbers, tmp_path: Path
) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text("old", encoding="utf-8")
    numbers.save(path)
    person.wait_until(lambda: notice(person).startswith("Saving numbers.csv: ") and "rows" in notice(person))
    person.click("notice-action")
    person.wait_until(lambda: not person.window.jobs.busy)
    assert path.read_text(encoding="utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir() if entry.suffix == ".part"] == []


def test_more_numbers_than_a_clipboard_carries_are_refused(person: Person, numbers: _Numbers) -> None:
    QGuiApplication.clipboard().setText("before")
    numbers.copy_numbers()
    person.wait_until(lambda: "save them as CSV instead" in notice(person))
    assert QGuiApplication.clipboard().text() == "before"
    assert numbers.made * 5 < MOST_COPIED + 10


def test_a_network_of_many_columns_is_drawn_outside_the_gui_thread(person: Person, tmp_path: Path) -> None:
    view = person.find(View, "panel-unrolled")
    canvas = view.canvas  # type: ignore[attr-defined]
    canvas.show_diagram(untrained(person.session.run.model_config, 300), person.session.theme)
    drawing = view.drawing()
    assert isinstance(drawing, Drawing)
    assert drawing.anywhere
    path = tmp_path / "network.svg"
    view.save(path)
    assert not path.exists()  # not yet: nothing was drawn in this thread
    person.wait_until(lambda: not person.window.jobs.busy)
    root = ElementTree.parse(path).getroot()
    assert len(list(root.iter())) > 300
    assert float((root.get("viewBox") or "").split()[2]) == drawing.size.width()
