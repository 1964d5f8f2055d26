"""The tree of a beam search."""

from __future__ import annotations

from itertools import pairwise

from pytestqt.qtbot import QtBot

from gui.theme import LIGHT
from gui.widgets.beam_tree import BeamTree, Branch

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
