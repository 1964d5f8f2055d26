"""The panel that uses the trained network: one small view for each verb, shown for networks that have that verb."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, SignalInstance
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

import engine
from engine.models import Verb
from engine.models.snapshot import weights_in_words
from engine.number_text import counted
from gui.panels.base.lazy_class import lazy_class
from gui.panels.base.panel import Panel
from gui.panels.try_it import answer_files
from gui.panels.try_it.play_button import PlayButton
from gui.panels.try_it.try_view import TryView
from gui.session.notice import Level
from gui.session.session import Session
from gui.widgets.column_scroll import ColumnScroll
from gui.widgets.controls import tool_button
from gui.widgets.file_dialogs import ask_to_save
from gui.widgets.panel_header import CORNER
from gui.widgets.text import explain, text_label

WAITING = "Answers come from the current run, not from the racing ones: it {}."
VIEWS = {  # by verb; files and classes in this folder, imported when a network has the verb
    Verb.PREDICT: "predict.PredictView",
    Verb.GENERATE: "generate.GenerateView",
    Verb.CLASSIFY: "classify.ClassifyView",
    Verb.TAG: "tag.TagView",
    Verb.TRANSLATE: "translate.TranslateView",
    Verb.RATE: "rate.RateView",
}
VIEWS_OF_NUMBERS = {  # of networks that read numbers
    Verb.CLASSIFY: "classify_frames.ClassifyFramesView",
    Verb.FORECAST: "forecast.ForecastView",
    Verb.TRANSCRIBE: "transcribe.TranscribeView",
    Verb.CAPTION: "caption.CaptionView",
}


class _Room(QWidget):
    """As high as the column, and no lower than the view in front needs; a scroll area would set a height of its own."""

    def __init__(self, stack: QStackedWidget) -> None:
        super().__init__()
        self._stack = stack
        stack.setParent(self)
        stack.installEventFilter(self)

    def minimumSizeHint(self) -> QSize:
        """The minimum size of the view in front, with its lines wrapped at the current width."""
        front = self._stack.currentWidget()
        layout = front.layout() if front is not None else None
        if front is None or layout is None:
            return QSize()
        height = layout.minimumHeightForWidth(self.width()) if layout.hasHeightForWidth() else 0
        return QSize(self._stack.minimumSizeHint().width(), max(height, front.minimumSizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the stack all the room; at a new width, lines wrap differently."""
        self._stack.setGeometry(self.rect())
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass on that the view in front needs another height."""
        if watched is self._stack and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class TryItPanel(Panel):
    """Answers with the newest weights, even during training."""

    CARD = False

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title)
        self.setObjectName("try-it")
        self.standing = text_label("", "small", wrap=True, name="try-standing")
        self.standing.hide()
        self.stack = QStackedWidget()
        self.area = ColumnScroll()
        room = _Room(self.stack)
        self.area.setWidget(room)
        room.setAutoFillBackground(False)
        self.body.addWidget(self.area, 1)
        self.body.addWidget(self.standing)  # at the foot, where its coming moves nothing
        self._views: dict[str, TryView] = {}
        self._run = -1
        self._theme = session.theme
        self._corner("try-copy", "Copy", "Copy the answers", self.copy)
        self._corner("try-save", "Save…", "Save the answers: text, CSV, TSV or JSON lines", self.save)
        if session.data.dataset is not None:
            self._view_for(session.data.dataset)  # now: what joins a styled window later is styled twice

    def _corner(self, name: str, label: str, help: str, act: Callable[[], None]) -> None:
        button = tool_button(name, label, help, help, CORNER)
        button.clicked.connect(act)
        self.header.addWidget(button)

    def copy(self) -> None:
        """Copy the texts of the answers to the clipboard."""
        answers = self.view.answers() if self.view is not None else None
        if answers is None:
            self.session.tell("There is no answer to copy yet.")
            return
        QGuiApplication.clipboard().setText("\n".join(answers.texts))
        self.session.tell(f"{_answers(len(answers.texts))} copied.", Level.DONE)

    def save(self) -> None:
        """Let the user choose a file for the answers as they are now."""
        answers = self.view.answers() if self.view is not None else None
        if answers is None:
            self.session.tell("There is no answer to save yet.")
            return
        folders = self.session.folders
        proposed, save = folders.goal(answers.name), folders.noting(partial(self.save_to, answers))
        usual = proposed.suffix.removeprefix(".")
        endings = sorted(answer_files.FORMATS, key=lambda ending: ending != usual)  # the first one is chosen
        filters = [f"{answer_files.FORMATS[ending]} (*.{ending})" for ending in endings]
        ask_to_save(self, "try-save-dialog", "Save the answers", proposed, save, ending=usual, filters=filters)

    def save_to(self, answers: answer_files.Answers, path: Path) -> None:
        """Write the answers, and tell the user the result."""
        try:
            answer_files.save_answers(answers, path)
        except engine.StorageError as error:
            self.session.tell(str(error), Level.ERROR)
            return
        self.session.tell(f"{_answers(len(answers.rows))} in {self.session.folders.told(path)}.", Level.DONE)

    @property
    def view(self) -> TryView | None:
        """The view that is shown."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, TryView) else None

    def play_or_pause(self) -> bool:
        """Stop an answer that is played."""
        playing = [button for button in self.findChildren(PlayButton) if button.playing]
        for button in playing:
            button.stop()
        return bool(playing)

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals to watch, including those of the texts that are hardest, and of a race."""
        return *super().watches(), self.session.worst.changed, self.session.race.changed

    def refresh(self) -> None:
        """Show the view for the current network, and have it answer."""
        session = self.session
        if session.data.dataset is None:
            return
        racing, step = session.race.running, session.run.progress.step
        self.standing.setText(WAITING.format(f"waits at step {step:,}" if step else "is untrained") if racing else "")
        self.standing.setVisible(racing)
        view = self._view_for(session.data.dataset)
        if self.stack.currentWidget() is not view or self._run != session.run.number:
            self._run = session.run.number
            self.stack.setCurrentWidget(view)
            self.subtitle.setText(f"— {view.name}")
            explain(self.subtitle, "")
            view.adapt()
        elif self._theme != session.theme:
            view.follow_theme()
        self._theme = session.theme
        view.follow()

    def _view_for(self, dataset: engine.Dataset) -> TryView:
        """The view for the current network, made when first needed: most people use one or two."""
        views = VIEWS if dataset.codec.frames is None else VIEWS_OF_NUMBERS
        kind = views[self.session.run.network.verb]
        if kind not in self._views:
            self._views[kind] = lazy_class(f"gui.panels.try_it.{kind}")(self.session)
            self._views[kind].answered.connect(self._tell_step)
            self.stack.addWidget(self._views[kind])
        return self._views[kind]

    def _tell_step(self, step: int) -> None:
        """Say which weights the answers are of: views refresh at different moments while training goes on."""
        explain(self.subtitle, f"Answered {weights_in_words(self.session.run.weights_step(step))}")


def _answers(number: int) -> str:
    return counted(number, "answer is", "answers are")
