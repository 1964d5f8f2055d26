"""A cell that is only registered is chosen, trained and shown by the window, which knows nothing of it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from engine.cells import CELLS
from gui.panels.gates import GatesPanel
from gui.panels.inside.inside_panel import InsidePanel
from gui.session.probe import Selection
from gui.widgets.fields import Choice
from tests.engine.cells.throw_away_cell import Locker
from tests.gui.conftest import Person
from tests.gui.panels.open_views import open_view, settle

ROOT = Path(__file__).parents[3]
NAME = "locker"
REGISTER = f"""
from engine.cells import CELLS
from tests.engine.cells.throw_away_cell import Locker

CELLS["{NAME}"] = Locker
"""


@pytest.fixture
def registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The cell, registered in the process that trains as well: every Python imports this module."""
    monkeypatch.setitem(CELLS, NAME, Locker)
    (tmp_path / "sitecustomize.py").write_text(REGISTER, "utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path), str(ROOT))))
    return NAME


def test_a_cell_that_is_only_registered_is_chosen_trained_and_looked_into(registered: str, person: Person) -> None:
    box = person.find(Choice, "cell")
    at = box.findData(registered)
    assert box.itemText(at) == "Locker"
    explained = box.itemData(at, Qt.ItemDataRole.ToolTipRole).replace("\u00a0", " ")
    assert "mₜ = k ⊙ mₜ₋₁ + (1 − k) ⊙ n" in explained
    assert "k = σ(W<sub>k</sub> xₜ" in explained
    person.choose("cell", registered)
    person.wait_ready()
    assert box.toolTip().partition(">")[2].startswith(Locker.summary)
    assert person.find(QLabel, "cell-equation").text().startswith("mₜ = k ⊙")
    person.press(Qt.Key.Key_Space)
    person.wait_steps(10)
    person.press(Qt.Key.Key_Space)

    gates = open_view(person, "gates", GatesPanel)
    person.wait_until(lambda: len(gates.cells) > 2 and gates.cells[2].isVisible() and gates.cells[2].gate == "door")
    titles = [cell.title.text() for cell in gates.cells if cell.isVisible()]
    assert titles == ["keep gate: what is kept", "candidate: new content", "door gate: what is shown"]

    inside = open_view(person, "inside", InsidePanel)
    person.session.probe.select(Selection("", 0, "forward", 2))
    person.wait_until(lambda: inside.found is not None and inside.found.selection.step == 2)
    settle(person)
    assert {"keep gate", "candidate", "door gate"} <= {
        said.rpartition(" ")[0] for said in inside.diagram.accessibleDescription().split(", ")
    }
    person.click("inside-form-vectors")
    headings = [group.heading for group in inside.strips.groups]
    assert "m_3 = k ⊙ m_2 + (1 − k) ⊙ n" in headings
    strips = [strip.name for group in inside.strips.groups for strip in group.strips]
    assert {"m₂  before", "keep sum", "keep gate", "candidate", "door gate", "m", "h", "∂ m before"} <= set(strips)

    line = person.find(QLabel, "inside-text")
    number = r"(?:\d+\.\d\d|\(−\d+\.\d\d\))"
    written = rf"m₃ = k ⊙ m₂ \+ \(1 − k\) ⊙ n = {number}·{number} \+ \(1 − {number}\)·{number} [=≈] −?\d+\.\d\d"
    person.wait_until(lambda: re.match(written, line.text().replace("\u00a0", " ")) is not None)
    assert "h₃ = d ⊙ m₃" in line.text().replace("\u00a0", " ")
