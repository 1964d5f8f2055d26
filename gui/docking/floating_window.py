"""A view in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui.panels.base.view import View
from gui.widgets.box_layouts import stacked
from gui.widgets.paint_timing import PacedPainting
from gui.widgets.screen_fit import fit_on_screen

LEAST_PX = (320, 220)
SHIFT_PX = 24  # offset from the view's place in the main window, so that both are visible
LARGER = 1.25  # than when docked
# X11 keeps only dialogs and the like above the window they belong to; a plain window would vanish behind it.
ABOVE_ITS_PARENT = Qt.WindowType.Dialog
FRAME = (  # that of a plain window
    Qt.WindowType.WindowTitleHint
    | Qt.WindowType.WindowSystemMenuHint
    | Qt.WindowType.WindowMinMaxButtonsHint
    | Qt.WindowType.WindowCloseButtonHint
)
RESTORE_TIP = "Restore the size of this window (Esc)"


class FloatingWindow(QWidget):
    """Holds one view, in front of the main window. Closing it docks the view again, as does Escape unless it is
    enlarged."""

    dock_requested = Signal()
    painted = Signal(float)  # processor seconds spent drawing

    def __init__(self, view: View, parent: QWidget) -> None:
        super().__init__(parent, ABOVE_ITS_PARENT | FRAME)
        self._painting = PacedPainting(self, self.painted.emit)
        self.setObjectName("floating-window")  # styled like the main one
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setWindowTitle(f"{view.title.text()} — Unroll")
        self.setMinimumSize(*LEAST_PX)
        self.view = view
        stacked(view, of=self)
        view.title.show()
        view.show()

    def place(self, was: QRect) -> None:
        """Open near the view's former place, a little larger, entirely on screen."""
        size = (was.size() * LARGER).expandedTo(self.minimumSize())
        self.setGeometry(QRect(was.topLeft() + QPoint(SHIFT_PX, SHIFT_PX), size))
        fit_on_screen(self)

    def geometry_text(self) -> str:
        """The window's geometry as text, for the settings."""
        return bytes(self.saveGeometry().toBase64().data()).decode()

    def restore(self, geometry: str) -> None:
        """Restore a saved geometry; one that cannot be read changes nothing."""
        self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

    @property
    def large(self) -> bool:
        """Whether it fills the screen, with a frame or without."""
        return self.isMaximized() or self.isFullScreen()

    def enlarge(self) -> None:
        """Toggle between maximized and normal; a full screen returns to the former size."""
        if self.isFullScreen():
            self.toggle_full_screen()
        else:
            (self.showNormal if self.isMaximized() else self.showMaximized)()

    def toggle_full_screen(self) -> None:
        """Fill the whole screen, or return to the former size."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def release(self) -> View:
        """Hand the view back and destroy the window."""
        self.view.hide()
        self.view.show_way_back("")
        self.view.setParent(self.parentWidget())
        self.hide()
        self.deleteLater()
        return self.view

    def showEvent(self, event: QShowEvent) -> None:
        """Open without focus on any control, so that Space starts training."""
        super().showEvent(event)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape docks the view; first it leaves a text field, then what plays, then a screen that the view fills."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
            return
        # Not `self.focusWidget()`: PySide takes what that returns for a child of this window, and its parts, the scroll
        # bars for one, for gone when the window is destroyed.
        focused = QApplication.focusWidget()
        if focused is not None and focused.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            focused.clearFocus()
        elif self.view.stop_playing():
            pass
        elif self.large:
            self.enlarge()
        else:
            self.dock_requested.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Show the way back while the window fills the screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.view.show_way_back(RESTORE_TIP if self.large else "")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Dock the view instead of destroying it."""
        event.ignore()
        self.dock_requested.emit()

    def event(self, event: QEvent) -> bool:
        """Paint once in a turn, and measure how long that takes, as the main window does."""
        if event.type() != QEvent.Type.UpdateRequest:
            return super().event(event)
        return self._painting.handle(event, super().event)
