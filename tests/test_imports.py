"""Rules of the house that the syntax tree of every file shows."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source_files import ROOT, name_of, nodes_of, offences, tree_of

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
        ("types", "errors", "name_list", "number_text", "interruption"),
        ("cells", "options"),
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
        ("theme", "training", "headless", "stop_signals", "imports"),
        ("style_sheet",),
        ("session", "widgets"),
        ("unrolled_view",),
        ("plots", "saving"),
        ("panels",),
        ("docking",),
        ("default_layout",),
        ("window_columns", "window_scale"),
        ("main_window",),
        ("app",),
    ),
}


def imports(tree: ast.AST) -> Iterator[str]:
    """Top-level names of all modules imported anywhere below."""
    for node in nodes_of(tree):
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
    for node in nodes_of(tree):
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


def test_the_engine_knows_no_window_and_no_other_engine() -> None:
    strangers = WINDOW_LIBRARIES | OTHER_ENGINES | {"gui", "tests"}
    assert offences(RUNNING, lambda path: set(imports(tree_of(path))) & strangers) == {}


def test_templates_of_exports_and_the_engine_know_nothing_of_each_other() -> None:
    package = "engine.export.pytorch.templates"
    for path in ENGINE:
        for node in nodes_of(tree_of(path)):
            if isinstance(node, ast.ImportFrom) and path in TEMPLATES:
                module = node.module or ""
                assert module.partition(".")[0] != "engine" or module.startswith(package), f"{path}: line {node.lineno}"
            elif isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith(package), f"{path}: line {node.lineno}"


def printing(path: Path) -> Iterator[str]:
    """Every way to the terminal."""
    for node in nodes_of(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("print", "input", "breakpoint"):
                yield f"line {node.lineno}: {node.func.id}"
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.stdout", "sys.stderr"):
            yield f"line {node.lineno}: {node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module == "sys":
            yield from (f"line {node.lineno}: {alias.name}" for alias in node.names if alias.name.startswith("std"))


def hidden_generators(path: Path) -> Iterator[str]:
    """Every use of a generator that others share."""
    for node in nodes_of(tree_of(path)):
        if isinstance(node, ast.Import):  # the module's own functions share one generator
            yield from (f"line {node.lineno}" for alias in node.names if alias.name == "random")
        elif isinstance(node, ast.ImportFrom) and node.module == "random":
            yield from (f"line {node.lineno}: {alias.name}" for alias in node.names if alias.name != "Random")
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np.random":
            yield from (f"line {node.lineno}: {name}" for name in {node.attr} - NUMPY_GENERATORS)


def careless_beginnings(path: Path) -> Iterator[str]:
    """No docstring, imports by another name than the full one, imports of everything."""
    tree = tree_of(path)
    if not ast.get_docstring(tree):
        yield "no docstring"
    for node in nodes_of(tree):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                yield f"line {node.lineno}: relative import"
            if any(alias.name == "*" for alias in node.names):
                yield f"line {node.lineno}: import of everything"


def single_shots(path: Path) -> Iterator[str]:
    """Every `QTimer.singleShot` after some time. PySide gives it a timer whose Python half was sometimes freed before
    the timer itself, which crashes; a timer with a parent has none of this."""
    for node in nodes_of(tree_of(path)):
        match node:
            case ast.Call(func=ast.Attribute(attr="singleShot"), args=[ast.Constant(value=0), *_]):
                pass
            case ast.Call(func=ast.Attribute(attr="singleShot")):
                yield f"line {node.lineno}"


def test_what_the_rules_look_for_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(
        "from . import a\nfrom b import *\nimport random, sys\nfrom random import random\n"
        "np.random.rand()\nprint(1)\nsys.stdout.write('')\nQTimer.singleShot(1, f)\nQTimer.singleShot(0, f)\n"
    )
    assert len(list(printing(path))) == 2
    assert len(list(hidden_generators(path))) == 3
    assert len(list(careless_beginnings(path))) == 3
    assert list(single_shots(path)) == ["line 8"]


def test_the_engine_prints_nothing() -> None:
    assert offences(RUNNING, printing) == {}


def test_the_engine_draws_no_number_from_a_hidden_generator() -> None:
    assert offences(ENGINE, hidden_generators) == {}


def test_every_file_begins_with_what_it_is_for_and_imports_by_full_name() -> None:
    assert offences(BOTH, careless_beginnings) == {}


@pytest.mark.parametrize("wing", FLOORS)
def test_every_room_stands_on_a_floor(wing: str) -> None:
    entries = (path for path in (ROOT / wing).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists())
    assert {"" if path.stem == "__init__" else path.stem for path in entries} == rooms_of(wing).keys()


def test_a_room_imports_only_rooms_below_it() -> None:
    assert {line for path in ENGINE + WINDOW for line in upward_imports(path)} == set()


def test_only_the_plots_know_pyqtgraph() -> None:
    others = [path for path in WINDOW if not path.is_relative_to(ROOT / "gui" / "plots")]
    assert offences(others, lambda path: {"pyqtgraph"} & set(imports(tree_of(path)))) == {}


def test_what_happens_later_has_a_timer_of_its_own() -> None:
    assert offences(WINDOW, single_shots) == {}


def test_importing_the_engine_loads_no_window() -> None:
    look = "import engine, sys; sys.exit(any(m.split('.')[0] in {'PySide6', 'pyqtgraph', 'gui'} for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
