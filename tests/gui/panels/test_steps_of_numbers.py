"""Where numbers are read, what stands below a cell is the number of its step, which no line quotes as its input."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel

from gui.panels.base.asking_view import NOT_YET_FOUND
from gui.panels.compare.inner_values import memory_curve
from gui.panels.inside.inside_panel import InsidePanel
from gui.panels.memory import MemoryPanel
from gui.panels.unrolled.unrolled_panel import NOTHING
from gui.session.probe import Selection
from gui.unrolled_view.descriptions import tip_of
from gui.unrolled_view.diagram import Diagram
from tests.gui.conftest import Person
from tests.gui.panels.open_views import open_view, settle
from tests.gui.panels.test_play import caption, play
from tests.gui.panels.test_unrolled import panel_of

LEFT_OUT = ("“", "symbol")  # what would quote a number of a step


def test_no_line_quotes_the_number_of_a_step_as_its_input(numbers: Callable[[str], Person]) -> None:
    person = numbers("labelled-series")
    unrolled, inside = panel_of(person), open_view(person, "inside", InsidePanel)
    person.session.probe.select(Selection("", 0, "forward", 2))
    person.wait_until(lambda: unrolled.looked is not None and inside.found is not None)
    settle(person)
    assert unrolled.cell_line.title.text() == "Inside step 3"
    assert inside.subtitle.text().startswith("layer 1, step 3 of ")
    total = person.find(QLabel, "inside-sum").text()
    assert "(input) " in total
    diagram = unrolled.canvas.diagram
    said = [inside.subtitle.text(), total, tip_of(diagram, 2).partition("\n")[0]]
    play(person)
    assert caption(person).startswith("Step 1 of ")
    assert ": the cell reads the values of this step and a state of zeros" in caption(person)
    said.append(caption(person))
    assert [text for text in said if any(part in text for part in LEFT_OUT)] == []


@pytest.mark.parametrize(
    ("kind", "size"), [("series", 0), ("series", 4), ("labelled-series", 4), ("speech", 0), ("pictures", 4)]
)
def test_before_the_first_answer_the_picture_says_how_numbers_enter_as_it_does_afterwards(
    numbers: Callable[[str], Person], kind: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = numbers(kind)
    panel = panel_of(person)
    drawn: list[Diagram] = []
    monkeypatch.setattr(panel.canvas, "show_diagram", lambda diagram, theme: drawn.append(diagram))
    person.session.set_model(embedding_size=size, hidden_size=6)
    person.wait_until(lambda: panel.looked is not None and any(row.layer >= 0 for row in drawn[-1].rows))
    first = drawn[0]
    assert all(row.layer < 0 for row in first.rows), "nothing has been computed"

    def ways(diagram: Diagram) -> dict[str, tuple[tuple[str, ...], tuple[int, ...]]]:
        return {part: (entrance.names, entrance.sizes) for part, entrance in diagram.entrances.items()}

    assert ways(first) == ways(drawn[-1])


def test_the_memory_of_numbers_names_the_step_alone(numbers: Callable[[str], Person]) -> None:
    person = numbers("labelled-series")
    snapshot = person.session.run.snapshot
    assert snapshot is not None
    assert memory_curve(snapshot, person.session.probe.given, None).summary.startswith("most from step ")
    view = open_view(person, "memory", MemoryPanel)
    person.wait_until(lambda: view.found is not None)
    settle(person)
    assert view.bars.bars[0].name == "1"
    assert all(bar.name.isdecimal() for bar in view.bars.bars if not bar.name.startswith("the other"))


def test_a_sum_that_begins_below_zero_begins_with_a_minus_sign_next_to_its_number(person: Person) -> None:
    inside = open_view(person, "inside", InsidePanel)
    begins = set()
    for step in range(4):
        for unit in range(4):
            person.session.probe.select(Selection("", 0, "forward", step))
            person.session.probe.choose_unit(unit)
            person.wait_until(
                lambda step=step, unit=unit: (
                    inside.found is not None  # type: ignore[misc]
                    and (inside.found.selection.step, inside.found.unit) == (step, unit)
                )
            )
            begins.add(person.find(QLabel, "inside-sum").text().partition(": ")[2][:2])
    assert any(begin.startswith("−") for begin in begins)
    assert "− " not in begins


def test_the_line_below_the_network_asks_for_a_text_only_where_there_is_none(person: Person) -> None:
    panel = panel_of(person)
    person.session.run.reset()
    panel.refresh()  # before the new network has answered
    assert panel.looked is None
    assert panel.cell_line.text.text() == NOT_YET_FOUND
    person.wait_until(lambda: panel.looked is not None)
    person.session.set_model(architecture="many-to-one")
    person.session.probe.set("")
    person.wait_until(lambda: panel.cell_line.text.text() == NOTHING)
