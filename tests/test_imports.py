"""Rules of the house that the syntax tree of every file shows."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source_files import ROOT, name_of, tree_of

ENGINE = sorted((ROOT / "engine").rglob("*.py"))
# What exported folders are made of. Nothing else in the engine imports it, and PyTorch may be used there alone.
TEMPLATES = sorted((ROOT / "engine" / "export" / "pytorch" / "templates").rglob("*.py"))
RUNNING = [path for path in ENGINE if path not in TEMPLATES]
WINDOW = sorted((ROOT / "gui").rglob("*.py"))
BOTH = [*ENGINE, *WINDOW, ROOT / "main.py"]
WINDOW_LIBRARIES = {"PySide6", "PyQt6", "PyQt5", "pyqtgraph", "shiboken6", "matplotlib", "tkinter"}
NUMPY_GENERATORS = {"Generator", "default_rng", "SeedSequence"}
OTHER_ENGINES = {"torch", "tensorflow", "jax", "keras", "sklearn", "autograd"}

# From the ground up; a room imports only rooms of lower floors. "" is the package's own `__init__`.
FLOORS = {
    "engine": (
        ("types", "errors"),
        ("cells",),
        ("config",),
        ("data",),
        ("network",),
        ("models",),
        ("inspection", "processes"),
        ("training",),
        ("runs",),
        ("export",),
        ("sweeps",),
        ("",),
    ),
    "gui": (
        ("",),
        ("theme", "training", "headless", "stop_signals"),
        ("session", "widgets"),
        ("unrolled_view",),
        ("plots", "runs"),
        ("panels",),
        ("docking",),
        ("default_layout",),
        ("main_window",),
        ("app",),
    ),
}


def imports(tree: ast.AST) -> Iterator[str]:
    """Top-level names of all modules imported anywhere below."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def rooms_of(wing: str) -> dict[str, int]:
    """Each room of a wing → its floor, 0 for the ground."""
    return {room: floor for floor, rooms in enumerate(FLOORS[wing]) for room in rooms}


def room_of(module: str) -> str:
    """The part of a module's name that says which room it is in; "" for the package itself."""
    return module.partition(".")[2].partition(".")[0]


def rooms_used(tree: ast.AST, wing: str) -> Iterator[str]:
    """Rooms of one wing that a file imports, whether at run time or for its type hints only."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == wing:
            known = rooms_of(wing)  # `from engine import errors` names a room, `from engine import Model` the face
            modules = [f"{wing}.{alias.name}" if alias.name in known else wing for alias in node.names]
        else:
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (room_of(module) for module in modules if module.partition(".")[0] == wing)


def upward_imports(path: Path) -> set[tuple[str, str]]:
    """What a file imports from its own floor or above, its own room aside."""
    wing, *inside = path.relative_to(ROOT).with_suffix("").parts
    room = "" if inside[0] == "__init__" else inside[0]
    floors = rooms_of(wing)
    return {
        (name_of(path), f"{wing}.{other}".rstrip("."))
        for other in rooms_used(tree_of(path), wing)
        if other != room and floors[other] >= floors[room]
    }


def test_there_are_files_to_look_at() -> None:
    assert len(ENGINE) > 30
    assert len(BOTH) > len(ENGINE) + 10


@pytest.mark.parametrize("path", RUNNING, ids=name_of)
def test_the_engine_knows_no_window_and_no_other_engine(path: Path) -> None:
    assert not set(imports(tree_of(path))) & (WINDOW_LIBRARIES | OTHER_ENGINES | {"gui", "tests"})


def test_templates_of_exports_and_the_engine_know_nothing_of_each_other() -> None:
    package = "engine.export.pytorch.templates"
    for path in ENGINE:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom) and path in TEMPLATES:
                module = node.module or ""
                assert module.partition(".")[0] != "engine" or module.startswith(package), f"{path}: line {node.lineno}"
            elif isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith(package), f"{path}: line {node.lineno}"


@pytest.mark.parametrize("path", RUNNING, ids=name_of)
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


@pytest.mark.parametrize("wing", FLOORS)
def test_every_room_stands_on_a_floor(wing: str) -> None:
    entries = (path for path in (ROOT / wing).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists())
    assert {"" if path.stem == "__init__" else path.stem for path in entries} == rooms_of(wing).keys()


@pytest.mark.parametrize("path", ENGINE + WINDOW, ids=name_of)
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    assert upward_imports(path) == set()


@pytest.mark.parametrize("path", WINDOW, ids=name_of)
def test_only_the_plots_know_pyqtgraph(path: Path) -> None:
    assert "pyqtgraph" not in imports(tree_of(path)) or path.is_relative_to(ROOT / "gui" / "plots")


def test_importing_the_engine_loads_no_window() -> None:
    look = "import engine, sys; sys.exit(any(m.split('.')[0] in {'PySide6', 'pyqtgraph', 'gui'} for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
