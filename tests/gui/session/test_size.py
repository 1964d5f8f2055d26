"""Large files in the window: what it does after loading fits into three times the file too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.data.bulk import test_size

pytestmark = pytest.mark.slow

MEASURE = """
import resource, sys
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication
from gui.main_window import MainWindow
from gui.session.session import Session

def spin(milliseconds):
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()

def settled():
    spin(200)
    while session.data.loading or session.busy:
        spin(100)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

app = QApplication([])
session = Session()
window = MainWindow(session, QSettings("none.ini", QSettings.Format.InvalidFormat))
window.resize(1440, 900)
window.show()
session.data.load_sample("names")
before = settled()
session.data.open(sys.argv[1])
after = settled()
print((after - before) * (1 if sys.platform == "darwin" else 1024), session.data.dataset.report.rows)
window.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="measures with the resource module")
@pytest.mark.parametrize("case", ["long text in characters", "short lines", "table"])
def test_opening_a_large_file_takes_three_times_its_memory_with_all_that_the_window_asks(
    case: str, tmp_path: Path
) -> None:
    write, _, expected = test_size.CASES[case]
    path = tmp_path / "x.txt"
    write(path)
    done = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    grown, rows = map(int, done.stdout.split())
    assert rows == expected
    assert grown <= 3 * path.stat().st_size
