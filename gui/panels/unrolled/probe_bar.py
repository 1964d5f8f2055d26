"""The text that all views look at: typed by the user, or an example from the data."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QToolButton

from engine.data.numbers.recording import Recording
from gui.session.session import Session
from gui.widgets.controls import introduced, restyle
from gui.widgets.fields import Choice
from gui.widgets.panel_header import Header

TYPING_PAUSE_MS = 25
LEAST_PX = 110  # width of the text field
WANTED_PX, MOST_PX = 266, 544  # the same with what is beside it
LEAST_LABEL_PX = 76


class ProbeField(QLineEdit):
    """A field that is as much narrower as what is beside it is wide."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(LEAST_PX)
        self._beside_px = 0

    def leave_room(self, beside_px: int) -> None:
        """Leave this width to what is beside it."""
        if beside_px != self._beside_px:
            self._beside_px = beside_px
            self.setMaximumWidth(MOST_PX - beside_px)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The width that is left."""
        return QSize(WANTED_PX - self._beside_px, super().sizeHint().height())


class ProbeBar(QObject):
    """A list of labels if the network starts from one, a text field, and a button for the next example. The text has
    the room of those that are not there, so that nothing before them moves when they come and go."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.label = Choice("probe-label", "Label of the text", "The label the network starts from", {})
        self.text = ProbeField()
        self.example = QToolButton()
        self._gap_px = 0
        self._typing = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._dress()
        self.label.changed.connect(self._send)
        self.text.textEdited.connect(self._typing.start)
        self.text.editingFinished.connect(self._send_if_typed)
        self._typing.timeout.connect(self._send)
        self.example.clicked.connect(session.examples.show_next)

    def _dress(self) -> None:
        self.label.hide()
        self.label.setMinimumWidth(LEAST_LABEL_PX)
        introduced(self.text, "probe", "Input to look at", "Every view shows how the network reads this")
        self.text.setPlaceholderText("Type a text")
        self.example.setObjectName("unrolled-example")
        self.example.setText("↻")
        self.example.setProperty("role", "flat")
        self.example.setAccessibleName("Another example")
        self.example.setToolTip("Another validation example, with a known answer")
        self.example.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def add_to(self, header: Header) -> None:
        """Put the controls at the end of a panel's header."""
        self._gap_px = header.spacing()
        header.addWidget(self.label)
        header.addWidget(self.text, 1)
        header.addWidget(self.example)

    def refresh(self) -> None:
        """Show the session's text and label, except while the user types."""
        probe, dataset = self._session.probe, self._session.data.dataset
        if not self._typing.isActive() and self.text.text() != probe.text:
            self.text.setText(probe.text)
            self.text.setCursorPosition(0)
        self._let_type(not isinstance(probe.given, Recording))
        self.example.setVisible(dataset is not None and not dataset.kind.is_running)
        labels = dataset.labels if dataset is not None and probe.label is not None else ()
        if [self.label.itemData(i) for i in range(self.label.count())] != list(labels):
            self.label.clear()
            for label in labels:
                self.label.add(label, label)
        self.label.setVisible(bool(labels))
        if probe.label is not None:
            self.label.set_value(probe.label)
        beside = [each for each in (self.label, self.example) if not each.isHidden()]
        self.text.leave_room(sum(max(each.sizeHint().width(), each.minimumWidth()) + self._gap_px for each in beside))

    def _let_type(self, typable: bool) -> None:
        """Look like a field only where a text can be typed; otherwise the letters typed there would be shortcuts."""
        self.text.setReadOnly(not typable)
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus if typable else Qt.FocusPolicy.NoFocus)
        restyle(self.text, still=not typable)
        if not typable:
            self.text.clearFocus()

    def _send_if_typed(self) -> None:
        if self._typing.isActive():
            self._send()

    def _send(self) -> None:
        self._typing.stop()
        probe, label = self._session.probe, self.label.value()
        given = probe.given if isinstance(probe.given, Recording) else self.text.text()
        probe.set(given, str(label) if label is not None else None)
