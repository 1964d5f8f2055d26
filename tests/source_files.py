"""The program's own source files, for the tests that read them instead of running them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = sorted(path for wing in ("engine", "gui") for path in (ROOT / wing).rglob("*.py"))


def name_of(path: Path) -> str:
    """A file as it is named from the project's root: `engine/config.py`."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def nodes_of(tree: ast.AST) -> tuple[ast.AST, ...]:
    """All nodes of a tree, collected once for all rules."""
    return tuple(ast.walk(tree))


def strings_among(names: Collection[str], tree: ast.AST) -> Iterator[str]:
    """Every string that is exactly one of these names, whatever is done with it, with its line."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names:
            yield f"line {node.lineno}: {node.value}"


def offences(paths: Iterable[Path], found: Callable[[Path], Iterable[str]]) -> dict[str, list[str]]:
    """What a rule finds in each file in which it finds anything: one test reads all files, a thousand tests take a
    minute."""
    named = {name_of(path): list(found(path)) for path in paths}
    return {name: lines for name, lines in named.items() if lines}
