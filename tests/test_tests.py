"""Rules for the tests themselves: they wait for what happens and not for time, and look from outside.

A sleep is too long on one machine and too short on another; a limit on time fails under load and says nothing about the
program; a test that reaches into private parts stays green while what a person sees is wrong.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.source_files import ROOT, name_of, nodes_of, offences, tree_of

APART = ("tests/benchmarks/", "tests/results/")  # programs that measure; no tests
TESTS = [path for path in sorted((ROOT / "tests").rglob("*.py")) if not name_of(path).startswith(APART)]
TIMED = {  # and what they have to do with time
    "tests/engine/data/bulk/test_size.py",  # slow: measures large files as a ratio to splitting them
    "tests/engine/runs/test_writing.py",  # kills at random moments; old files
    "tests/gui/panels/test_what_views_offer.py",  # a view is painted within a frame of processor time, the best of five
    "tests/gui/test_random_actions.py",  # slow: finds freezes by processor time
    "tests/gui/training/heard.py",  # how long it waits before it gives up
    "tests/gui/training/test_worker.py",  # the same; kills at random moments
}


EXTRAS = {"dask", "distributed", "onnx", "onnxruntime", "sacrebleu", "seqeval", "sklearn", "statsmodels", "torch"}


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def reaches_in(tree: ast.AST) -> Iterator[str]:
    """Private parts of others, by attribute, import, or as a name for monkeypatch."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Attribute) and private(node.attr):
            if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
                yield f"line {node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.ImportFrom):
            yield from (f"line {node.lineno}: {alias.name}" for alias in node.names if private(alias.name))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr":
            named = [one.value for one in node.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            yield from (f"line {node.lineno}: {name}" for name in named if private(name.rpartition(".")[2]))


def imports_time(tree: ast.AST) -> bool:
    return any(
        (isinstance(node, ast.Import) and any(alias.name == "time" for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "time")
        or (isinstance(node, ast.Attribute) and node.attr in ("qWait", "qSleep"))
        for node in nodes_of(tree)
    )


def needs_extras(tree: ast.Module) -> Iterator[str]:
    """Imports of packages that the extra "test" does not install, at the top of a module that cannot be skipped."""
    plain = [node for node in tree.body if isinstance(node, ast.Expr | ast.Assign)]
    if any("importorskip" in ast.unparse(node) for node in plain):
        return
    for node in tree.body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (f"line {node.lineno}: {name}" for name in names if name.partition(".")[0] in EXTRAS)


def test_tests_of_what_may_be_missing_can_be_skipped() -> None:
    modules = [path for path in TESTS if path.name.startswith("test_")]
    assert offences(modules, lambda path: needs_extras(tree_of(path))) == {}
    assert len(list(needs_extras(ast.parse("import torch\nfrom onnx.helper import make_node")))) == 2
    assert list(needs_extras(ast.parse("torch = pytest.importorskip('torch')\nfrom torch import nn"))) == []


def test_no_test_reaches_into_private_parts() -> None:
    assert offences(TESTS, lambda path: reaches_in(tree_of(path))) == {}


def test_no_test_depends_on_time_but_those_that_say_why() -> None:
    assert {name_of(path) for path in TESTS if imports_time(tree_of(path))} == TIMED


@pytest.mark.parametrize(
    "line",
    ["panel._unit", "view.bars._placed()", "from gui.a import _few", "monkeypatch.setattr('gui.a._FEW', 3)",
     "patch.setattr(module, '_FEW', 3)"],
)  # fmt: skip
def test_reaching_in_is_found_in_every_form(line: str) -> None:
    assert len(list(reaches_in(ast.parse(line)))) == 1


@pytest.mark.parametrize(
    "line", ["self._mine", "module.__name__", "from a import b", "monkeypatch.setattr('gui.a.FEW', 3)"]
)
def test_what_is_ones_own_or_public_is_not(line: str) -> None:
    assert list(reaches_in(ast.parse(line))) == []


@pytest.mark.parametrize("line", ["import time", "import os, time", "from time import sleep", "qtbot.qWait(5)"])
def test_every_way_to_wait_for_time_is_found(line: str) -> None:
    assert imports_time(ast.parse(line))
