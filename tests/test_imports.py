"""Rules of the house that the syntax tree of every file shows."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = sorted((ROOT / "engine").rglob("*.py"))
BOTH = [*ENGINE, *sorted((ROOT / "gui").rglob("*.py")), ROOT / "main.py"]
WINDOW_LIBRARIES = {"PySide6", "PyQt6", "PyQt5", "pyqtgraph", "shiboken6", "matplotlib", "tkinter"}
NUMPY_GENERATORS = {"Generator", "default_rng", "SeedSequence"}
OTHER_ENGINES = {"torch", "tensorflow", "jax", "keras", "sklearn", "autograd"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(tree: ast.AST) -> Iterator[str]:
    """Top-level names of all modules imported anywhere below."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def test_there_are_files_to_look_at() -> None:
    assert len(ENGINE) > 30
    assert len(BOTH) > len(ENGINE) + 10


@pytest.mark.parametrize("path", ENGINE, ids=name_of)
def test_the_engine_knows_no_window_and_no_other_engine(path: Path) -> None:
    assert not set(imports(tree_of(path))) & (WINDOW_LIBRARIES | OTHER_ENGINES | {"gui", "tests"})


@pytest.mark.parametrize("path", ENGINE, ids=name_of)
def test_the_engine_prints_nothing(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "input", "breakpoint"), f"line {node.lineno}"
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("stdout", "stderr"), f"line {node.lineno}"


@pytest.mark.parametrize("path", ENGINE, ids=name_of)
def test_the_engine_draws_no_number_from_a_hidden_generator(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):  # the module's own functions share one generator
            assert "random" not in {alias.name for alias in node.names}, f"line {node.lineno}"
        if isinstance(node, ast.ImportFrom) and node.module == "random":
            assert {alias.name for alias in node.names} == {"Random"}, f"line {node.lineno}"
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np.random":
            assert node.attr in NUMPY_GENERATORS, f"line {node.lineno}: np.random.{node.attr}"


@pytest.mark.parametrize("path", BOTH, ids=name_of)
def test_every_file_begins_with_what_it_is_for_and_imports_by_full_name(path: Path) -> None:
    tree = tree_of(path)
    assert ast.get_docstring(tree), "no docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative import"
            assert all(alias.name != "*" for alias in node.names), f"line {node.lineno}: import of everything"


def test_importing_the_engine_loads_no_window() -> None:
    look = "import engine, sys; sys.exit(any(m.split('.')[0] in {'PySide6', 'pyqtgraph', 'gui'} for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
