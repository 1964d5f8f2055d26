"""Joins a template and the shared templates that it imports into one `model.py`, which needs no other file of ours."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

_TEMPLATES = Path(__file__).parent / "templates"
_PACKAGE = "engine.export.pytorch.templates"
_LIBRARIES = ("safetensors", "torch")  # imported after those of Python itself


def script(name: str) -> str:
    """The source of a program: that of a verb, or train."""
    return (_TEMPLATES / "scripts" / f"{name}.py").read_text(encoding="utf-8")


def assembled(name: str) -> str:
    """The source of a template, preceded by the templates that it imports."""
    names = list(dict.fromkeys(_needed(name)))
    sources = [(_TEMPLATES / f"{each}.py").read_text(encoding="utf-8") for each in names]
    trees = [ast.parse(source) for source in sources]
    head = f'"""{ast.get_docstring(trees[-1], clean=False)}"""\n\n{_imports(trees)}'
    bodies = [_body(source, tree) for source, tree in zip(sources, trees, strict=True)]
    below = "\n\n\n" if bodies[0].startswith(("class ", "def ", "@")) else "\n\n"  # as formatters want it
    return head + below + "\n\n\n".join(bodies) + "\n"


def _needed(name: str) -> Iterator[str]:
    """Names of templates, each after those that it imports, itself last."""
    tree = ast.parse((_TEMPLATES / f"{name}.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(_PACKAGE):
            yield from _needed(node.module.rpartition(".")[2])
    yield name


def _imports(trees: list[ast.Module]) -> str:
    """All imports once, in the usual order."""
    plain: set[str] = set()
    named: dict[str, set[str]] = {}
    for node in (node for tree in trees for node in tree.body):
        if isinstance(node, ast.Import):
            plain |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith(_PACKAGE):
            named.setdefault(node.module, set()).update(alias.name for alias in node.names)
    future = named.pop("__future__")
    sections = [f"from __future__ import {', '.join(sorted(future))}"]
    for ours in (False, True):
        lines = [f"import {module}" for module in sorted(plain) if (_library(module) in _LIBRARIES) == ours]
        lines += [
            f"from {module} import {', '.join(sorted(names, key=_constants_first))}"
            for module, names in sorted(named.items())
            if (_library(module) in _LIBRARIES) == ours
        ]
        sections.append("\n".join(lines))
    return "\n\n".join(sections)


def _library(module: str) -> str:
    return module.partition(".")[0]


def _constants_first(name: str) -> tuple[int, str]:
    """The order in which ruff sorts names: constants, classes, functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def _body(source: str, tree: ast.Module) -> str:
    """What comes after the imports."""
    last = max(node.end_lineno or 0 for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)))
    return "\n".join(source.splitlines()[last:]).strip("\n")
