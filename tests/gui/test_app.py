"""The command line, started as a user starts it, and the crash hook."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gui import __version__, headless
from gui.app import arguments, install_crash_hook, main
from gui.session.notice import Notice
from tests.benchmarks.starting import first_start
from tests.gui.conftest import Person

MAIN = Path(__file__).parents[2] / "main.py"


@pytest.mark.parametrize(("option", "said"), [("--help", "FILE"), ("--version", __version__)])
def test_help_and_version_are_told_without_a_window(option: str, said: str) -> None:
    done = subprocess.run([sys.executable, str(MAIN), option], capture_output=True, text=True, timeout=60, check=True)
    assert said in done.stdout


def test_help_does_not_wait_for_qt() -> None:
    code = "import sys, gui.app; gui.app.arguments([]); sys.exit('PySide6' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=MAIN.parent, timeout=60, check=True)


def test_a_file_may_be_named_on_the_command_line() -> None:
    assert arguments(["names.csv"]).file == "names.csv"
    assert arguments([]).file is None


OPENS_AND_CLOSES = """
import sys
from gui.app import arguments, open_window
app, window = open_window(arguments(sys.argv[1:]))
from PySide6.QtCore import QEventLoop
while window.session.run.snapshot is None:
    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
print(window.session.data.dataset.kind, window.session.data.dataset.recognition.form)
window.close()
"""


def test_files_that_belong_together_are_named_one_after_another(tmp_path: Path) -> None:
    for side, said in (("en", "I am number {}"), ("de", "Ich bin Nummer {}")):
        (tmp_path / f"train.{side}").write_text("".join(f"{said.format(n)}\n" for n in range(40)), "utf-8")
    command = [sys.executable, "-c", OPENS_AND_CLOSES, str(tmp_path / "train.en"), str(tmp_path / "train.de")]
    done = subprocess.run(
        command, cwd=MAIN.parent, env=first_start(tmp_path), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "pairs parallel\n", done.stderr


def test_a_second_file_without_a_window_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "a.unroll"), "b.unroll", "--classify", "texts.txt"]) == headless.WRONG
    assert "b.unroll would not be read: --classify uses one saved run." in capsys.readouterr().err


def test_a_bug_becomes_a_notice_with_its_traceback_and_the_window_lives(
    person: Person, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notices: list[Notice] = []
    person.session.notices.posted.connect(notices.append)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    install_crash_hook(person.session)
    try:
        raise RuntimeError("a wheel came off")
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert notices[0].level == "error"
    assert "a wheel came off" in notices[0].text
    assert "test_app.py" in notices[0].details
    assert "a wheel came off" in capsys.readouterr().err
    person.session.run.step()
    person.wait_steps(1)
