"""Ctrl+C, a request to end and a closed terminal, sent to the program as it is started by a user."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import engine

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
STOPPING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]

PROGRAM = """
import sys, time
import gui.app
from gui.main_window import MainWindow

class Window(MainWindow):
    trained = False

    def showEvent(self, event):
        super().showEvent(event)
        run = self.session.run
        run.snapshot_changed.connect(run.train)
        run.frame.connect(self.look)

    def look(self):
        if self.session.run.progress.step >= 5 and not self.trained:
            self.trained = True
            print("training", flush=True)

    def closeEvent(self, event):
        print("closing", flush=True)
        while "stuck" in sys.argv:
            time.sleep(60)
        super().closeEvent(event)

import gui.main_window
gui.main_window.MainWindow = Window
gui.main_window.SECURE_S = 50  # closing waits for the save, however busy the machine is; other tests hold the limit
sys.exit(gui.app.main([]))
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the program and waits until it trains."""
    programs: list[subprocess.Popen[str]] = []
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("STATE", "CONFIG", "DATA", "CACHE")}

    def begin(*arguments: str, ignored: tuple[signal.Signals, ...] = ()) -> subprocess.Popen[str]:
        # A program inherits what is ignored here: all, where a shell runs the tests in the background.
        before = {one: signal.signal(one, signal.SIG_IGN if one in ignored else signal.SIG_DFL) for one in STOPPING}
        program = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-c", PROGRAM, *arguments],
            cwd=ROOT,
            env={**os.environ, **folders, "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for one, handler in before.items():
            signal.signal(one, handler)
        programs.append(program)
        assert program.stdout is not None
        assert program.stdout.readline() == "training\n"
        return program

    yield begin
    for program in programs:
        program.kill()
        program.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])  # SIGTERM ends what ignores SIGHUP, below
def test_the_window_closes_in_order_and_keeps_its_run(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path, number: signal.Signals
) -> None:
    program = start()
    os.killpg(program.pid, number)  # a terminal tells all processes of the program
    said, complaints = program.communicate(timeout=60)
    assert (said, complaints) == ("closing\n", "")
    assert program.returncode == 128 + number
    (kept,) = tmp_path.rglob("kept/*.unroll")
    assert engine.open_run(kept).progress.step >= 5


def test_a_second_signal_ends_the_program_at_once(start: Callable[..., subprocess.Popen[str]]) -> None:
    program = start("stuck")
    assert program.stdout is not None
    program.send_signal(signal.SIGINT)
    assert program.stdout.readline() == "closing\n"
    program.send_signal(signal.SIGINT)
    assert program.wait(60) == -signal.SIGINT


def test_a_signal_that_the_program_was_started_to_ignore_stays_ignored(
    start: Callable[..., subprocess.Popen[str]],
) -> None:
    program = start(ignored=(signal.SIGHUP,))  # as `nohup` does
    program.send_signal(signal.SIGHUP)
    program.send_signal(signal.SIGTERM)
    program.communicate(timeout=60)
    assert program.returncode == 128 + signal.SIGTERM


@pytest.mark.slow
def test_twenty_interruptions_and_not_one_crash(start: Callable[..., subprocess.Popen[str]]) -> None:
    for _ in range(20):
        program = start()
        os.killpg(program.pid, signal.SIGINT)
        _, complaints = program.communicate(timeout=60)
        assert (program.returncode, complaints) == (128 + signal.SIGINT, "")
