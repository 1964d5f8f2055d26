"""The window is wired on one page: news of the session reach the screen through one method only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Signal

import gui
from gui.session.current_run import CurrentRun
from gui.session.data import Data
from gui.session.notice import Notices
from gui.session.probe import Probe
from gui.session.run_library.run_list import RunList
from gui.session.session import Session
from gui.session.undo import Undo
from gui.session.weight_recording import WeightRecording

ROOT = Path(gui.__file__).parent
PARTS = {
    "session": Session,
    "data": Data,
    "notices": Notices,
    "probe": Probe,
    "run": CurrentRun,
    "runs": RunList,
    "undo": Undo,
    "weights": WeightRecording,
}
NEWS = {
    (part, name)
    for part, kind in PARTS.items()
    for name, value in vars(kind).items()
    if isinstance(value, Signal) and not name.startswith("_")
}
ONE_PAGE = ("main_window.py", "_connect_signals")
OWN = ROOT / "session"  # the session itself


def connections(tree: ast.AST, where: str = "") -> Iterator[tuple[str, ast.Call]]:
    """Every `signal.connect(…)` with the name of the function it stands in."""
    for node in ast.iter_child_nodes(tree):
        inside = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else where
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect":
            yield inside, node
        yield from connections(node, inside)


def news_in(signal: ast.expr) -> tuple[str, str] | None:
    """The part and the name of a signal of a session: `self._session.run.frame`, `data.changed`; else None."""
    if not isinstance(signal, ast.Attribute):
        return None
    part = signal.value
    name = part.attr if isinstance(part, ast.Attribute) else part.id if isinstance(part, ast.Name) else ""
    found = name.lstrip("_"), signal.attr
    return found if found in NEWS else None


def is_news(call: ast.Call) -> bool:
    """Whether what is connected is a signal of a session or of one of its parts."""
    return isinstance(call.func, ast.Attribute) and news_in(call.func.value) is not None


def test_news_of_the_session_are_connected_in_one_method_of_the_window() -> None:
    found = [
        (path.name, where, ast.unparse(call.func))
        for path in sorted(ROOT.rglob("*.py"))
        if not path.is_relative_to(OWN)
        for where, call in connections(ast.parse(path.read_text(encoding="utf-8")))
        if is_news(call)
    ]
    assert [each for each in found if each[:2] != ONE_PAGE] == []
    assert len(found) >= 5


def test_a_panel_names_the_news_it_watches_and_neither_connects_nor_sends_any_itself() -> None:
    for path in sorted((ROOT / "panels").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        watched = {
            found
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef) and function.name == "watches"
            for node in ast.walk(function)
            if isinstance(node, ast.expr) and (found := news_in(node))
        }
        mentioned = {found for node in ast.walk(tree) if isinstance(node, ast.expr) and (found := news_in(node))}
        assert mentioned <= watched, path.name


def test_the_check_would_see_a_connection_made_elsewhere() -> None:
    stray = "class Panel:\n    def __init__(self):\n        self.session.run.frame.connect(self.refresh)\n"
    ((where, call),) = connections(ast.parse(stray))
    assert where == "__init__"
    assert is_news(call)


def test_a_signal_of_the_same_name_that_belongs_to_somebody_else_is_no_news() -> None:
    assert news_in(ast.parse("self.run_files.changed", mode="eval").body) is None
    assert news_in(ast.parse("self.session.probe.changed", mode="eval").body) == ("probe", "changed")


def test_nobody_but_the_session_replaces_its_state() -> None:
    for path in sorted(ROOT.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert path.is_relative_to(OWN) or list(replaced(tree)) == [], path.name


def test_the_check_would_see_state_that_is_replaced_elsewhere() -> None:
    assert list(replaced(ast.parse("self._session.run.status = 1\nself.session = session"))) == ["self._session.run"]


def replaced(tree: ast.AST) -> Iterator[str]:
    """Whose attributes are set, where that is a session or a part of one: `session.run.status = …`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            owner = ast.unparse(node.value)
            if {"session", "_session"} & set(owner.split(".")):
                yield owner
