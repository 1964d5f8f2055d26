"""The program runs on the oldest and the newest PySide6 that it may be installed with, each in an environment of its
own that is made for this test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
QT = "PySide6-Essentials"
NO_NETWORK = ("connection broken", "NewConnectionError", "name resolution", "Network is unreachable")

TRAINS_AND_CLOSES = """
import warnings
warnings.simplefilter("error")
from gui.app import arguments, open_window
app, window = open_window(arguments([]))
from PySide6 import __version__
from PySide6.QtCore import QEventLoop
run = window.session.run

def wait(holds):
    while not holds():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

wait(lambda: run.snapshot is not None)
run.train()
wait(lambda: run.progress.step >= 20)
run.pause()
assert window.close()
print("closed with PySide6", __version__)
"""


def requirements() -> dict[str, str]:
    """Name → what pyproject.toml asks for."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    return {re.split(r"[><=!~]", one)[0]: one for one in declared}


def oldest() -> str:
    """The lowest version in the range."""
    found = re.search(r">=([\d.]+)", requirements()[QT])
    assert found is not None
    return f"{QT}=={found[1]}"


@pytest.mark.parametrize("qt", [oldest(), requirements()[QT]], ids=["oldest", "newest"])
def test_a_window_opens_trains_twenty_steps_and_closes(qt: str, tmp_path: Path) -> None:
    python = tmp_path / "environment" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "environment"], check=True)
    others = [one for name, one in requirements().items() if name != QT]
    install = [python, "-m", "pip", "install", "--disable-pip-version-check", qt, *others]
    installed = subprocess.run(install, capture_output=True, text=True, check=False)
    if any(sign in installed.stderr for sign in NO_NETWORK):
        pytest.skip("there is no network to install PySide6 from")
    assert installed.returncode == 0, installed.stderr
    own = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    environment = {**os.environ, **own, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [python, "-c", TRAINS_AND_CLOSES], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "closed with PySide6" in done.stdout
    assert "Warning" not in done.stderr
