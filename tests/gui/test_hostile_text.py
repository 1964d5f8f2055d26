"""Text in data never becomes HTML, a formula or an invisible command, on the screen or in what is exported."""

from __future__ import annotations

import ast
import csv
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QWidget

import engine
from engine.export.csv_writer import FORMULA_STARTS
from gui.panels.base.view import View
from gui.widgets.symbols import TIP_LETTERS
from tests.gui.conftest import Person
from tests.gui.panels.open_views import open_view, settle, train_a_little
from tests.source_files import FILES, name_of, offences, tree_of

IMAGE = "<img/src='secret.png'>"
HOSTILE = (IMAGE, "\u202eabc", "a\x1b[31m", "=cmd|'/C'!A0", "<b>bold</b>", "&lt;i>")
PLAIN = ("one", "two", "red", "blue")
ItemRole = Qt.ItemDataRole


def lines_of(kind: str) -> tuple[str, str]:
    """A file name and rows in which every word, label and tag may be hostile."""
    words = [*HOSTILE, *PLAIN]
    texts = [" ".join(words[(i + k) % len(words)] for k in range(3 + i % 3)) for i in range(60)]
    match kind:
        case "sequences":
            return "<b>names.txt", "\n".join(texts)
        case "stream":
            return "<i>story.txt", ".\n\n".join(" ".join(texts[i : i + 4]) for i in range(0, 60, 4)) + ".\n"
        case "labelled":
            labels = (IMAGE, "=cmd|'/C'!A0", "\u202elabel")
            return "rows.csv", "\n".join(["text,label", *(f'"{t}","{labels[i % 3]}"' for i, t in enumerate(texts))])
        case "tagged":
            tags = ("B-<img/src='t.png'>", "O", "B-\u202etag")
            rows = ["\n".join(f"{word}\t{tags[(i + k) % 3]}" for k, word in enumerate(t.split())) for i, t in
                    enumerate(texts)]  # fmt: skip
            return "words.conll", "\n\n".join(rows) + "\n"
        case _:
            return "pairs.tsv", "\n".join(f"{t}\t{texts[-1 - i]}" for i, t in enumerate(texts))


def tips_and_names(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Every text of a widget that Qt or a screen reader may interpret: (what it is, the text)."""
    yield "tooltip", widget.toolTip()
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    yield "title", widget.windowTitle()
    if isinstance(widget, QLabel) and widget.textFormat() is not Qt.TextFormat.RichText:
        assert widget.textFormat() is Qt.TextFormat.PlainText or not QtGui.Qt.mightBeRichText(widget.text()), widget
        yield "label", widget.text()
    if isinstance(widget, QLabel) and widget.textFormat() is Qt.TextFormat.RichText:
        assert "secret" not in widget.text()
    model = widget.model() if isinstance(widget, QAbstractItemView | QComboBox) else None
    if isinstance(model, QAbstractItemModel):
        columns = model.columnCount() if isinstance(model, QAbstractTableModel) else 1
        for row in range(min(model.rowCount(), 50)):
            for column in range(columns):
                index = model.index(row, column)
                yield "item tooltip", str(index.data(ItemRole.ToolTipRole) or "")
                yield "item name", str(index.data(ItemRole.AccessibleTextRole) or "")
        for column in range(columns):
            yield "header tooltip", str(model.headerData(column, Qt.Orientation.Horizontal, ItemRole.ToolTipRole) or "")


def faults(widget: QWidget) -> Iterator[str]:
    """What would be interpreted instead of shown."""
    for what, text in tips_and_names(widget):
        where = f"{what} of {type(widget).__name__} {widget.objectName()}: {text[:200]!r}"
        hidden = [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\t\u200d\u200c"]
        if hidden:
            yield f"invisible {hidden} in {where}"
        if "tooltip" in what and not text.startswith("<p>") and max(map(len, text.split("\n"))) > TIP_LETTERS:
            yield f"a line that may be as wide as the screen in {where}"
        if "tooltip" in what and QtGui.Qt.mightBeRichText(text) and "<" in re.sub(r"</?(p|sub)>|<br ?/?>", "", text):
            yield f"HTML in {where}"


@pytest.mark.parametrize("kind", ["sequences", "stream", "labelled", "tagged", "pairs"])
def test_hostile_text_is_shown_and_exported_as_letters(person: Person, tmp_path: Path, kind: str) -> None:
    name, text = lines_of(kind)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    before = person.session.data.dataset
    person.session.data.open(path, **({"unit": "word"} if kind == "stream" else {}))
    person.wait_until(lambda: person.session.data.dataset is not before)
    person.wait_ready()
    dataset = person.session.data.dataset
    assert dataset is not None
    assert dataset.kind == kind
    train_a_little(person, 3)
    example = dataset.train[0]
    for panel in person.window.docking.views:
        open_view(person, panel, View)
    person.session.probe.set(dataset.codec.join(example.source[:30]))
    settle(person)
    found = [fault for widget in [person.window, *person.window.findChildren(QWidget)] for fault in faults(widget)]
    assert found == []
    for view in person.window.docking.views.values():
        view.save(tmp_path / "view.csv")
        person.wait_until(lambda: not person.window.jobs.busy)
        with (tmp_path / "view.csv").open(encoding="utf-8", newline="") as opened:
            assert not [cell for row in csv.reader(opened) for cell in row if is_formula(cell)]


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run it."""
    try:
        float(cell)
    except ValueError:
        return cell.startswith(FORMULA_STARTS)
    return False


@pytest.mark.parametrize("kind", ["sequences", "stream", "labelled", "tagged", "pairs"])
def test_reports_and_tables_of_hostile_data_hold_letters_only(tmp_path: Path, kind: str) -> None:
    name, text = lines_of(kind)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    dataset = engine.load_dataset(path, unit="word" if kind == "stream" else None)
    shape = next(shape for shape, reason in engine.trainable(dataset).items() if not reason)
    model = engine.build_model(engine.ModelConfig(architecture=shape, hidden_size=4), dataset, seed=0)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=1))
    for _ in trainer:
        break
    engine.save_run(tmp_path / "a.unroll", trainer)
    engine.export_report(engine.open_run(tmp_path / "a.unroll"), tmp_path / "report.html")
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<img" not in report
    assert "<b>bold" not in report
    engine.export_predictions(model, dataset, tmp_path / "answers.csv")
    with (tmp_path / "answers.csv").open(encoding="utf-8", newline="") as opened:
        assert not [cell for row in csv.reader(opened) for cell in row if is_formula(cell)]


def plain(node: ast.expr) -> bool:
    """Whether a tooltip in the code is a short constant, or goes through `plain_tip`."""
    match node:
        case ast.Constant(value=value):
            return len(str(value)) <= TIP_LETTERS
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name in ("plain_tip", "equations_tip", "toolTip")
        case ast.IfExp(body=body, orelse=other):
            return plain(body) and plain(other)
    return False


def hidden_markup(path: Path) -> Iterator[str]:
    """Every tooltip that may not be plain, and every label that does not say that it is."""
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        at = {"setToolTip": -1, "showText": 1}.get(name)  # of an item behind its column
        if at is not None and len(node.args) > at and not plain(node.args[at]):
            yield f"line {node.lineno}: use plain_tip"
        if name == "QLabel" and path.name not in ("text.py", "metrics.py"):
            yield f"line {node.lineno}: use text_label"


def test_every_tooltip_and_label_says_that_it_is_plain() -> None:
    assert offences([path for path in FILES if name_of(path).startswith("gui/")], hidden_markup) == {}


def test_a_tooltip_or_label_that_does_not_is_found(tmp_path: Path) -> None:
    path = tmp_path / "made_up.py"
    lines = (
        f"w.setToolTip({'word ' * 20!r})",
        "w.setToolTip(text)",
        "item.setToolTip(1, text)",
        "QToolTip.showText(at, text)",
        "QLabel(text)",
    )
    path.write_text("\n".join(lines))
    assert len(list(hidden_markup(path))) == len(lines)
