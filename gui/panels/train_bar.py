"""The top bar: reset, train, step, and progress."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from engine.models.metrics import about_accuracy, brief_title, main_metric, metric_text, metric_title
from engine.models.number_metrics import about_columns
from engine.number_text import counted, duration, grouped, run_loss, short
from gui.panels.base.panel import Panel
from gui.session.current_run import RunStatus
from gui.session.data import measured_on
from gui.session.run_endings import AT_THE_END
from gui.session.run_library.run_data import AbsentData
from gui.session.session import Session
from gui.theme import Theme
from gui.widgets.box_layouts import add, side_by_side, stacked
from gui.widgets.controls import pressable, progress_bar, restyle, tool_button
from gui.widgets.icons import icon
from gui.widgets.symbols import plain_tip
from gui.widgets.text import number_label, text_label

GAP_PX, GROUP_PX, SIDE_PX = 8, 4, 14  # between buttons, additionally between groups of them, and at the sides
NUMBER_GAP_PX = 6
USUAL_EPOCH = "epoch 00 / 00"
LONGEST_LEFT = "00 min left"  # most runs need no more room, so that nothing comes and goes
BUTTON_PX = 28  # height: without it, buttons with and without a menu would differ
RESOLUTION = 1000  # steps of the progress bar
TRAIN_PX = 134  # width of the main button, whatever it says
TRAIN_TIP = "Train or pause (Space)"
# What is measured on which examples is said beside each number; abbreviated, it has the same room in every state.
TRAIN_LOSS, VALIDATION_LOSS, VALIDATION = "train loss", "val. loss", "val."
WIDEST_LOSS = "−0.000"  # no narrower than "0.0e−0" and "00.000"
RECENT = f"Training loss: the average of the latest training steps, as in the Loss view. {AT_THE_END}"
SPEED_TIP = "Over the last seconds of training, validation included. Compare has the mean of the whole run, without it."
RACE_TIP = "Pause the race, and train the current run"
STEP_TIP, RACE_STEP_TIP = "Make one training step (S)", "Make one step of the current run, beside the race (S)"
NO_DATA = "There is no data to train on yet"
NO_STEP = {  # why there is no next one
    RunStatus.FINISHED: "All epochs are trained; “{}” adds more",
    RunStatus.DIVERGED: "The run has diverged; “{}” starts over",
}
TRAIN_TEXT = {
    RunStatus.RUNNING: "Pause",
    RunStatus.PAUSED: "Train",
    RunStatus.IDLE: "Train",
    RunStatus.FINISHED: "+{}",  # says what it adds
    RunStatus.DIVERGED: "Train again",
}


class TrainBar(Panel):
    """The main buttons, and the numbers of the run in fields that do not move."""

    CARD = False
    theme_requested = Signal()

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title)
        self.setProperty("role", "bar")
        self.reset = self._button("reset", "Reset", "Start over with the same seed (R)")
        self.train = self._button("train", "Train", TRAIN_TIP)
        self.train.setProperty("role", "primary")
        self.train.setMinimumWidth(TRAIN_PX)
        self.step = self._button("step", "Step", STEP_TIP)
        self.theme = self._button("theme", "", "Switch between light and dark")
        self.theme.setAccessibleName("Switch between light and dark")
        self.theme.setFixedWidth(36)
        self.file, self.file_menu = self._menu_button("file", "File", "Open and save; copy and paste settings")
        self.edit, self.edit_menu = self._menu_button("edit", "Edit", "Undo and redo")
        self.save = self._button("save", "Save", "Save the run: network, curves and progress (Ctrl+S)")
        self.export, self.export_menu = self._menu_button(
            "export", "Export", "Export as ONNX, PyTorch, tables or a report"
        )
        self.views, self.views_menu = self._menu_button(
            "views", "Views", "Show or hide views, such as gates, metrics and attention, and the columns at the sides"
        )
        self.reset.clicked.connect(session.run.reset)
        self.train.clicked.connect(session.run.toggle)
        self.step.clicked.connect(session.run.step)
        self.theme.clicked.connect(self.theme_requested)
        self._epoch, self._steps, self._speed, self._loss, self._accuracy, self._left = (
            number_label(widest, role, name=name)
            for widest, role, name in (
                ("", "strong", "progress-epoch"),
                ("step 000,000", "secondary", "progress-step"),
                ("", "secondary", "progress-speed"),
                (f"{TRAIN_LOSS} {WIDEST_LOSS}", "secondary", "progress-loss"),
                (f"{VALIDATION} acc. 100.0 %", "strong", "progress-accuracy"),
                (LONGEST_LEFT, "muted", "progress-left"),
            )
        )
        self._bar = progress_bar("progress", "Training progress")
        self._bar.setRange(0, RESOLUTION)
        line = QHBoxLayout()
        line.setSpacing(GAP_PX)
        self._name = self._brand()
        add(line, self._name, self.file, self.edit)
        line.addSpacing(GROUP_PX)
        for button in (self.reset, self.train, self.step):
            line.addWidget(button)
        line.addSpacing(GROUP_PX)
        line.addLayout(self._progress(), 1)
        line.addSpacing(GROUP_PX)
        for shown in (self.save, self.export, self.views):
            line.addWidget(shown)
        line.addWidget(self.theme)
        self.body.addLayout(line)
        self.outer.setContentsMargins(SIDE_PX, 8, SIDE_PX, 8)

    def _button(self, name: str, label: str, help: str) -> QPushButton:
        button = pressable(QPushButton(label), name, label, help)
        button.setFixedHeight(BUTTON_PX)
        return button

    def _menu_button(self, name: str, label: str, help: str) -> tuple[QToolButton, QMenu]:
        """A button with a menu, which is filled by the window."""
        button = tool_button(name, f"{label} ▾", label, help, "")
        button.setFixedHeight(BUTTON_PX)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setObjectName(f"{name}-menu")
        button.setMenu(menu)
        return button, menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room out anew."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Show what there is room for beside the main numbers: first Save and Export, which are also in the File menu,
        then the name, which the window's frame also shows. How long the numbers are just now does not count, so that
        these come and go with the width of the window only."""
        usual = self._epoch.fontMetrics().horizontalAdvance(USUAL_EPOCH) + self._accuracy.least_px + self._left.least_px
        direct, name = (self.save, self.export), (self._name,)
        choices = ((*name, *direct), direct, ())
        shown = next((each for each in choices if self._room(each) >= usual + 3 * NUMBER_GAP_PX), ())
        for widget in (*name, *direct):
            widget.setVisible(widget in shown)
        self._share_numbers(self._room(shown) - self._epoch.minimumWidth())

    def _share_numbers(self, room: int) -> None:
        """Show as many numbers as there is room for beside the epoch, the most important ones first: accuracy, the
        figure that decides or the validation loss, as soon as there is one. The step comes late: it also stands in the
        Loss view, and the bar shows how far the run is."""
        measured = self._measures
        best = self.session.run.kept is not None  # then "best at step" takes the room of the speed
        validated = measured or bool(self._accuracy.text())
        first, second = (self._accuracy, self._loss) if validated else (self._loss, self._accuracy)
        unused = ((self._speed,) if measured else (self._speed, self._accuracy)) if best else ()
        for label in (first, self._left, second, self._steps, self._speed):
            needed = label.minimumWidth() + NUMBER_GAP_PX
            fits = label not in unused and needed <= room
            room -= needed if fits else 0
            label.setVisible(fits)
        if best and self._left.isHidden():
            self._steps.hide()  # beside figures of the kept weights, it would pass for their step

    def _room(self, beside: Sequence[QWidget]) -> int:
        """The width that is left for the numbers by the buttons, these among them."""
        line = (*beside, self.file, self.edit, self.reset, self.train, self.step, self.views)
        taken = [max(one.sizeHint().width(), one.minimumWidth()) for one in line]
        return self.width() - sum(taken) - self.theme.width() - (len(taken) + 1) * GAP_PX - 3 * GROUP_PX - 2 * SIDE_PX

    @staticmethod
    def _brand() -> QLabel:
        brand = text_label("Unroll", "brand")
        brand.setToolTip("A playground for sequence models")
        return brand

    def _progress(self) -> QVBoxLayout:
        # What comes and goes, and what gets longer, stands behind what stays.
        numbers = side_by_side(self._epoch, self._steps, self._accuracy, self._loss, self._speed, 1, gap=NUMBER_GAP_PX)
        self._left.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        numbers.addWidget(self._left)
        return stacked(1, numbers, self._bar, 1, gap=5)

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the run's progress and status."""
        session = self.session
        return (
            session.run.frame,
            session.run.status_changed,
            session.run.model_changed,
            session.run.training_changed,
            session.race.changed,
            session.sweeps.changed,
            session.sweeps.frame,
            session.theme_changed,
        )

    def refresh(self) -> None:
        """Show the progress of the run."""
        session, progress = self.session, self.session.run.progress
        self._show_buttons()
        self._show_epoch(progress.epoch, progress.epochs)
        self._steps.setText(f"step {grouped(progress.step)}")
        self._show_speed(progress.tokens_per_second)
        kept = session.run.kept
        average = session.run.curve.average_loss[-1:]
        loss = kept.loss if kept is not None else float(average[0]) if len(average) else math.nan
        name = TRAIN_LOSS if kept is None else VALIDATION_LOSS
        self._loss.setText("" if math.isnan(loss) else f"{name} {run_loss(loss)}")
        part = f", measured on {measured_on(session.data.dataset) or 'all validation examples'}"
        with_kept = "" if kept is None else f", with the kept weights, those of step {kept.step:,}"
        self._loss.setToolTip(plain_tip(RECENT if kept is None else f"Validation loss{part}{with_kept}"))
        metric, value = self._figure_now()
        data = session.data.dataset
        columns = about_columns(data.codec.values) if data is not None and metric in ("mae", "rmse") else ""
        symbols = about_accuracy(session.run.curve.validation_metrics) if metric == "accuracy" else ""
        tip = f"Validation {metric_title(metric)}{part}{with_kept}"
        self._accuracy.setToolTip(plain_tip("\n".join(filter(None, (tip, columns, symbols)))))
        figure = run_loss(value) if metric == "loss" else metric_text(metric, value)
        written = f"{VALIDATION} {brief_title(metric)} {figure}"
        self._accuracy.setText(written if math.isfinite(value) else "")
        self._left.setText(self._time_left())
        self._share_room()
        share = progress.step / progress.steps_total if progress.steps_total else 0.0
        self._bar.setValue(round(min(share, 1.0) * RESOLUTION))

    def _show_speed(self, speed: float) -> None:
        """Show the speed in symbols or frames of the data, in a field whose width is reserved from the start."""
        dataset = self.session.data.dataset
        unit = "" if dataset is None else f"{dataset.codec.read_name}s/s"
        if unit != self._unit:
            self._unit = unit
            self._speed.reserve(f"000,000 {unit}")
            self._speed.setToolTip(plain_tip(SPEED_TIP if unit else ""))
        self._speed.setText(f"{short(speed)} {unit}" if speed else "")

    def _show_epoch(self, epoch: int, epochs: int) -> None:
        """Show the epoch, in a field that has room for the last one from the start. Where fewer have been set since
        than were trained, there is nothing left to count towards."""
        if epochs != self._epochs:
            self._epochs = epochs
            self._epoch.reserve(f"epoch {grouped(epochs)} / {grouped(epochs)}")
        self._epoch.setText(f"epoch {grouped(epoch)}" + (f" / {grouped(epochs)}" if epoch <= epochs else ""))

    @property
    def _measures(self) -> bool:
        """Whether another figure than the loss is told: that of labels, tags and numbers, or the one that decides."""
        predicts = self.session.run.network.predicts
        return predicts.is_class or predicts.is_number or self.session.run.training_config.best_by != "loss"

    def _figure_now(self) -> tuple[str, float]:
        """The main metric, or the validation loss where no metric is told, and its value for the current weights; NaN
        if it is not known, or told already."""
        run = self.session.run
        measured, steps = run.curve.validation_metrics, run.curve.validation_steps
        if not self._measures:
            return "loss", math.nan if run.kept is not None or not len(steps) else float(run.curve.validation_loss[-1])
        name = main_metric(measured, run.training_config.best_by)
        if name is None or not len(measured[name]):
            return "accuracy", math.nan
        at = len(measured[name]) - 1 if run.kept is None else int(np.abs(steps - run.kept.step).argmin())
        return name, float(measured[name][at])

    def _show_buttons(self) -> None:
        theme, status, more = self.session.theme, self.session.run.status, self.session.run.more_epochs
        text, racing = TRAIN_TEXT[status].format(counted(more, "epoch")), self.session.race.running
        dataset = self.session.data.dataset
        cannot = dataset.no_training if isinstance(dataset, AbsentData) else ""
        if self._painted != (text, racing, cannot, theme):
            self._painted = text, racing, cannot, theme
            restyle(self.train, idle=bool(cannot))
            self.train.setText(text)
            color = theme.muted if cannot else theme.on_accent
            self.train.setIcon(icon("pause" if status is RunStatus.RUNNING else "train", color))
            finished = status is RunStatus.FINISHED
            if finished and self.train.sizeHint().width() > TRAIN_PX:
                self.train.setIcon(QIcon())  # many epochs: the words need its room
            self.train.setAccessibleName(f"Train for {text[1:]} more" if finished else text)
            tip = f"Train for {text[1:]} more (Space)" if finished else RACE_TIP if racing else TRAIN_TIP
            self.train.setToolTip(plain_tip(cannot or tip))
            self.step.setIcon(icon("step", theme.text))
            self.reset.setIcon(icon("reset", theme.text))
            self.theme.setIcon(icon("theme", theme.text))
        ready = dataset is not None
        for button in (self.train, self.reset):
            button.setEnabled(ready)
        why = NO_STEP.get(status, "").format(self.train.text()) if ready else NO_DATA
        self.step.setEnabled(not why)
        self.step.setToolTip(plain_tip(cannot or why or (RACE_STEP_TIP if racing else STEP_TIP)))

    _painted: tuple[str, bool, str, Theme] | None = None
    _unit = ""
    _epochs = -1

    def _time_left(self) -> str:
        session = self.session
        match session.run.status:
            case _ if isinstance(session.data.dataset, AbsentData):
                return str(session.data.dataset.state)
            case RunStatus.RUNNING if session.run.progress.seconds_left is not None:
                return f"{duration(session.run.progress.seconds_left)} left"
            case RunStatus.RUNNING:
                return ""
            case _ if session.race.on:
                return "race running" if session.race.running else "race paused"
            case _ if session.sweeps.running:
                progress = session.sweeps.progress
                if progress is None:
                    return "sweep running"
                return f"sweep {grouped(progress.ended)} of {grouped(progress.runs)}"
            case RunStatus.PAUSED:
                return "paused"
            case RunStatus.FINISHED if session.run.kept is not None:
                return f"best at step {grouped(session.run.kept.step)}"
            case RunStatus.FINISHED:
                return "done"
            case RunStatus.DIVERGED:
                return "diverged"
            case _:
                return "ready" if session.data.dataset is not None else ""
