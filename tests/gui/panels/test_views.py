"""Every view of the registry: draws whatever network there is, not while hidden, or says in words why it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton

from gui.panels.base.asking_view import AskingView
from gui.panels.base.view import View
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.plots.picture_export import image_of
from gui.session.notice import Notice
from gui.theme import DARK
from tests.gui.conftest import Person
from tests.gui.panels.open_views import VIEWS, choose, dataset_of, open_view, settle, train_a_little
from tests.gui.plots.mouse import is_drawn

pytestmark = pytest.mark.one_window(*VIEWS)
SHAPES = ["alphabet", "order", "entities", "dates", "prose"]


def open_all(person: Person) -> list[View]:
    return [open_view(person, name, View) for name in VIEWS]


UNUSUAL = {"attention", "transitions"}  # views of what only some networks have
# Views that say in words why they have nothing to draw; all others draw something.
IN_WORDS = {
    "alphabet": UNUSUAL | {"confusion"},
    "order": UNUSUAL,
    "entities": UNUSUAL,
    "dates": UNUSUAL | {"confusion"},
    "prose": UNUSUAL | {"confusion", "mistakes"},
}
NAMES_IN_WORDS = UNUSUAL | {"confusion"}
NEEDS_STEPS = {"loss", "metrics", "compare", "sweep"}  # their numbers come with training


def numbers(view: View) -> list[Sequence[object]]:
    """The rows of numbers that are drawn."""
    return list(view.table())[1:]


def says(view: View) -> str:
    """What a view says instead of a picture, "" where it has one. Everything that is in sight is drawn."""
    pictures = [picture for picture in view.pictures() if picture.isVisible()]
    if isinstance(view, AskingView) and view.hint.isVisible():
        assert numbers(view) == []
        assert pictures == [], "words stand in place of the picture"
        assert len(view.hint.text()) > 20
        return view.hint.text()
    if isinstance(view, UnrolledPanel):
        assert is_drawn(view.canvas)
    assert all(map(is_drawn, pictures)), view.objectName()
    return ""


def in_words(person: Person) -> set[str]:
    """Open all views one by one: those that only say something."""
    found = set()
    for name in VIEWS:
        view = open_view(person, name, View)
        settle(person)
        if says(view):
            found.add(name)
    return found


def rows_of(person: Person) -> dict[str, int]:
    """How many rows of numbers each view has."""
    return {name: len(numbers(person.window.docking.views[name])) for name in VIEWS}


@pytest.mark.parametrize("sample", SHAPES)
def test_every_view_draws_every_shape_before_and_while_training(person: Person, sample: str) -> None:
    for trained in (False, True):
        if trained:
            train_a_little(person, 3)
        assert in_words(person) == IN_WORDS[sample]
        rows, session = rows_of(person), person.session
        assert {name for name, count in rows.items() if not count} <= IN_WORDS[sample] | NEEDS_STEPS
        units, steps = session.run.model_config.hidden_size, rows["unrolled"]
        assert rows["hidden_state"] == units
        assert rows["gradient"] == steps
        assert rows["loss"] == session.run.progress.step
        assert rows["embeddings"] == min(300, len(dataset_of(person).codec.source) - 2), "all but <unk> and </s>"
        if sample != "dates":  # where the encoder's and the decoder's are shown by themselves
            assert rows["memory"] == rows["trajectory"] == steps
            assert rows["gates"] == 4 * units * steps


@pytest.mark.parametrize(("cell", "gates"), [("rnn", 0), ("gru", 3)])
def test_every_view_draws_the_other_cells(person: Person, cell: str, gates: int) -> None:
    person.session.set_model(cell=cell, num_layers=2, hidden_size=8)
    person.wait_ready()
    assert in_words(person) == NAMES_IN_WORDS | (set() if gates else {"gates"})
    rows = rows_of(person)
    assert rows["gates"] == gates * 8 * rows["unrolled"]
    assert rows["hidden_state"] == 8


@pytest.mark.sample("order")
def test_every_view_draws_a_feed_forward_network_without_steps(person: Person) -> None:
    settle(person)  # the states of an LSTM are drawn
    person.session.set_model(architecture="one-to-one")
    person.wait_ready()
    nothing = {"hidden_state", "memory", "inside", "gates", "trajectory", "embeddings"}
    views = person.window.docking.views
    texts = {}
    for name in VIEWS:
        view = open_view(person, name, View)
        settle(person)
        if isinstance(view, AskingView) and view.hint.isVisible():
            texts[name] = says(view)
        elif name != "gradient":  # it stays blank under its verdict
            assert says(view) == ""
    assert set(texts) == nothing | UNUSUAL
    assert all("feed-forward" in texts[name] for name in nothing), texts
    assert numbers(views["gradient"]) == []
    assert len(numbers(views["confusion"])) == 2


@pytest.mark.parametrize(
    ("probe", "read"),
    [("", None), ("a", 1), ("z" * 600, 600), ("漢字", 2)],
    ids=["empty", "one", "long", "unknown"],
)
def test_every_view_draws_any_text(person: Person, probe: str, read: int | None) -> None:
    person.session.probe.set(probe)
    assert in_words(person) == NAMES_IN_WORDS
    rows, units = rows_of(person), person.session.run.model_config.hidden_size
    steps = rows["unrolled"]
    if read is None:  # nothing is typed: what the network writes
        assert steps > 1
    else:
        assert steps == 1 + read, "the label, then the text"
    assert rows["trajectory"] == steps
    assert rows["gates"] == 4 * units * steps
    assert rows["memory"] == min(steps, 201)


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e30], ids=["nan", "infinite", "huge"])
def test_every_view_survives_weights_gone_wild(person: Person, number: float) -> None:
    open_all(person)
    session = person.session
    assert session.run.snapshot is not None
    weights = np.full_like(session.run.snapshot.weights, number)
    session.run.snapshot = replace(session.run.snapshot, weights=weights, step=1)
    session.run.snapshot_changed.emit()
    lost = {"memory", "trajectory", "embeddings"}
    assert in_words(person) == NAMES_IN_WORDS | ({"memory"} if number == 1e30 else lost)
    for name in lost if number != 1e30 else ():
        assert "diverged" in says(open_view(person, name, View))


def test_a_saved_drawing_holds_lines_not_pixels(person: Person, tmp_path: Path) -> None:
    loss = open_view(person, "loss", View)
    train_a_little(person, 30)
    loss.save(tmp_path / "loss.svg")
    person.wait_until(lambda: not person.window.jobs.busy)
    text = (tmp_path / "loss.svg").read_text()
    assert "<image" not in text
    assert "<polyline" in text or "<path" in text
    states = open_view(person, "hidden_state", View)
    states.save(tmp_path / "states.svg")
    person.wait_until(lambda: not person.window.jobs.busy)
    assert "<image" not in (tmp_path / "states.svg").read_text()


ON_OTHERS = {"attention": "dates", "confusion": "entities", "transitions": "entities"}  # views that names do not have


@pytest.mark.parametrize("sample", ["names", "dates", "entities"])
def test_the_menu_of_a_view_zooms_and_resets(person: Person, sample: str) -> None:
    for name in VIEWS:
        if name not in ("runs", "sweep") and ON_OTHERS.get(name, "names") == sample:  # those are lists
            check_zoom(person, name)
            person.window.docking.reset()


def check_zoom(person: Person, name: str) -> None:
    """Zoom in twice and reset, in a view that has something to show."""
    if name == "attention":
        person.session.set_model(attention=True)
        person.wait_ready()
    if name == "transitions":
        person.session.set_model(read_out="crf")
        person.wait_ready()
    view = open_view(person, name, View)
    if name == "compare":
        person.session.compared.choose([person.session.runs.current])
    train_a_little(person, 120 if name == "metrics" else 3)  # so many that there is an evaluation
    for _ in range(10 if name == "weights" else 0):  # they are looked at after each of these
        step = person.session.run.progress.step
        person.session.run.step()
        person.wait_until(lambda step=step: person.session.run.progress.step > step and not person.session.busy)
        settle(person)
    before = view.grab().toImage()
    choose(person, name, "Zoom in")
    choose(person, name, "Zoom in")
    assert view.grab().toImage() != before
    choose(person, name, "Reset zoom")
    person.wait_until(lambda: view.grab().toImage() == before)


@pytest.mark.sample("prose")
def test_a_view_without_a_picture_does_not_offer_to_zoom(person: Person) -> None:
    person.session.set_model(cell="rnn")
    person.wait_ready()
    for name in ("gates", "attention", "confusion", "transitions", "mistakes"):
        view = open_view(person, name, AskingView)
        person.wait_until(view.hint.isVisible)
        actions = {action.text(): action for action in view.make_menu().actions()}
        assert not actions["Zoom in"].isEnabled(), name
        assert not actions["Zoom out"].isEnabled(), name
        assert actions["Enlarge"].isEnabled(), name
        person.window.docking.reset()


def test_the_list_of_runs_does_not_offer_to_zoom(person: Person) -> None:
    actions = {action.text(): action for action in open_view(person, "runs", View).make_menu().actions()}
    assert not actions["Zoom in"].isEnabled()


def test_numbers_and_pictures_are_copied(person: Person) -> None:
    view = open_view(person, "memory", View)
    settle(person)
    QGuiApplication.clipboard().clear()
    view.copy_numbers()
    person.wait_until(lambda: bool(QGuiApplication.clipboard().text()))
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["step", "input", "share of the last state"]
    assert sum(float(line.split("\t")[2]) for line in lines[1:]) == pytest.approx(1.0)
    view.copy_picture()
    person.wait_until(lambda: not QGuiApplication.clipboard().image().isNull())
    assert QGuiApplication.clipboard().image().size() == image_of(view.drawing()).size()


def test_a_file_that_cannot_be_written_is_told_in_the_window(person: Person, tmp_path: Path) -> None:
    notices: list[Notice] = []
    person.session.notices.posted.connect(notices.append)
    view = open_view(person, "loss", View)
    for ending in ("png", "svg", "csv"):
        view.save(tmp_path / "no such folder" / f"loss.{ending}")
    person.wait_until(lambda: not person.window.jobs.busy)
    assert [notice.level for notice in notices] == ["error"] * 3
    assert all("Loss" in notice.text for notice in notices)


def test_the_menu_opens_at_its_button_and_at_the_mouse_and_saves_through_a_dialog(
    person: Person, tmp_path: Path
) -> None:
    view = open_view(person, "loss", View)
    person.find(QToolButton, "loss-menu").click()
    person.wait_until(lambda: any(menu.isVisible() for menu in view.findChildren(QMenu)))
    for menu in view.findChildren(QMenu):
        menu.close()
    QGuiApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5)))
    person.wait_until(lambda: any(menu.isVisible() for menu in view.findChildren(QMenu)))
    for menu in view.findChildren(QMenu):
        menu.close()
    view.ask_where("csv")
    dialog = person.find(QFileDialog, "save-dialog")
    dialog.fileSelected.emit(str(tmp_path / "loss.csv"))
    dialog.close()
    person.wait_until(lambda: not person.window.jobs.busy)
    assert (tmp_path / "loss.csv").read_text().startswith("step,seconds")
    view.save(tmp_path / "loss.tsv")
    person.wait_until(lambda: not person.window.jobs.busy)
    assert (tmp_path / "loss.tsv").read_text().startswith("step\tseconds")


def test_every_control_of_a_view_has_a_name_and_a_tooltip(person: Person) -> None:
    for view in open_all(person):
        for button in view.findChildren(QToolButton):
            assert button.objectName(), button.text()
            assert button.accessibleName()
            assert button.toolTip()


def test_views_change_their_colours_with_the_theme(person: Person) -> None:
    open_all(person)
    settle(person)
    person.session.set_theme(DARK)
    for name in VIEWS:
        view = open_view(person, name, View)
        settle(person)
        assert view.grab().toImage().pixelColor(4, 40).lightness() < 90


def test_a_view_without_an_answer_says_why(person: Person) -> None:
    person.session.set_model(cell="rnn")
    person.wait_ready()
    said = {}
    for name in ("gates", "attention", "confusion", "transitions"):
        view = open_view(person, name, AskingView)
        settle(person)
        person.wait_until(view.hint.isVisible)
        said[name] = view.hint.text()
    assert "no gates" in said["gates"]
    assert "no attention" in said["attention"]
    assert "neither labels nor tags" in said["confusion"]
    assert "does not tag its input" in said["transitions"]
    assert "CRF" not in said["transitions"], "there are no tags to choose"
    person.choose_sample("entities")
    transitions = person.window.docking.views["transitions"]
    person.wait_until(lambda: "decided independently" in transitions.hint.text())  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["hidden_state", "memory", "inside"])
def test_words_stand_in_the_middle_of_an_empty_view(person: Person, name: str) -> None:
    view = open_view(person, name, View)
    person.session.set_model(architecture="one-to-one")
    person.choose_sample("order")
    person.session.set_model(architecture="one-to-one")
    person.wait_ready()
    settle(person)
    open_view(person, name, View)  # the loss has taken its room
    hint = view.hint  # type: ignore[attr-defined]
    person.wait_until(lambda: "feed-forward" in hint.text() and hint.isVisible())
    person.wait_until(lambda: abs(hint.mapTo(view, hint.rect().center()).y() - view.body.geometry().center().y()) < 20)
