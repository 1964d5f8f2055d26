"""Whatever looks like a number in the CSV of a view can be read by a program."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from gui.panels.base.view import View
from gui.panels.gradient import GradientPanel
from tests.gui.conftest import Person
from tests.gui.panels.open_views import VIEWS, open_view, settle, train_a_little
from tests.gui.panels.small_numbers import KINDS
from tests.gui.panels.test_compare import race_small_cells, show

pytestmark = pytest.mark.one_window

# As the window writes them: with a typographic minus, grouped, with a unit, with a short exponent, with words around.
NUMBER = r"[<≈±×]?\s*[-−+]?(?:\d[\d,]*)?\.?\d+(?:e[-−+]?\d+)?\s*(?:%|k|M|G|s|×)?"
LOOKS_LIKE_A_NUMBER = re.compile(rf"{NUMBER}|(?:step|accuracy|mae|exact_match) {NUMBER}(?: · {NUMBER})?")


def rows_of(person: Person, view: View, folder: Path) -> list[list[str]]:
    """The CSV of a view, read back."""
    path = folder / "view.csv"
    view.save(path)
    person.wait_until(lambda: not person.window.jobs.busy)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def unreadable(rows: list[list[str]]) -> set[str]:
    """What looks like a number but is none to a program."""
    return {cell for row in rows for cell in row if LOOKS_LIKE_A_NUMBER.fullmatch(cell) and not is_number(cell)}


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def in_all_views(person: Person, folder: Path) -> Iterator[tuple[str, set[str]]]:
    """Each view with what no program can read in it."""
    for name in VIEWS:
        view = open_view(person, name, View)
        settle(person)
        yield name, unreadable(rows_of(person, view, folder))


def far_from_zero() -> list[np.ndarray]:
    """A series with numbers that are written with grouped thousands, above and below zero."""
    return [2000 * np.sin(np.arange(200) / 5)[:, None]]


def test_what_looks_like_a_number_is_recognised() -> None:
    for text in ("−3", "1,962.2", "2.2e−4", "95.3 %", "<0.01 %", "step 1,200 · 0.1 s", "accuracy 0.95", "125 k"):
        assert unreadable([[text]]) == {text}
    for text in ("-3", "0.5", "2e-05", "unit 3", "layer 1", "names · LSTM 8", "6 × 6 pixels", ""):
        assert not unreadable([[text]])


def test_programs_can_read_the_numbers_of_every_view(person: Person, tmp_path: Path) -> None:
    train_a_little(person, 30)
    assert dict(in_all_views(person, tmp_path)) == {name: set() for name in VIEWS}


@pytest.mark.parametrize("kind", [*KINDS, "far"])
def test_programs_can_read_the_numbers_of_every_view_of_a_network_of_numbers(
    numbers: Callable[..., Person], kind: str, tmp_path: Path
) -> None:
    person = numbers("series", far_from_zero) if kind == "far" else numbers(kind)
    train_a_little(person, 5)
    assert dict(in_all_views(person, tmp_path)) == {name: set() for name in VIEWS}


def test_programs_can_read_the_numbers_of_compared_runs(person: Person, tmp_path: Path) -> None:
    race_small_cells(person)
    view = open_view(person, "compare", View)
    for page in ("curves", "answers", "states", "gradient", "memory"):
        show(person, page)
        assert unreadable(rows_of(person, view, tmp_path)) == set(), page
    show(person, "curves")
    head, *rows = rows_of(person, view, tmp_path)
    runs = person.session.compared.runs()
    assert [int(row[head.index("Steps")]) for row in rows] == [run.step for run in runs]
    assert [float(row[head.index("Best loss")]) for row in rows] == [run.best_loss for run in runs]
    beaten = [name for name in head if name.startswith("Beats ")]
    assert len(beaten) == 6, "step and seconds for each of three baselines"
    for name in ("runs", "gradient", "memory"):
        shown = open_view(person, name, View)
        settle(person)
        assert unreadable(rows_of(person, shown, tmp_path)) == set(), name


def test_the_gradient_is_saved_with_what_each_step_reads_and_its_share_of_that_at_the_last_step(
    person: Person, tmp_path: Path
) -> None:
    person.session.probe.set("sophia")
    view = open_view(person, "gradient", GradientPanel)
    person.wait_until(lambda: view.flow is not None and len(view.bars.values) == 7)
    head, *rows = rows_of(person, view, tmp_path)
    assert head == ["steps back", "input", "gradient", "share of that at the last step"]
    assert [int(row[0]) for row in rows] == [6, 5, 4, 3, 2, 1, 0]
    assert [row[1] for row in rows][1:] == list("sophia")
    sizes = [float(row[2]) for row in rows]
    assert sizes == [value.value for value in view.bars.values]
    assert [float(row[3]) for row in rows] == pytest.approx([size / sizes[-1] for size in sizes])
    assert float(rows[-1][3]) == 1.0
