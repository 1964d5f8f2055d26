"""Nothing outside a cell's own class and its registry line decides by its name, its class, or how many gates it has."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from engine.cells import CELLS
from tests.source_files import FILES, ROOT, name_of, nodes_of, offences, strings_among, tree_of

# The registry itself, the default of the setting, and settings that propose a cell for some data.
MAY_NAME = {
    "engine/cells/__init__.py",
    "engine/config.py",
    "engine/training/proposals.py",
    "engine/data/samples/__init__.py",
    "engine/data/samples/of_numbers.py",
}
CLASSES = {cell.__name__ for cell in CELLS.values()}
COUNTED = {"gates", "states", "inner_gates"}


def classes_used(tree: ast.AST) -> Iterator[str]:
    """Every use of a cell's class by name, and every import of one."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Name) and node.id in CLASSES:
            yield f"line {node.lineno}: {node.id}"
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("engine.cells"):
            yield from (f"line {node.lineno}: {alias.name}" for alias in node.names if alias.name in CLASSES)


def counts_compared(tree: ast.AST) -> Iterator[str]:
    """Every comparison of how many gates or states a cell has."""
    for node in nodes_of(tree):
        if not isinstance(node, ast.Compare):
            continue
        for side in (node.left, *node.comparators):
            counted = isinstance(side, ast.Call) and isinstance(side.func, ast.Name) and side.func.id == "len"
            parts = {inner.attr for inner in ast.walk(side) if isinstance(inner, ast.Attribute)} if counted else set()
            of_cell = any(isinstance(inner, ast.Attribute) and inner.attr == "cell" for inner in ast.walk(side))
            of_cell |= any(isinstance(inner, ast.Name) and inner.id == "cell" for inner in ast.walk(side))
            if of_cell and parts & COUNTED:
                yield f"line {node.lineno}: {ast.unparse(node)}"


def test_what_is_looked_for_would_be_found() -> None:
    registry = tree_of(ROOT / "engine/cells/__init__.py")
    assert len(set(strings_among(CELLS, registry))) == len(CELLS) > 4
    decisions = (
        'if config.cell == "lstm": ...',
        'if cell in ("gru", "mgu"): ...',
        'match cell:\n    case "rnn": ...',
        'TITLES = {"irnn": "IRNN"}',
    )
    for decision in decisions:
        assert list(strings_among(CELLS, ast.parse(decision)))
    assert list(classes_used(ast.parse("isinstance(layer.cell, LSTM)")))
    assert list(counts_compared(ast.parse("gated = len(layer.cell.gates) > 1")))


def test_no_file_decides_by_the_name_of_a_cell() -> None:
    paths = [path for path in FILES if name_of(path) not in MAY_NAME]
    assert offences(paths, lambda path: strings_among(CELLS, tree_of(path))) == {}


def test_no_file_decides_by_the_class_of_a_cell() -> None:
    paths = [path for path in FILES if not name_of(path).startswith("engine/cells/")]
    assert offences(paths, lambda path: classes_used(tree_of(path))) == {}


def test_no_file_decides_by_how_many_gates_a_cell_has() -> None:
    assert offences(FILES, lambda path: counts_compared(tree_of(path))) == {}
