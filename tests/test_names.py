"""One name, one meaning: a search for a class, the alias of a type or a public function finds one definition."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.source_files import FILES, name_of, tree_of

TEMPLATES = "engine/export/pytorch/templates/"  # an exported folder is a program of its own, with the same words
SAME = {  # defined alike wherever they stand, as a short form of a long name of Qt
    "index": "QModelIndex | QPersistentModelIndex",
    "itemrole": "Qt.ItemDataRole",
    "key": "QKeySequence.StandardKey",
}

INTERFACES = {"serve"}  # functions that each module of a kind provides, and others call alike


def types_defined(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Classes and aliases of types at the top of a file, without leading underscore, with what an alias stands for."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name, ""
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name.lstrip("_")[:1].isupper() and not name.isupper():
                yield name, ast.unparse(node.value)


def places_by_name(trees: dict[str, ast.Module]) -> dict[str, dict[str, str]]:
    """Name → file → what it stands for there, for names of more than one file."""
    places: dict[str, dict[str, str]] = defaultdict(dict)
    for file, tree in trees.items():
        for name, value in types_defined(tree):
            places[name.lstrip("_").lower()][file] = value
    return {name: found for name, found in places.items() if len(found) > 1}


def test_names_taken_twice_would_be_found() -> None:
    one, other = ast.parse("class Range: ...\nFAR = 3\n"), ast.parse("_Range = tuple[float, float]\nFAR = 4\n")
    assert places_by_name({"one": one, "other": other}) == {"range": {"one": "", "other": "tuple[float, float]"}}


def test_no_two_classes_share_a_name() -> None:
    trees = {name_of(path): tree_of(path) for path in FILES if not name_of(path).startswith(TEMPLATES)}
    twice = places_by_name(trees)
    assert {name: sorted(found) for name, found in twice.items() if set(found.values()) != {SAME.get(name)}} == {}


def functions_defined(tree: ast.Module) -> Iterator[str]:
    """Public functions at the top of a file."""
    yield from (node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_")


def test_no_two_public_functions_share_a_name() -> None:
    files: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        file = name_of(path)
        if file.startswith(("engine/", "gui/")) and not file.startswith(TEMPLATES):
            for name in functions_defined(tree_of(path)):
                files[name].append(file)
    assert {name: found for name, found in files.items() if len(found) > 1 and name not in INTERFACES} == {}
    assert all(len(files[name]) > 1 for name in INTERFACES)


@pytest.mark.parametrize("wing", ["engine/", "gui/"])
def test_no_two_files_of_a_wing_share_a_name(wing: str) -> None:
    """Across the wings they may: `gui/panels/memory.py` shows what `engine/inspection/memory.py` computes."""
    folders: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        file = name_of(path)
        if file.startswith(wing) and not file.startswith(TEMPLATES) and path.name != "__init__.py":
            folders[path.name].append(file)
    assert {name: found for name, found in folders.items() if len(found) > 1} == {}
    assert len(folders) > 100
