"""Python collects nothing by itself while a thread could do it that must not destroy a widget."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

import engine
from gui.session.background import Background, Deadline, threads_at_work
from gui.session.session import Session


@pytest.fixture(autouse=True)
def collecting(collected_in_this_thread: None) -> Iterator[None]:
    """As Python starts."""
    gc.enable()
    yield
    gc.disable()


def test_nothing_is_collected_in_passing_while_a_session_is_open(qapp: QApplication) -> None:
    session = Session(own_process=False)
    assert not gc.isenabled()
    assert session.close()
    assert gc.isenabled()


def test_the_first_session_that_is_closed_leaves_collecting_to_the_one_that_is_still_open(qapp: QApplication) -> None:
    first, second = Session(own_process=False), Session(own_process=False)
    assert first.close()
    assert not gc.isenabled()
    assert second.close()
    assert gc.isenabled()


def test_a_closed_session_leaves_it_to_the_next_while_a_file_is_still_written(qapp: QApplication) -> None:
    written, writing = threading.Event(), Background("unroll-jobs")
    session = Session(own_process=False)
    writing.submit(object(), written.wait)
    assert session.close()
    assert not gc.isenabled()
    written.set()
    assert writing.close()


def test_sessions_that_did_not_end_in_time_keep_collecting_off_only_as_long_as_they_are_there(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = threading.Event()

    def rows() -> list[str]:
        made.wait()
        return list("abcdefghij")

    slow = replace(engine.SAMPLES["alphabet"], name="slow", rows=rows)
    monkeypatch.setitem(engine.SAMPLES, "slow", slow)
    late = [Session(own_process=False) for _ in range(3)]
    for session in late:
        session.data.load_sample("slow")
        assert not session.close(Deadline(0.0))
    made.set()
    for thread in threading.enumerate():
        if thread.name in threads_at_work():
            thread.join()
    gc.enable()
    late.clear()
    del session
    gc.collect()
    last = Session(own_process=False)
    assert last.close()
    assert gc.isenabled()
