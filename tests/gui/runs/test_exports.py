"""What is taken away from a run in the window."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction

from gui.runs.exports import EXPORTS
from tests.gui.conftest import Person
from tests.gui.runs.saving import (
    choose,
    said,
)


def onnx_loads(path: Path) -> None:
    import onnx

    onnx.checker.check_model(onnx.load(path))


def pytorch_is_whole(path: Path) -> None:
    assert {"model.py", "weights.safetensors", "vocabulary.json", "generate.py"} <= {p.name for p in path.iterdir()}


def rows_are(count: int) -> Callable[[Path], None]:
    def check(path: Path) -> None:
        assert len(path.read_text(encoding="utf-8").splitlines()) >= count

    return check


def is_page(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def compiles(path: Path) -> None:
    compile(path.read_text(encoding="utf-8"), path.name, "exec")


CHECKS: dict[str, Callable[[Path], None]] = {
    "onnx": onnx_loads,
    "pytorch": pytorch_is_whole,
    "curves": rows_are(4),
    "predictions": rows_are(100),
    "report": is_page,
    "script": compiles,
}


@pytest.mark.parametrize("name", list(EXPORTS))
def test_each_form_is_written_from_the_menu_while_it_trains(person: Person, tmp_path: Path, name: str) -> None:
    if name == "onnx":
        pytest.importorskip("onnx")
    person.press(Qt.Key.Key_Space)
    person.wait_steps(3)
    path = tmp_path / f"taken.{EXPORTS[name].suffix}".rstrip(".")
    person.find(QAction, f"export-{name}").trigger()
    choose(person, "export-dialog", path)
    person.wait_until(lambda: "Saved “" in said(person))
    assert person.session.run.status == "running"
    CHECKS[name](path)


def test_a_missing_package_is_said_with_the_line_that_installs_it(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    person.window.run_files.export(EXPORTS["onnx"], tmp_path / "net.onnx")
    person.wait_until(lambda: person.window.notice_bar.level == "error")
    assert "pip install" in said(person)
    assert list(tmp_path.glob("net*")) == []
