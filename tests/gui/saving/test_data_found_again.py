"""The data of an opened run that have moved or changed: the file that is chosen is read from then on."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSlider, QWidget

import engine
from engine.data.music.midi import midi_bytes
from engine.data.music.notes import read_notes
from engine.data.sound.wav import wav_bytes
from gui.panels.try_it.forecast import LEAST_KNOWN, ForecastView
from gui.plots.forecast_plot import ForecastPlot
from tests.gui.conftest import Person
from tests.gui.panels.opening import show_reading
from tests.gui.panels.trying import shown
from tests.gui.saving.saving import answer, choose, open_run, said, saved_on, settled, write_names

pytestmark = pytest.mark.sample("")


@pytest.mark.parametrize("changed", [False, True], ids=["gone", "changed"])
def test_the_file_that_was_chosen_is_read_when_it_is_to_be_read_otherwise(
    person: Person, tmp_path: Path, changed: bool
) -> None:
    data = write_names(tmp_path / "names.csv")
    run, moved = saved_on(data), tmp_path / "other" / "moved.csv"
    moved.parent.mkdir()
    data.rename(moved)
    if changed:
        data.write_text("text,label\n" + "otto,a\nhugo,b\n" * 10, "utf-8")
    open_run(person, run)
    state = "data changed" if changed else "data missing"
    assert person.find(QLabel, "data-content").text().startswith(f"{state} · the network can be used but not trained")

    person.click("notice-other-action" if changed else "notice-action")
    choose(person, "find-data-dialog", moved)
    person.wait_until(lambda: person.session.run.opened is None)
    settled(person)
    assert said(person) == "moved.csv holds the data of this run, so training can continue."
    assert person.session.data.paths == (str(moved),)

    show_reading(person)
    person.click("data-lowercase")
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.config.lowercase)
    person.wait_ready()
    assert person.session.data.paths == (str(moved),)
    person.window.files.fill_recent()
    assert {action.text() for action in person.window.files.recent_menu.actions()} == {"moved.csv", "run.unroll"}


def test_a_folder_is_chosen_where_the_data_of_the_run_are_a_folder(person: Person, tmp_path: Path) -> None:
    data, times = tmp_path / "words", np.arange(2_000) / 8_000
    for pitch, label in ((300, "yes"), (900, "no")):
        (data / label).mkdir(parents=True)
        for n in range(4):
            sound = np.sin(2 * np.pi * (pitch + 10 * n) * times).astype(np.float32)
            (data / label / f"{n}.wav").write_bytes(wav_bytes(sound, 8_000))
    run, moved = saved_on(data), tmp_path / "moved"
    data.rename(moved)
    open_run(person, run)

    person.find(QPushButton, "notice-action").click()
    answer(person, "find-data-dialog", "Open the data folder “words”", moved)
    person.wait_until(lambda: person.session.run.opened is None)
    settled(person)
    assert said(person) == "moved holds the data of this run, so training can continue."
    assert person.session.data.paths == (str(moved),)


def test_without_its_data_a_network_does_not_claim_that_all_it_writes_is_new(person: Person, tmp_path: Path) -> None:
    data = write_names(tmp_path / "names.csv")
    run = saved_on(data, architecture="one-to-many")
    data.unlink()
    open_run(person, run)
    person.click("try-look-new")
    said_now = person.find(QLabel, "try-rates-now")
    person.wait_until(lambda: "distinct" in said_now.text())
    assert "new" not in said_now.text()
    meaning = person.find(QLabel, "try-rates-meaning").text()
    assert meaning.startswith(("How many are new is not known", "Many texts keep coming up"))


def test_without_its_series_a_network_forecasts_another_one_that_is_opened(person: Person, tmp_path: Path) -> None:
    data = tmp_path / "tides.csv"
    data.write_text("tide\n" + "".join(f"{np.sin(t / 3):.4f}\n" for t in range(120)), "utf-8")
    run = saved_on(data, architecture="many-to-many")
    data.unlink()
    (other := tmp_path / "other.csv").write_text(
        "month,tide\n" + "".join(f"{2000 + t // 12}-{t % 12 + 1:02d},{np.sin(t / 4):.4f}\n" for t in range(300)),
        "utf-8",
    )
    person.choose_sample("waves")
    person.wait_until(lambda: shown(person, ForecastView).answers() is not None)
    assert person.find(ForecastPlot, "forecast-plot").isVisible()
    open_run(person, run)
    assert not person.find(ForecastPlot, "forecast-plot").isVisible(), "it would be the series of before"
    assert not person.find(QLabel, "forecast-legend").isVisible()
    needed = "You can forecast other series: press “Open…” in Try it."
    assert needed in said(person)
    assert any(needed in label.text() for label in person.find(QWidget, "try-it").findChildren(QLabel))
    assert person.find(QLabel, "forecast-series").text() == "No series yet"

    person.click("forecast-open")
    choose(person, "forecast-open-dialog", other)
    view = shown(person, ForecastView)
    person.wait_until(lambda: view.answers() is not None)
    assert person.find(QLabel, "forecast-series").text() == "other.csv"
    assert not person.find(QLabel, "try-message").isVisible()
    answers, model = view.answers(), engine.open_run(run).snapshot.model()
    assert answers is not None
    assert (answers.rows[0][:2], answers.columns[2]) == ((301, "2025-01"), "tide mean")
    expected = model.forecast(other, steps=len(answers.rows)).mean[:, 0]  # as the command line does it
    assert [row[2] for row in answers.rows] == pytest.approx(expected, rel=1e-4)
    assert person.find(QPushButton, "forecast-back").isHidden()
    assert person.find(ForecastPlot, "forecast-plot").isVisible()

    (short := tmp_path / "short.csv").write_text("tide\n" + "0.1\n0.2\n0.4\n" * 20, "utf-8")
    person.click("forecast-open")
    choose(person, "forecast-open-dialog", short)
    person.wait_until(lambda: person.find(QLabel, "forecast-series").text() == "short.csv")
    known = person.find(QSlider, "forecast-now-slider")
    assert (known.value(), known.maximum()) == (known.maximum(), known.minimum() + 60 - LEAST_KNOWN), (
        "no more than it has"
    )
    assert person.find(QLineEdit, "forecast-now-number").text() == "60"


@pytest.mark.parametrize("midi", [False, True], ids=["ABC notation", "MIDI"])
def test_without_its_data_a_network_still_shows_what_it_writes_as_tunes(
    person: Person, tmp_path: Path, midi: bool
) -> None:
    data, pitches = tmp_path / "tunes", [*permutations("CDEG")]
    if midi:
        data.mkdir()
        for n, four in enumerate(pitches):
            notes = read_notes(" ".join(f"{pitch}4:1/4" for pitch in four))
            (data / f"{n}.mid").write_bytes(midi_bytes(notes))
    else:
        tunes = [f"X:{n}\nM:4/4\nK:{'GD'[n % 2]}\n|:{''.join(four)} d2e2:|" for n, four in enumerate(pitches)]
        data.write_text("\n".join(tunes), "utf-8")
    run = saved_on(data, architecture="one-to-many")
    data.rename(tmp_path / "elsewhere")
    open_run(person, run)
    assert person.find(QWidget, "try-look-tune").isVisible()
    person.wait_until(lambda: bool(person.find(QLabel, "try-tune").text()))
    assert person.find(QWidget, "try-roll").isVisible()


def test_without_its_data_a_test_file_is_said_not_to_be_compared_with_them(person: Person, tmp_path: Path) -> None:
    data = write_names(tmp_path / "names.csv")
    run = saved_on(data)
    held_out = data.rename(tmp_path / "test.csv")
    open_run(person, run)
    person.click("data-test")
    choose(person, "test-dialog", held_out)
    person.wait_until(lambda: said(person).startswith("Test on test.csv (step "))
    assert ". Not compared with the training data, which is not at hand. " in said(person)
    tested = person.session.run.tested
    assert tested is not None
    assert "; not compared with the training data" in tested.in_words
