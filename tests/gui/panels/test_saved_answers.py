"""What is copied and saved from the answers: every column, and never the answers of earlier data."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

import engine
from gui.panels.try_it.generate import GenerateView
from tests.gui.conftest import Person
from tests.gui.panels.opening import WORDS, open_file, put, table
from tests.gui.panels.trying import choose_path, notices, panel, shown, train_and_stop

pytestmark = pytest.mark.one_window


def saved_rows(person: Person, path: Path) -> list[dict[str, str]]:
    """The answers as a table."""
    posted = notices(person)
    person.click("try-save")
    choose_path(person, "try-save-dialog", path)
    assert any(path.name in text for text in posted)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_saved_texts_have_their_label_their_origin_and_how_probable_they_are(person: Person, tmp_path: Path) -> None:
    train_and_stop(person, 150)
    dataset, snapshot, view = person.session.data.dataset, person.session.run.snapshot, shown(person, GenerateView)
    assert dataset is not None
    assert snapshot is not None
    train, validation = ({"".join(e.source) for e in part} for part in (dataset.train, dataset.validation))
    model = snapshot.model()
    person.type("temperature-number", "0.5")
    for label in ("male", "female"):
        person.click(f"try-label-{label}")
        person.wait_until(lambda: not person.session.busy)
        assert view.results.count() == 10
        rows = saved_rows(person, tmp_path / f"{label}.csv")
        assert len(rows) == 10
        for row, result in zip(rows, view.results.results, strict=True):
            assert row["text"] == result.text
            assert row["label"] == label
            assert float(row["temperature"]) == 0.5
            wanted = "in training" if row["text"] in train else "in validation" if row["text"] in validation else "new"
            assert row["origin"] == wanted
            nats, _ = model.loss([engine.Example(tuple(row["text"]), (label,))])
            assert float(row["log_probability"]) == pytest.approx(-nats, abs=1e-4)


@pytest.mark.parametrize(
    ("sample", "other", "architecture"),
    [
        ("names", "alphabet", "one-to-many"),
        ("reviews", "order", "many-to-one"),
        ("entities", "part-of-speech", "many-to-many"),
        ("dates", "reversal", "encoder-decoder"),
        ("alphabet", "the same, split otherwise", "one-to-one"),
    ],
)
def test_answers_about_earlier_data_are_no_longer_offered_for_copying(
    person: Person, sample: str, other: str, architecture: str
) -> None:
    person.click(f"architecture-{architecture}")
    person.wait_ready()
    view = panel(person).view
    assert view is not None
    person.wait_until(lambda: view.answers() is not None and not person.session.busy)
    QGuiApplication.clipboard().setText("as it was")
    posted = notices(person)
    asked: list[engine.Snapshot | None] = []

    def copy_at_once() -> None:
        """A person who is quick: the new network has begun, and has not answered yet."""
        asked.append(person.session.run.snapshot)
        person.click("try-copy")

    def copy_soon() -> None:
        """A click comes when the window has taken in what changed."""
        if not asked:
            QTimer.singleShot(0, copy_at_once)

    person.session.run.model_changed.connect(copy_soon)
    if other in engine.SAMPLES:
        person.choose_sample(other)
    else:
        person.session.data.change(seed=3)
        person.wait_until(lambda: bool(asked))
        person.wait_ready()
    assert asked == [None]
    assert panel(person).view is view, "both data are used in the same way"
    assert "There is no answer to copy yet." in posted
    assert QGuiApplication.clipboard().text() == "as it was"
    person.wait_until(lambda: view.answers() is not None)
    found = view.answers()
    assert found is not None
    assert all(math.isfinite(cell) for row in found.rows for cell in row if isinstance(cell, float))


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_answers_stand_beside_their_own_text_while_those_to_the_next_are_awaited(
    empty_person: Person, tmp_path: Path, delimiter: str
) -> None:
    person = empty_person
    pairs = "\n".join(f"{word}{delimiter}{word[::-1]}" for word in WORDS)
    open_file(person, put(tmp_path / "data.csv", table() if delimiter == "," else pairs))
    view = panel(person).view
    assert view is not None
    person.session.probe.set("anna")
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == "anna")
    before = view.answers()
    person.session.probe.set("bella")
    view.follow()
    assert view.answers() == before
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == "bella")
    assert before is not None
    assert view.answers() != before


def test_texts_are_saved_with_the_temperature_they_were_drawn_at(person: Person) -> None:
    view = shown(person, GenerateView)
    person.wait_until(lambda: view.answers() is not None and not person.session.busy)
    before = view.answers()
    person.type("temperature-number", "0.31")
    assert view.answers() == before
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][-1] == 0.31)
    assert "0.31" in view.sampled_title.text()
