"""The list of errors: the engine's worst examples, sorted as one likes, each a click away from all views."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit

from engine.inspection.mistakes import mistakes
from gui.panels.mistakes import MistakesPanel
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from tests.gui.conftest import Person
from tests.gui.panels.open_views import dataset_of, model_of, open_view, settle, train_a_little


def opened(person: Person) -> MistakesPanel:
    panel = open_view(person, "mistakes", MistakesPanel)
    person.wait_until(lambda: panel.rows.rowCount() > 0)
    settle(person)
    return panel


def column(panel: MistakesPanel, number: int) -> list[str]:
    return [panel.rows.cell(row, number) for row in range(panel.rows.rowCount())]


def test_the_rows_are_the_engines_worst_examples(person: Person) -> None:
    train_a_little(person, 5)
    panel = opened(person)
    examples = dataset_of(person).validation
    worst = mistakes(model_of(person), examples, panel.rows.rowCount())
    assert column(panel, 2) == ["".join(each.example.source) for each in worst]
    assert column(panel, 3) == [each.example.target[0] for each in worst]
    assert [float(text) for text in column(panel, 0)] == pytest.approx([each.loss for each in worst], abs=0.006)


def test_a_click_on_a_heading_sorts_by_number_not_by_letter(person: Person) -> None:
    train_a_little(person, 60)
    panel = opened(person)
    header = panel.list.header()

    def shares() -> list[int]:
        return [int(text.removesuffix("\u202f%")) for text in column(panel, 1)]

    def click_heading() -> None:
        place = QPoint(header.sectionViewportPosition(1) + 8, header.height() // 2)
        person.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert len(set(shares())) > 3, "there is something to sort"
    assert shares() not in (sorted(shares()), sorted(shares(), reverse=True)), "the worst losses come first"
    click_heading()
    first = shares()
    click_heading()
    assert {tuple(first), tuple(shares())} == {tuple(sorted(first)), tuple(sorted(first, reverse=True))}
    once_more = shares()
    panel.draw()  # newer weights
    assert shares() == once_more


def test_a_click_on_a_row_makes_it_the_text_of_all_views(person: Person) -> None:
    panel = opened(person)
    index = panel.rows.index(2, 2)
    person.qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=panel.list.visualRect(index).center())
    text, label = panel.rows.cell(2, 2), panel.rows.cell(2, 3)
    assert person.session.probe.text == text
    assert person.session.probe.label == label
    unrolled = person.window.panels["unrolled"]
    assert isinstance(unrolled, UnrolledPanel)
    person.wait_until(lambda: unrolled.looked is not None and "".join(unrolled.looked.tokens) == text)
    assert person.find(QLineEdit, "probe").text() == text


def test_running_text_has_no_list_and_says_so(person: Person) -> None:
    person.choose_sample("prose")
    panel = open_view(person, "mistakes", MistakesPanel)
    person.wait_until(panel.hint.isVisible)
    assert "Running text is a single example" in panel.hint.text()


def test_the_heading_that_sorts_has_an_arrow_that_points_to_where_the_numbers_fall(person: Person) -> None:
    panel = opened(person)
    header = panel.list.header()

    def heading(section: int) -> str:
        return str(panel.rows.headerData(section, Qt.Orientation.Horizontal))

    assert (heading(0), heading(1)) == ("loss ▾", "right")
    assert not header.isSortIndicatorShown()
    panel.list.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert (heading(0), heading(1)) == ("loss", "right ▴")


@pytest.mark.parametrize(("sample", "name"), [("names", "label"), ("order", "truth")])
def test_a_label_that_a_name_is_written_from_is_not_called_its_truth(person: Person, sample: str, name: str) -> None:
    person.choose_sample(sample)
    panel = opened(person)
    assert panel.rows.headerData(3, Qt.Orientation.Horizontal) == name
    assert panel.table().columns[-1] == name
