"""Nothing outside an architecture's own class and its registry line decides by its name or its class."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import engine.models
from engine.data.codec import Kind
from engine.models import MODELS, Model
from tests.source_files import FILES, ROOT, name_of, nodes_of, offences, strings_among, tree_of

# The registry itself, the default of the setting, and settings that propose an architecture for some data.
MAY_NAME = {
    "engine/models/__init__.py",
    "engine/config.py",
    "engine/training/proposals.py",
    "engine/data/samples/__init__.py",
    "engine/data/samples/of_numbers.py",
}
# The enum itself, and the words that a person chooses a kind of data by.
MAY_NAME_KINDS = {"engine/data/codec.py", "engine/data/data_config.py"}
CLASSES = {
    name
    for name, value in vars(engine.models).items()
    if isinstance(value, type) and issubclass(value, Model) and value is not Model
}


def classes_asked_for(tree: ast.AST) -> Iterator[str]:
    """Every isinstance, issubclass, `case` or comparison by class that names the class of an architecture."""
    for node in nodes_of(tree):
        asked: list[ast.AST] = []
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("isinstance", "issubclass")
        ):
            asked = [*node.args[1:]]
        elif isinstance(node, ast.MatchClass):
            asked = [node.cls]
        elif isinstance(node, ast.Compare):
            asked = [node.left, *node.comparators]
        elif isinstance(node, ast.Dict):
            asked = [key for key in node.keys if key is not None]
        names = {inner.id for part in asked for inner in ast.walk(part) if isinstance(inner, ast.Name)}
        yield from (f"line {node.lineno}: {name}" for name in names & CLASSES)  # type: ignore[attr-defined]


def test_there_are_names_and_classes_to_look_for() -> None:
    assert len(CLASSES) >= len(MODELS) > 4
    registry = tree_of(ROOT / "engine/models/__init__.py")
    assert len(set(strings_among(MODELS, registry))) == len(MODELS)
    ladder = ast.parse("if isinstance(model, EncoderDecoder | FeedForward): ...")
    assert list(classes_asked_for(ladder))


def test_no_file_decides_by_the_name_of_an_architecture() -> None:
    paths = [path for path in FILES if name_of(path) not in MAY_NAME]
    assert offences(paths, lambda path: strings_among(MODELS, tree_of(path))) == {}


def test_a_kind_of_data_is_a_member_of_its_enum_and_not_a_string() -> None:
    paths = [path for path in FILES if name_of(path) not in MAY_NAME_KINDS]
    assert offences(paths, lambda path: strings_among(set(Kind), tree_of(path))) == {}


def test_no_file_decides_by_the_class_of_an_architecture() -> None:
    paths = [path for path in FILES if not name_of(path).startswith("engine/models/")]
    assert offences(paths, lambda path: classes_asked_for(tree_of(path))) == {}
