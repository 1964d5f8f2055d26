"""A form made from the declarations of a Config: the usual settings in sight, the rest behind More.

What is behind More is made when it is first opened: it is two thirds of all fields, and few people open it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from engine.number_text import counted
from engine.options import Config
from gui.widgets.box_layouts import add, stacked
from gui.widgets.disclosure import Disclosure
from gui.widgets.fields import LABEL_WIDTH_PX, Choice, Field, Form, Switch, field_for
from gui.widgets.setting_name import CHANGED, PROPOSED, SettingName, Usual
from gui.widgets.slider import NumberSlider
from gui.widgets.symbols import plain_tip

SettingField = Field | NumberSlider


@dataclass(frozen=True)
class FormRow:
    """Settings that share a row, their shortened names there, and a widget below."""

    names: tuple[str, ...]
    titles: tuple[str, ...] = ()
    below: QWidget | None = None


@dataclass(frozen=True)
class _Shown:
    """What `show_config` was last called with."""

    config: Config
    usual: Callable[[str], Usual]
    idle: Mapping[str, str]
    absent: Collection[str]


class SettingsForm(QWidget):
    """One field for each option. A new option gets its row behind More by itself; `changed` carries name and value."""

    changed = Signal(str, object)
    more_made = Signal()  # the fields behind More are there now, with the values last shown

    def __init__(
        self,
        config: type[Config],
        in_sight: Sequence[FormRow],
        more: str,
        fields: Mapping[str, SettingField],
        *,
        prefix: str = "",
        elsewhere: Sequence[str] = (),
        label_px: int = LABEL_WIDTH_PX,
    ) -> None:
        """more: name of the button that opens the rest. fields: those that are not made by `field_for`. elsewhere:
        options that are shown outside the form. prefix: start of the fields' names."""
        super().__init__()
        self._config = config
        usual = {name for row in in_sight for name in row.names}
        rest = [name for name in config.options() if name not in usual and name not in elsewhere]
        self._prefix, self._label_px, self._given = prefix, label_px, fields
        self.fields: dict[str, SettingField] = {}
        self.names: dict[str, SettingName] = {}
        self._shown: _Shown | None = None
        self._rest = rest
        layout = stacked(self._made(in_sight), of=self, gap=5)
        self.more: Disclosure | None = None
        if rest:
            self.more = Disclosure(more, "More")
            self.more.first_opened.connect(partial(self._make_more, [FormRow((name,)) for name in rest]))
            layout.addWidget(self.more)

    def _make_more(self, rows: Sequence[FormRow]) -> None:
        assert self.more is not None
        self.more.set_content(self._made(rows))
        names = [name for row in rows for name in row.names]
        above: QWidget = self.more.button
        for name in names:  # Qt would put what is made later behind everything else of the window
            mark, field = self.names[name], self.fields[name]
            mark.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Qt orders only what can have the focus, as a mark will
            self.setTabOrder(above, mark)
            self.setTabOrder(mark, field)
            above = field
        if self._shown is not None:
            self._show(self._shown, names)
        self.more_made.emit()

    def _made(self, rows: Sequence[FormRow]) -> Form:
        """The fields of these rows, laid out."""
        form = Form(self._label_px)
        for row in rows:
            for name in row.names:
                field = self._given.get(name) or field_for(self._config, name)
                field.setObjectName(f"{self._prefix}{name}")
                self.fields[name] = field
                if not isinstance(field, NumberSlider):
                    field.changed.connect(partial(self._say, name))
            self._add(form, row)
        return form

    def _add(self, form: Form, row: FormRow) -> None:
        """Add a row. Switches show their names themselves, so they can share a row from edge to edge."""
        titles = row.titles or tuple(self._config.options()[name].label for name in row.names)
        fields = [self.fields[name] for name in row.names]
        for name, title, field in zip(row.names, titles, fields, strict=True):
            text = "" if isinstance(field, QCheckBox) else title
            declared = self._config.options()[name]
            made = self.names[name] = SettingName(field.objectName(), text, declared, field)
            made.put_back.connect(partial(self._say, name))
        names = [self.names[name] for name in row.names]
        if all(isinstance(field, Switch) for field in fields):
            line = QHBoxLayout()
            line.setSpacing(4)
            for mark, field in zip(names, fields, strict=True):
                add(line, field, mark, 1)
            form.add_line(line)
        else:
            form.add_named(names, fields)
        if row.below is not None:
            form.add("", row.below)

    def _say(self, name: str, value: object) -> None:
        self.changed.emit(name, value)

    def show_config(
        self,
        config: Config,
        usual: Callable[[str], Usual],
        idle: Mapping[str, str],
        absent: Collection[str] = (),
    ) -> None:
        """Show values, marks, and which settings have no effect now. usual: setting → usual value. idle: setting →
        why. absent: those that are not shown at all."""
        self._shown = _Shown(config, usual, idle, absent)
        self._show(self._shown, self.fields)
        self._tell_of_the_rest(self._shown)

    def _tell_of_the_rest(self, shown: _Shown) -> None:
        """Say beside More which setting behind it is not the default, or how many are not."""
        if self.more is None:
            return
        options, config = self._config.options(), shown.config
        in_use = (name for name in self._rest if name not in shown.absent and not shown.idle.get(name))
        signs = {name: sign for name in in_use if (sign := shown.usual(name).sign_of(getattr(config, name)))}
        sign = CHANGED if CHANGED in signs.values() else PROPOSED
        which = options[next(iter(signs))].label if len(signs) == 1 else counted(len(signs), "setting")
        values = (f"{options[name].label}: {options[name].written(getattr(config, name))}" for name in signs)
        self.more.tell(f"{which} {sign}" if signs else "", "\n".join(values))

    def _show(self, shown: _Shown, names: Iterable[str]) -> None:
        for name in names:
            field = self.fields[name]
            for part in (field, self.names[name]):
                part.setVisible(name not in shown.absent)
            value: Any = getattr(shown.config, name)
            field.set_value(value)
            self.show_state(name, value, shown.usual(name), shown.idle.get(name, ""))

    def show_state(self, name: str, value: object, usual: Usual, reason: str) -> None:
        """Mark one setting, and grey it out if a reason is given."""
        field, declared = self.fields[name], self._config.options()[name]
        field.setEnabled(not reason)
        field.setToolTip(plain_tip(reason or declared.help))
        field.setAccessibleDescription(reason)
        self.names[name].show_state(value, usual, reason)


def offer_only(field: SettingField, values: Collection[object], reason: str) -> None:
    """Grey out all other entries of a list; their tooltips say why."""
    assert isinstance(field, Choice)
    model = field.model()
    assert isinstance(model, QStandardItemModel)
    for at in range(field.count()):
        offered = field.itemData(at) in values
        model.item(at).setEnabled(offered)
        field.setItemData(at, "" if offered else plain_tip(reason), Qt.ItemDataRole.ToolTipRole)
