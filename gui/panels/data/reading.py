"""How the data are read: every choice that recognition made, and a way to make it otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QProgressBar, QPushButton, QWidget

import engine
from engine.data.codec import Kind
from engine.data.config import AUTO, DELIMITER_CHOICES, FORM_CHOICES, KIND_CHOICES, UNIT_CHOICES, DataConfig
from engine.data.files.recognise import SEVERAL_FILES
from gui.panels.data.columns import COLUMN_LABELS, column_changes
from gui.session.session import Session
from gui.widgets.fields import Choice, Field, field_for
from gui.widgets.sheet import Sheet
from gui.widgets.symbols import plain_tip
from gui.widgets.text import text_label

WIDTH_PX = 400
LABEL_PX = 144
PREVIEW_PX = 34  # letters of a column's first values
ANOTHER_FILE = "\0file"  # chosen to be asked for a file
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Western (Windows 1252)",
    "latin-1": "Western (Latin-1)",
    "cp1250": "Central European (Windows 1250)",
    "cp1251": "Cyrillic (Windows 1251)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "cp1253": "Greek (Windows 1253)",
    "cp1254": "Turkish (Windows 1254)",
    "cp1255": "Hebrew (Windows 1255)",
    "cp1256": "Arabic (Windows 1256)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "shift_jis": "Japanese (Shift-JIS)",
    "euc_jp": "Japanese (EUC)",
    "euc_kr": "Korean (EUC)",
}
OF_FILES = (
    "form", "kind", "delimiter", "header", "source_column", "target_column", "encoding", "normal_form",
    "validation_file",
)  # fmt: skip
ORDER = (
    "form", "kind", "delimiter", "header", "source_column", "target_column", "unit", "target_unit", "lowercase",
    "longest", "min_count", "encoding", "normal_form", "validation", "validation_file", "seed",
)  # fmt: skip
SPECIAL = {"longest": "all", "min_count": "automatic"}  # what 0 means


class ReadingForm(Sheet):
    """A form made from the options of DataConfig. A change is read at once; the former data stay when it fails."""

    file_wanted = Signal()  # a file of one's own to measure on

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent, "reading", "How the data is read", WIDTH_PX)
        self._session = session
        self._reason = text_label("", "secondary", wrap=True, name="reading-reason")
        self._fields: dict[str, Field] = {name: self._field(name) for name in ORDER}
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(8)
        self._form.setVerticalSpacing(5)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        options = DataConfig.options()
        for name, field in self._fields.items():
            label = text_label("" if name == "lowercase" else options[name].label, "secondary", buddy=field)
            label.setFixedWidth(LABEL_PX)
            label.setToolTip(plain_tip(options[name].help))
            self._form.addRow(label, field)
        self.body.addWidget(self._reason)
        self.body.addLayout(self._form)
        self.body.addLayout(self._bottom())

    def _field(self, name: str) -> Field:
        declared = DataConfig.options()[name]
        if isinstance(DataConfig.default(name), str) and declared.choices is None:
            field: Field = Choice(f"data-{name}", declared.label, declared.help, {})
        else:
            field = field_for(DataConfig, name)
            field.setObjectName(f"data-{name}")
        if name in SPECIAL and not isinstance(field, Choice):
            field.setSpecialValueText(SPECIAL[name])  # type: ignore[union-attr]
        field.changed.connect(partial(self._set, name))
        return field

    def _bottom(self) -> QHBoxLayout:
        """What is going on; its room is always there, so that nothing moves."""
        self._doing = text_label("", "muted", elide=True, name="reading-doing")
        self._bar = QProgressBar()
        self._bar.setObjectName("reading-progress")
        self._bar.setAccessibleName("Reading progress")
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(90)
        self._cancel = QPushButton("Cancel")
        self._cancel.setObjectName("reading-cancel")
        self._cancel.setAccessibleName("Stop reading")
        self._cancel.setToolTip("Stop reading and keep the current data")
        self._cancel.setProperty("role", "flat")
        self._cancel.clicked.connect(self._session.data.cancel)
        line = QHBoxLayout()
        line.addWidget(self._doing, 1)
        for widget in (self._bar, self._cancel):
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
            line.addWidget(widget)
        return line

    # ---- showing

    def show_progress(self) -> None:
        """What is being read now."""
        session = self._session
        self._doing.setText(f"{session.data.doing or 'Reading'}…" if session.data.loading else "")
        self._bar.setVisible(bool(session.data.loading))
        self._cancel.setVisible(bool(session.data.loading))
        self._bar.setValue(round(session.data.share * 100))

    def show_settings(self) -> None:
        """The settings and the columns of the data at hand."""
        dataset = self._session.data.dataset
        self.show_progress()
        if dataset is None:
            return
        config, found, of_file = dataset.config, dataset.recognition, self._session.data.sample is None
        self._reason.setText(f"{found.reason[:1].upper()}{found.reason[1:]}.".replace("..", "."))
        if of_file:
            self._fill_choices(dataset)
        self._fill("unit", _with_auto(UNIT_CHOICES, config.unit, f"{dataset.codec.unit}s"))
        self._fill("target_unit", _with_auto(UNIT_CHOICES, config.target_unit, f"{dataset.codec.target_unit}s"))
        for name, field in self._fields.items():
            field.set_value(getattr(config, name))
            self._form.setRowVisible(field, self._is_meant(name, dataset))
        self._fields["validation"].setEnabled(not config.validation_file)
        self._fields["seed"].setEnabled(not config.validation_file)
        self.fit()

    def _is_meant(self, name: str, dataset: engine.Dataset) -> bool:
        """Whether a setting means something for these data."""
        found = dataset.recognition
        if name in OF_FILES and self._session.data.sample is not None:
            return False
        match name:
            case "delimiter" | "header":
                return found.form == "table"
            case "source_column" | "target_column":
                return len(found.columns) > 1 and (name == "source_column" or dataset.kind in COLUMN_LABELS)
            case "unit":
                return dataset.kind != Kind.TAGGED
            case "target_unit":
                return dataset.kind == Kind.PAIRS
            case "seed" | "longest":
                return dataset.kind != Kind.STREAM
        return True

    def _fill_choices(self, dataset: engine.Dataset) -> None:
        """The lists whose entries depend on what was found."""
        config, found = dataset.config, dataset.recognition
        forms = {name: FORM_CHOICES[name] for name in (AUTO, *(found.alternatives or (found.form,)))}
        self._fill("form", _with_auto(forms, config.form, FORM_CHOICES[found.form]))
        self._fill("kind", _with_auto(KIND_CHOICES, config.kind, KIND_CHOICES[dataset.kind]))
        delimiter = DELIMITER_CHOICES.get(found.delimiter, found.delimiter)
        self._fill("delimiter", _with_auto(DELIMITER_CHOICES, config.delimiter, delimiter))
        header = {AUTO: "automatic", "yes": "first line has column names", "no": "none"}
        self._fill("header", _with_auto(header, config.header, header["yes" if found.has_header else "no"]))
        self._fill("encoding", _with_auto({AUTO: "automatic", **ENCODINGS}, config.encoding, found.encoding))
        names = {c: _preview(c, v) for c, v in zip(found.columns, found.previews, strict=False)}
        names = {c: names.get(c, c) for c in found.columns}
        for name, label, taken in zip(
            ("source_column", "target_column"),
            COLUMN_LABELS.get(dataset.kind, ("Text", "")),
            (found.source_column, found.target_column),
            strict=True,
        ):
            self._fill(name, _with_auto({"": "automatic", **names}, getattr(config, name), taken, ""))
            shown = self._form.labelForField(self._fields[name])
            shown.setText(label)  # type: ignore[attr-defined]
            self._fields[name].setAccessibleName(f"Column of {label.lower()}")
        own = config.validation_file
        another = "Choose a folder…" if found.form in SEVERAL_FILES else "Choose a file…"
        files = {"": "Part of the rows"} | ({own: Path(own).name} if own else {}) | {ANOTHER_FILE: another}
        self._fill("validation_file", files)

    def _fill(self, name: str, choices: Mapping[str, str]) -> None:
        field = self._fields[name]
        assert isinstance(field, Choice)
        now = {field.itemData(i): field.itemText(i) for i in range(field.count())}
        if now != choices:
            field.clear()
            for value, text in choices.items():
                field.add(text, value)

    # ---- changing

    def _set(self, name: str, value: object) -> None:
        """Read again; what hangs on the choice is chosen anew."""
        dataset = self._session.data.dataset
        assert dataset is not None
        if name == "validation_file" and value == ANOTHER_FILE:
            self.show_settings()
            self.close()
            self.file_wanted.emit()
            return
        changes: dict[str, Any] = {name: value}
        if name == "form":
            changes["kind"] = AUTO
        if name in ("form", "kind", "delimiter", "header"):
            changes |= {"source_column": "", "target_column": ""}
        if name in ("source_column", "target_column"):
            changes = column_changes(dataset, name, str(value))
        self._session.data.change(**changes)


def _with_auto(choices: Mapping[str, str], now: str, found: str, auto: str = AUTO) -> dict[str, str]:
    """The choices; that of recognition tells what it has chosen, while it is in use."""
    return {value: f"{text}: {found}" if value == auto == now and found else text for value, text in choices.items()}


def _preview(column: str, values: tuple[str, ...]) -> str:
    """The name of a column with what stands in it first."""
    text = ", ".join(" ".join(value.split()) for value in values[:4])
    text = text if len(text) <= PREVIEW_PX else text[: PREVIEW_PX - 1] + "…"
    return f"{column} · {text}" if text else column
