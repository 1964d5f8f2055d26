"""The panel that uses what is trained: one small view for each shape, shown when its shape is chosen."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from gui.panels.panel import Panel
from gui.panels.try_it.classify import ClassifyView
from gui.panels.try_it.generate import GenerateView
from gui.panels.try_it.predict import PredictView
from gui.panels.try_it.tag import TagView
from gui.panels.try_it.translate import TranslateView
from gui.panels.try_it.view import TryView
from gui.session import Session

VIEWS: dict[str, type[TryView]] = {
    "one-to-one": PredictView,
    "one-to-many": GenerateView,
    "many-to-one": ClassifyView,
    "many-to-many": TagView,
    "encoder-decoder": TranslateView,
}


class TryItPanel(Panel):
    """Asks the newest weights, while they are being trained as well."""

    CARD = False

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Try it", "")
        self.setObjectName("try-it")
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack, 1)
        self._views: dict[type[TryView], TryView] = {}
        self._run = -1

    @property
    def view(self) -> TryView | None:
        """The view that is shown."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, TryView) else None

    def refresh(self) -> None:
        """Show the view of the chosen shape, and have it answer."""
        session = self.session
        if session.dataset is None:
            return
        kind = view_for(session.model_config.architecture, session.dataset.kind)
        if kind not in self._views:  # made when first needed: most people use one or two
            self._views[kind] = kind(session)
            self.stack.addWidget(self._views[kind])
        view = self._views[kind]
        if self.stack.currentWidget() is not view or self._run != session.run:
            self._run = session.run
            self.stack.setCurrentWidget(view)
            self.subtitle.setText(f"— {view.name}")
            view.adapt()
        view.follow()


def view_for(architecture: str, kind: str) -> type[TryView]:
    """The view of a shape on a kind of data: the padded feed-forward network on labelled texts classifies."""
    if architecture == "one-to-one" and kind == "labelled":
        return ClassifyView
    return VIEWS[architecture]
