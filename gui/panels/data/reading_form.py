"""How the data is read: every choice that recognition made, and a way to change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

import engine
from engine.data.data_config import (
    AUTO,
    DECIMAL_CHOICES,
    DELIMITER_CHOICES,
    FORM_CHOICES,
    HEADER_CHOICES,
    KIND_CHOICES,
    UNIT_CHOICES,
    DataConfig,
)
from engine.data.no_use import no_use, of_other_files
from engine.data.numbers.recipes import DECIMAL
from gui.panels.data.column_choice import asked_of, column_changes, kept_columns
from gui.session.found_columns import COLUMN_LABELS
from gui.session.session import Session
from gui.session.test_file_choice import name_test_file
from gui.widgets.box_layouts import add, keep_room
from gui.widgets.column_scroll import ColumnScroll
from gui.widgets.controls import introduced, progress_bar, restyle
from gui.widgets.fields import Choice, FileChoice
from gui.widgets.setting_name import Usual
from gui.widgets.settings_form import FormRow, SettingField, SettingsForm
from gui.widgets.sheet import Sheet
from gui.widgets.text import height_of, text_label

WIDTH_PX = 400
LABEL_PX = 144
PREVIEW_PX = 34  # letters of a column's first values
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Western (Windows 1252)",
    "latin-1": "Western (Latin-1)",
    "mac_roman": "Western (Mac Roman)",
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
IN_SIGHT = (
    "form", "kind", "sheet", "delimiter", "header", "decimal", "source_column", "target_column", "unit", "target_unit",
    "lowercase", "validation", "validation_file", "test_file",
)  # fmt: skip
UNCHANGED = "Until another choice works, the data stays as it is."
REASON_LINES = 3
LEAST_PX = 120  # height of the fields, at least
MARGINS_PX = 60  # left free above and below the form on the smallest screen


class ReadingForm(Sheet):
    """A form made from the options of DataConfig. A change reads the data again; if that fails, the old data stays, and
    the form shows why beside what was chosen, so that more can be chosen until it works."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent, "reading", "How the data is read", WIDTH_PX)
        self._session = session
        self._reason = text_label("", "secondary", wrap=True, name="reading-reason")
        self._reason.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        options = DataConfig.options()
        own: dict[str, SettingField] = {
            name: Choice(name, options[name].label, options[name].help, {})
            for name in ("sheet", "source_column", "target_column", "encoding")
        }
        own["validation_file"] = FileChoice("validation_file", options["validation_file"], "Part of the rows")
        self._form = SettingsForm(
            DataConfig,
            [FormRow((name,)) for name in IN_SIGHT],
            "more-reading",
            own,
            prefix="data-",
            label_px=LABEL_PX,
        )
        self._form.changed.connect(self._set)
        self._form.more_made.connect(self.show_settings)
        for field in self._form.fields.values():
            if isinstance(field, FileChoice):
                field.asking.connect(self.close)
                field.start = lambda: session.folders.beside(session.data.paths)
        if self._form.more is not None:
            self._form.more.toggled.connect(self._open_more)
        self._scroll = ColumnScroll()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._form)
        self._form.setAutoFillBackground(False)  # as the scroll area would have it
        add(self.body, self._reason, self._scroll, self._bottom())

    def fit(self) -> None:
        """Make the sheet as high as the form or, if that is less, as the screen; then the form scrolls. Once it is
        shown it stays where it is."""
        self._form.adjustSize()
        others = self.body.totalHeightForWidth(self.width()) - self._scroll.height()
        screen = self.screen().availableGeometry()
        room = screen.bottom() - self.y() if self.isVisible() else screen.height() - MARGINS_PX
        room -= max(others, 0)
        self._scroll.setFixedHeight(min(self._form.sizeHint().height(), max(room, LEAST_PX)))
        self._form.resize(self._scroll.viewport().width(), self._form.height())  # adjusting has made it narrow
        super().fit()

    def _open_more(self, opened: bool) -> None:
        self.fit()
        if opened and self._form.more is not None:
            self._scroll.ensureWidgetVisible(self._form.more, 0, 0)

    def _bottom(self) -> QHBoxLayout:
        """The progress line; its space is always reserved, so that nothing moves."""
        self._doing = text_label("", "muted", elide=True, name="reading-doing")
        self._bar = progress_bar("reading-progress", "Reading progress", 90)
        help = "Stop reading and keep the current data"
        self._cancel = introduced(QPushButton("Cancel"), "reading-cancel", "Stop reading", help, "flat")
        self._cancel.clicked.connect(self._session.data.cancel)
        line = QHBoxLayout()
        line.addWidget(self._doing, 1)
        for widget in (self._bar, self._cancel):
            keep_room(widget)
            line.addWidget(widget)
        return line

    # ---- showing

    def show_progress(self) -> None:
        """Show what is being read now."""
        session = self._session
        self._doing.setText(f"{session.data.doing or 'Reading'}…" if session.data.loading else "")
        self._bar.setVisible(bool(session.data.loading))
        self._cancel.setVisible(bool(session.data.loading))
        self._bar.setValue(round(session.data.share * 100))

    def show_settings(self) -> None:
        """Show the settings and the columns of the current data."""
        now, refusal = self._session.data.dataset, self._session.data.refusal
        self.show_progress()
        if now is None:
            return
        of_file = self._session.data.sample is None
        dataset = now if refusal is None else asked_of(now, refusal.changes)
        config, reason = dataset.config, dataset.recognition.reason
        said = f"{reason[:1].upper()}{reason[1:]}.".replace("..", ".")
        self._say_reason(said if refusal is None else f"{refusal.reason} {UNCHANGED}", refusal is not None)
        for field in self._form.fields.values():
            if isinstance(field, FileChoice):
                field.folders = dataset.is_folder
        if of_file:
            self._fill_choices(dataset)
        else:
            for name in ("sheet", "source_column", "target_column", "encoding"):
                self._fill(name, {DataConfig.default(name): "automatic"})
        self._fill("unit", _with_auto(UNIT_CHOICES, config.unit, UNIT_CHOICES[dataset.codec.unit]))
        self._fill("target_unit", _with_auto(UNIT_CHOICES, config.target_unit, UNIT_CHOICES[dataset.codec.target_unit]))
        kept = [name for name in DataConfig.options() if getattr(config, name) == getattr(now.config, name)]
        idle = {name: why for name in kept if (why := no_use(name, dataset, not of_file))}  # others can be put back
        self._form.show_config(config, self._usual, idle, of_other_files(dataset))
        if self.isVisible():  # else it is fitted when it is shown
            self.fit()

    def _say_reason(self, reason: str, refused: bool) -> None:
        """Say it in the room of a usual reason or, while the sheet is open, of the longest so far, so that the fields
        below stay under the mouse. refused: whether it says why what was chosen cannot be read."""
        label, kept = self._reason, self._reason.minimumHeight() if self.isVisible() else 0
        margins = self.body.contentsMargins()
        needed = height_of(label, reason, self.width() - margins.left() - margins.right())
        label.setText(reason)
        restyle(label, wrong=refused)
        label.setMinimumHeight(max(kept, needed, REASON_LINES * label.fontMetrics().lineSpacing()))

    def _usual(self, name: str) -> Usual:
        """The default of a setting: the recognised value, or the unit that a sample names."""
        sample = self._session.data.sample
        usual = sample.unit if sample is not None and name == "unit" else DataConfig.default(name)
        return Usual(usual, usual)

    def _fill_choices(self, dataset: engine.Dataset) -> None:
        """Fill the lists whose entries depend on the file."""
        config, found = dataset.config, dataset.recognition
        possible = (AUTO, *(found.alternatives or (found.form,)))
        forms = {name: FORM_CHOICES[name] for name in possible if name in FORM_CHOICES}  # melodies have none to choose
        self._fill("form", _with_auto(forms, config.form, forms.get(found.form, "")))
        self._fill("kind", _with_auto(KIND_CHOICES, config.kind, KIND_CHOICES[dataset.kind]))
        delimiter = "" if found.sheet else DELIMITER_CHOICES.get(found.delimiter, found.delimiter)
        self._fill("delimiter", _with_auto(DELIMITER_CHOICES, config.delimiter, delimiter))
        header = HEADER_CHOICES["yes" if found.has_header else "no"]
        self._fill("header", _with_auto(HEADER_CHOICES, config.header, header))
        numbers = dataset.codec.frames or dataset.codec.values
        read = "" if numbers is None else DECIMAL_CHOICES.get(str(numbers.recipe.get(DECIMAL, "")), "")
        self._fill("decimal", _with_auto(DECIMAL_CHOICES, config.decimal, read))
        sheets = {"": "automatic"} | {name: name for name in found.sheets}
        self._fill("sheet", _with_auto(sheets, config.sheet, found.sheet, ""))
        encoding = f"{found.encoding}, a guess" if dataset.report.encoding_is_guess else found.encoding
        self._fill("encoding", _with_auto({AUTO: "automatic", **ENCODINGS}, config.encoding, encoding))
        names = {c: _preview(c, v) for c, v in zip(found.columns, found.previews, strict=False)}
        names = {c: names.get(c, c) for c in found.columns}
        for name, label, taken in zip(
            ("source_column", "target_column"),
            COLUMN_LABELS.get(dataset.kind, ("Text", "Label")),
            (found.source_column, found.target_column),
            strict=True,
        ):
            shown = {"": "automatic", **names} | {joined: joined for joined in {getattr(config, name)} - {"", *names}}
            self._fill(name, _with_auto(shown, getattr(config, name), taken, ""))
            self._form.names[name].set_text(label)
            self._form.fields[name].setAccessibleName(f"Column of {label.lower()}")

    def _fill(self, name: str, choices: Mapping[str, str]) -> None:
        field = self._form.fields.get(name)
        if not isinstance(field, Choice):  # it is behind More, which has not been opened
            return
        now = {field.itemData(i): field.itemText(i) for i in range(field.count())}
        if now != choices:
            field.clear()
            for value, text in choices.items():
                field.add(text, value)

    # ---- changing

    def _set(self, name: str, value: object) -> None:
        """Read the data again with a new value; settings that depend on it become automatic. A test file takes nothing
        but a note."""
        dataset, refusal = self._session.data.dataset, self._session.data.refusal
        assert dataset is not None
        if name == "test_file":
            name_test_file(self._session, str(value))
            return
        changes: dict[str, Any] = {name: value}
        if name == "sheet":
            changes["form"] = AUTO
        if name in ("sheet", "form"):
            changes["kind"] = AUTO
        if name in ("sheet", "form", "delimiter", "header"):
            changes |= {"source_column": "", "target_column": ""}
        asked = dataset if refusal is None else asked_of(dataset, refusal.changes)
        if name == "kind":  # what was refused meanwhile has thrown nothing away
            again = {option: column for option, column in kept_columns(asked, str(value)).items() if column}
            changes |= kept_columns(dataset, str(value)) | again
        if name in ("source_column", "target_column"):
            changes = column_changes(asked, name, str(value))
        if refusal is not None:
            changes = refusal.changes | changes
            if asked_of(dataset, changes).config == dataset.config:  # as it is read already
                self._session.data.forget_refusal()
                self.show_settings()
                return
        self._session.data.change(**changes)


def _with_auto(choices: Mapping[str, str], now: str, found: str, auto: str = AUTO) -> dict[str, str]:
    """The choices; the entry "automatic", while it is selected, also says what recognition has chosen."""
    return {value: f"{text}: {found}" if value == auto == now and found else text for value, text in choices.items()}


def _preview(column: str, values: tuple[str, ...]) -> str:
    """The name of a column with its first values."""
    text = ", ".join(" ".join(value.split()) for value in values[:4])
    text = text if len(text) <= PREVIEW_PX else text[: PREVIEW_PX - 1] + "…"
    return f"{column} · {text}" if text else column
