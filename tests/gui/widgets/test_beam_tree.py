"""The tree of a beam search."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QStackedWidget
from pytestqt.qtbot import QtBot

from engine.number_text import fixed
from gui.theme import LIGHT
from gui.widgets.beam_arrangement import Branch
from gui.widgets.beam_tree import NUMBER_FONT_PX, BeamTree

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


def searched(rng: np.random.Generator, steps: int) -> list[Branch]:
    """What a network in training may find: other words and scores each time, and fewer branches in some steps."""
    words = ("je", "à", "bibliothèque", "restaurant", "gare", "vais")
    branches: list[Branch] = []
    for step in range(steps):
        parent = len(branches) - 1
        kept, dropped = (4, 4) if step == 0 else (int(rng.integers(2, 5)), int(rng.integers(1, 5)))
        for row in range(kept + dropped):
            score = -float(rng.uniform(0, 15))
            branches.append(Branch(parent, step, str(rng.choice(words)), score, kept=row < kept, best=not row))
    return branches


@pytest.mark.parametrize("height", [240, 330, 420])
def test_the_tree_of_a_network_in_training_keeps_its_arrangement(qtbot: QtBot, height: int) -> None:
    place = QStackedWidget()
    tree = BeamTree(LIGHT, "tree", "Beam tree")
    place.addWidget(tree)
    qtbot.addWidget(place)
    place.resize(300, height)
    place.show()
    rng, columns, tops, counts = np.random.default_rng(0), [], [], []
    for _ in range(60):
        branches = searched(rng, steps=int(rng.integers(5, 8)))
        tree.show_branches(branches, LIGHT, "i am going to the station")
        firsts = [next(i for i, b in enumerate(branches) if b.step == step) for step in range(branches[-1].step + 1)]
        lines = [tree.canvas.boxes[i].top() for i in firsts]
        tops.append(lines[-1] - lines[0] if lines.count(lines[0]) == len(lines) else sorted(set(lines))[1])
        columns.append(lines.count(lines[0]))
        counts.append(
            sum(not box.isEmpty() and b.step == 0 for box, b in zip(tree.canvas.boxes, branches, strict=True))
        )
    assert columns == sorted(columns, reverse=True), "they only become wider"
    assert counts == sorted(counts, reverse=True), "they only become fewer"
    changes = [k for k, (a, b) in enumerate(pairwise(zip(tops, columns, counts, strict=True))) if a != b]
    assert len(changes) <= 4
    assert all(k < 30 for k in changes), "a word that one is about to click stays where it is"
    branches = searched(np.random.default_rng(1), steps=2)
    tree.show_branches(branches, LIGHT, "another text")
    assert not any(box.isEmpty() for box in tree.canvas.boxes), "all have room again"
