"""The window is wired on one page: news of the session reach the screen through one method only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Signal

import gui
from gui.session.session import Session

ROOT = Path(gui.__file__).parent
NEWS = {name for kind in Session.__mro__ for name, value in vars(kind).items() if isinstance(value, Signal)}
ONE_PAGE = ("main_window.py", "_connect_signals")
OWN = "session.py"  # the session itself


def connections(tree: ast.AST, where: str = "") -> Iterator[tuple[str, ast.Call]]:
    """Every `signal.connect(…)` with the name of the function it stands in."""
    for node in ast.iter_child_nodes(tree):
        inside = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else where
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect":
            yield inside, node
        yield from connections(node, inside)


def is_news(call: ast.Call) -> bool:
    """Whether what is connected is a signal of a session: `session.notice`, `self._session.frame`, `one.session.x`."""
    signal = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(signal, ast.Attribute) or signal.attr not in NEWS:
        return False
    owner = signal.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return name.lstrip("_") == "session"


def test_news_of_the_session_are_connected_in_one_method_of_the_window() -> None:
    found = [
        (path.name, where, ast.unparse(call.func))
        for path in sorted(ROOT.rglob("*.py"))
        for where, call in connections(ast.parse(path.read_text(encoding="utf-8")))
        if is_news(call)
    ]
    assert [each for each in found if each[:2] != ONE_PAGE and each[0] != OWN] == []
    assert len([each for each in found if each[:2] == ONE_PAGE]) >= 5


def test_a_panel_names_the_news_it_watches_and_connects_none_of_them_itself() -> None:
    for path in sorted((ROOT / "panels").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        watched = {
            node.attr
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef) and function.name == "watches"
            for node in ast.walk(function)
            if isinstance(node, ast.Attribute) and node.attr in NEWS
        }
        mentioned = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in NEWS}
        emitted = {
            node.func.value.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "emit"
            and isinstance(node.func.value, ast.Attribute)
        }
        assert mentioned <= watched | emitted, path.name


def test_the_check_would_see_a_connection_made_elsewhere() -> None:
    stray = "class Panel:\n    def __init__(self):\n        self.session.frame.connect(self.refresh)\n"
    ((where, call),) = connections(ast.parse(stray))
    assert where == "__init__"
    assert is_news(call)
