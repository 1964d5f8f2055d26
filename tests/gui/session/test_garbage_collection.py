"""Python collects nothing by itself while a thread could do it that must not destroy a widget."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from gui.session.background import Background, threads_at_work
from gui.session.session import Session
from tests.gui.conftest import PATIENCE_MS


@pytest.fixture(autouse=True)
def collecting(collected_in_this_thread: None) -> Iterator[None]:
    """As Python starts, without a thread that an earlier test has left at its work: for it, collecting stays off."""
    for thread in threading.enumerate():
        if thread.name in threads_at_work():
            thread.join(PATIENCE_MS / 1000)
    gc.enable()
    yield
    gc.disable()


def test_nothing_is_collected_in_passing_while_a_session_is_open(qapp: QApplication) -> None:
    session = Session(own_process=False)
    assert not gc.isenabled()
    assert session.close()


def test_the_first_session_that_is_closed_leaves_collecting_to_the_one_that_is_still_open(qapp: QApplication) -> None:
    first, second = Session(own_process=False), Session(own_process=False)
    assert first.close()
    assert not gc.isenabled()
    assert second.close()


def test_a_closed_session_leaves_it_to_the_next_while_a_file_is_still_written(qapp: QApplication) -> None:
    written, writing = threading.Event(), Background("unroll-jobs")
    session = Session(own_process=False)
    writing.submit(object(), written.wait)
    assert session.close()
    assert not gc.isenabled()
    written.set()
    assert writing.close()
