"""The tree of a beam search."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF
from pytestqt.qtbot import QtBot

from engine.number_text import fixed
from gui.theme import LIGHT
from gui.widgets.beam_tree import NUMBER_FONT_PX, BeamTree, Branch

STEPS, BEAM = 12, 3


def test_a_long_tree_is_folded_into_lines_that_fit_the_width(qtbot: QtBot) -> None:
    tree = BeamTree(LIGHT, "tree", "Beam tree")
    qtbot.addWidget(tree)
    tree.resize(280, 500)
    tree.show()
    branches = [
        Branch((step - 1) * BEAM if step else -1, step, f"word{step}", -1.5 * step, kept=True, best=not row)
        for step in range(STEPS)
        for row in range(BEAM)
    ]
    tree.show_branches(branches, LIGHT)
    boxes = tree.canvas.boxes
    assert tree.horizontalScrollBar().maximum() == 0
    assert max(box.right() for box in boxes) <= tree.viewport().width()
    firsts = boxes[::BEAM]
    assert all(b.left() > a.right() or b.top() >= a.top() + BEAM * a.height() for a, b in pairwise(firsts))
    for width in range(200, 300):
        tree.resize(width, 500)
        assert tree.horizontalScrollBar().maximum() == 0
    tree.resize(2000, 500)
    assert {box.top() for box in tree.canvas.boxes[::BEAM]} == {boxes[0].top()}


def test_in_a_low_place_a_tree_has_fewer_dropped_branches_and_its_last_row_is_whole(qtbot: QtBot) -> None:
    kept, dropped, steps = 4, 4, 10
    tree = BeamTree(LIGHT, "tree", "Beam tree")
    qtbot.addWidget(tree)
    tree.show()
    each = kept + dropped
    branches = [
        Branch((step - 1) * each if step else -1, step, "7", -1.5 * step, kept=row < kept, best=not row)
        for step in range(steps)
        for row in range(each)
    ]
    tree.show_branches(branches, LIGHT)

    def placed() -> list[int]:
        return [i for i, box in enumerate(tree.canvas.boxes) if not box.isEmpty()]

    tree.resize(280, 700)
    assert len(placed()) == len(branches)
    tree.resize(280, 370)
    assert tree.verticalScrollBar().maximum() == 0
    assert max(tree.canvas.boxes[i].bottom() for i in placed()) <= tree.viewport().height()
    held = {i for i, branch in enumerate(branches) if branch.kept}
    assert held < set(placed())
    assert len(placed()) < len(branches)
    tree.resize(280, 300)
    assert held == set(placed())
    assert tree.verticalScrollBar().maximum() == 0
    tree.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Right):
        qtbot.keyClick(tree.canvas, key)
        assert tree.canvas.current in placed()
    tree.resize(280, 150)  # too low for any choice: all of them, to be scrolled
    assert len(placed()) == len(branches)
    assert tree.verticalScrollBar().maximum() > 0


def test_a_word_of_the_answer_is_bold_and_ends_before_its_number(qtbot: QtBot) -> None:
    tree = BeamTree(LIGHT, "tree", "Beam tree")
    qtbot.addWidget(tree)
    tree.resize(280, 100)
    tree.show()
    word, score = "l'addition,", -6.3
    tree.show_branches([Branch(-1, 0, word, score, kept=True, best=True)], LIGHT)
    bold, small = QFont(tree.canvas.font()), QFont(tree.canvas.font())
    bold.setBold(True)
    small.setPixelSize(NUMBER_FONT_PX)
    needed = QFontMetricsF(bold).horizontalAdvance(word) + QFontMetricsF(small).horizontalAdvance(fixed(score, 1))
    assert tree.canvas.boxes[0].width() >= needed + 8, "4 pixels at each side"
