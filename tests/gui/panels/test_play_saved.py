"""While an example is played, what is saved and copied is the moment on the screen, all of it."""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.theme import DARK, LIGHT
from gui.unrolled_view.painter import GRADIENT
from gui.unrolled_view.play_captions import caption_of
from gui.widgets.weight_names import weight_title
from tests.gui.conftest import Person
from tests.gui.panels.open_views import choose, settle
from tests.gui.panels.test_play import play, play_at, seen_steps, to_the_end
from tests.gui.panels.trying import choose_path
from tests.gui.pixels import colors

pytestmark = pytest.mark.one_window


def saved(person: Person, panel: UnrolledPanel, path: Path) -> str:
    """The content of a file that the view has been saved as."""
    panel.save(path)
    person.wait_until(lambda: not person.window.jobs.busy)
    return path.read_text(encoding="utf-8")


def texts_saved(person: Person, panel: UnrolledPanel, folder: Path) -> list[str]:
    """All texts in the picture as SVG, in the order in which they were drawn."""
    drawn = saved(person, panel, folder / "network.svg")
    return [html.unescape(text.strip()) for text in re.findall(r"<text[^>]*>([^<]*)", drawn)]


def gradients_saved(person: Person, panel: UnrolledPanel, folder: Path) -> int:
    """How many numbers in the colour of gradients are in the picture as SVG."""
    drawn = saved(person, panel, folder / "network.svg")
    return len(re.findall(rf'<text fill="{LIGHT.series[GRADIENT]}"[^>]*>(?:∂ )?[\d.]+(?:e−\d+)?<', drawn))


def rows_saved(person: Person, panel: UnrolledPanel, folder: Path) -> list[dict[str, str]]:
    """The numbers as CSV, read back."""
    return list(csv.DictReader(saved(person, panel, folder / "network.csv").splitlines()))


def to_moment(person: Person, panel: UnrolledPanel, at: int) -> None:
    """Step to a moment of Play."""
    while panel.play_line.playing is not None and panel.play_line.playing.at != at:
        there = panel.play_line.playing.at < at
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right if there else Qt.Key.Key_Left)


def copied(person: Person) -> QImage:
    """The picture as it is copied."""
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    choose(person, "unrolled", "Copy picture")
    person.wait_until(lambda: not clipboard.image().isNull())
    return clipboard.image()


@pytest.mark.parametrize("sample", ["names", "french"])
def test_a_picture_saved_while_an_example_is_played_is_that_of_the_moment(
    person: Person, sample: str, tmp_path: Path
) -> None:
    panel = play_at(person, (1440, 900))
    assert panel.play_line.playing is not None
    reading, last = texts_saved(person, panel, tmp_path), len(panel.play_line.playing.moments) - 1
    assert not gradients_saved(person, panel, tmp_path)
    to_moment(person, panel, last - 2)
    playing = panel.play_line.playing
    backwards = texts_saved(person, panel, tmp_path)
    assert "loss" not in reading, "nothing is compared yet"
    assert "loss" in backwards
    assert gradients_saved(person, panel, tmp_path) == len(playing.reached())
    assert caption_of(playing) in " ".join(backwards)
    assert not {weight_title(change.name) for change in playing.step.changes} <= set(backwards)
    to_moment(person, panel, last)
    end = texts_saved(person, panel, tmp_path)
    assert gradients_saved(person, panel, tmp_path) == len(playing.computed())
    assert caption_of(playing.go(last)) in " ".join(end)
    assert {weight_title(change.name) for change in playing.step.changes} <= set(end), "every block of weights"
    assert {"gradient", "moves by", "of its size"} <= set(end)
    person.click("play")
    settle(person)
    assert not gradients_saved(person, panel, tmp_path)
    assert not any(text.startswith("The weights: ") for text in texts_saved(person, panel, tmp_path))


def test_a_picture_copied_at_the_end_of_play_shows_what_is_scrolled_out_of_sight_and_the_colour_of_gradients(
    person: Person, tmp_path: Path
) -> None:
    person.window.resize(1100, 700)
    person.session.probe.set("anna maria luisa")
    panel = play(person)
    before = copied(person)
    to_the_end(person, panel)
    settle(person)
    count = len(panel.canvas.diagram.columns)
    assert len(seen_steps(panel.canvas)) < count - 4
    assert gradients_saved(person, panel, tmp_path) == count
    assert not any("…" in text for text in texts_saved(person, panel, tmp_path)), "none is cut"
    for theme in (LIGHT, DARK):
        person.change_theme(theme)
        assert theme.series[GRADIENT] in colors(copied(person), every=1)
    assert LIGHT.series[GRADIENT] not in colors(before, every=1)


@pytest.mark.parametrize("layers", [1, 2])
def test_the_numbers_saved_while_an_example_is_played_have_the_gradients_that_are_shown(
    person: Person, layers: int, tmp_path: Path
) -> None:
    person.session.set_model(num_layers=layers)
    person.wait_ready()
    panel = play(person)
    playing = panel.play_line.playing
    assert playing is not None
    names = ["gradient"] if layers == 1 else ["gradient of layer 1", "gradient of layer 2"]
    first = rows_saved(person, panel, tmp_path)
    assert not [name for name in first[0] if name.startswith("gradient")]
    assert [bool(row["output"]) for row in first] == [True] + [False] * (len(first) - 1)
    assert not any(row["loss"] or row["target"] for row in first), "nothing is compared yet"
    to_moment(person, panel, playing.loss_at)
    assert [float(row["loss"]) for row in rows_saved(person, panel, tmp_path)] == pytest.approx(playing.step.losses)
    to_moment(person, panel, len(playing.moments) - 3)
    back = rows_saved(person, panel, tmp_path)
    assert [row[name] == "" for row in back for name in names] == [True] * layers + [False] * (len(back) - 1) * layers
    to_the_end(person, panel)
    end = rows_saved(person, panel, tmp_path)
    for name, sizes in zip(names, playing.step.gradients, strict=True):
        assert [float(row[name]) for row in end] == pytest.approx(sizes)
    person.click("play")
    settle(person)
    assert not any(name.startswith("gradient") for name in rows_saved(person, panel, tmp_path)[0])


@pytest.mark.sample("part-of-speech")
def test_the_numbers_of_both_directions_and_of_both_parts_have_their_own_gradients(
    person: Person, tmp_path: Path
) -> None:
    panel = play_at(person, (1440, 900))
    to_the_end(person, panel)
    playing = panel.play_line.playing
    assert playing is not None
    assert playing.diagram.both_ways
    rows = rows_saved(person, panel, tmp_path)
    for name, sizes in zip(("gradient, forwards", "gradient, backwards"), playing.step.gradients, strict=True):
        assert [float(row[name]) for row in rows] == pytest.approx(sizes)
    person.choose_sample("french")
    panel = play(person)
    to_the_end(person, panel)
    playing = panel.play_line.playing
    assert playing is not None
    rows = rows_saved(person, panel, tmp_path)
    assert [row["part"] for row in rows if row["gradient"]] == [column.part for column in playing.diagram.columns]


@pytest.mark.qt_log_ignore("This plugin does not support")  # what the offscreen platform says to dialogs
def test_the_changed_weights_that_are_seen_at_the_end_of_play_can_be_saved_as_numbers(
    person: Person, tmp_path: Path
) -> None:
    offer, path = "Save changed weights as CSV…", tmp_path / "changed-weights.csv"
    panel = play(person)
    assert not offered(panel, offer), "not yet shown"
    to_the_end(person, panel)
    playing = panel.play_line.playing
    assert playing is not None
    choose(person, "unrolled", offer)
    dialog = person.window.findChildren(QFileDialog, "save-dialog")[-1]
    assert (dialog.defaultSuffix(), dialog.selectedFiles()[0].split("/")[-1]) == ("csv", path.name)
    choose_path(person, "save-dialog", path)
    person.wait_until(lambda: not person.window.jobs.busy and path.exists())
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [*rows[0]] == ["weights", "parameter", "size", "gradient", "moves by", "of its size"]
    changes = {change.name: change for change in playing.step.changes}
    assert {row["parameter"] for row in rows} == changes.keys()
    assert [row["weights"] for row in rows] == [weight_title(row["parameter"]) for row in rows]
    for row in rows:
        change = changes[row["parameter"]]
        assert float(row["size"]) == pytest.approx(change.weights)
        assert float(row["gradient"]) == pytest.approx(change.gradient)
        assert float(row["moves by"]) == pytest.approx(change.change)
        assert (
            row["of its size"] == ""
            if change.weights == 0
            else float(row["of its size"]) == pytest.approx(change.change / change.weights)
        )
    shares = [float(row["of its size"]) for row in rows if row["of its size"]]
    assert shares == sorted(shares, reverse=True), "as it is shown"
    person.click("play")
    settle(person)
    assert not offered(panel, offer)


def offered(panel: UnrolledPanel, title: str) -> bool:
    """Whether the menu of the view has this line."""
    return any(action.text() == title for action in panel.make_menu().actions())
