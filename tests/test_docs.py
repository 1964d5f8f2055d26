"""What the documentation names exists: files, folders, rooms and registries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.source_files import FILES, ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SOURCES = [*FILES, *sorted((ROOT / "tests").rglob("*.py"))]
PATH = re.compile(r"(?<![\w/.])(?:engine|gui|tests|docs)/[\w./-]*\w\.(?:py|md|png)\b")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
ROOM = re.compile(r"^\| `(\w+)/` \|", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_paths_of_a_page_lead_to_a_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    linked = [page.parent / link for link in LINK.findall(text)]
    assert [path for path in [*linked, *(ROOT / name for name in PATH.findall(text))] if not path.exists()] == []


def test_files_named_in_docstrings_and_comments_exist() -> None:
    named = {(name, path.name) for path in SOURCES for name in PATH.findall(path.read_text(encoding="utf-8"))}
    assert sorted(pair for pair in named if not (ROOT / pair[0]).exists()) == []


@pytest.mark.parametrize("wing", ["engine", "gui"])
def test_the_contributors_page_lists_every_room(wing: str) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    _, table, *_ = re.split(rf"\| {wing}/ \| holds \|", text)
    rooms = {path.parent.name for path in (ROOT / wing).glob("*/__init__.py")}
    assert set(ROOM.findall(table.partition("\n\n")[0])) == rooms


def test_registries_that_the_contributors_page_names_are_assigned_somewhere() -> None:
    rows = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Add something")[2]
    code = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
    names = set(re.findall(r"`([A-Z][A-Z_]+)`", rows))
    assert names
    assert [name for name in sorted(names) if not re.search(rf"^{name}\b.*=", code, re.MULTILINE)] == []
