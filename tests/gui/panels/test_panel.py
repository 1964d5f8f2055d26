"""What all panels share."""

from __future__ import annotations

import sys
from types import TracebackType

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session.session import Session
from tests.gui.conftest import dispose


def test_a_bug_in_one_panel_does_not_take_the_window_with_it(
    qtbot: QtBot, settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors: list[BaseException] = []

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        errors.append(error)

    def broken() -> None:
        raise ValueError("a bug")

    window = MainWindow(Session(), settings)
    panel = window.panels["loss"]
    monkeypatch.setattr(panel, "refresh", broken)
    panel.on_news()  # while the window is not shown
    with monkeypatch.context() as context:
        context.setattr(sys, "excepthook", hook)
        window.show()
        qtbot.waitUntil(lambda: len(errors) == 1)
    assert str(errors[0]) == "a bug"
    assert window.isVisible()
    window.close()
    dispose(window)
