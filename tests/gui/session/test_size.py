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


SWITCH = """
import sys
from pathlib import Path
import psutil
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication
from gui.main_window import MainWindow
from gui.session.session import Session

def spin(milliseconds):
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()

def settled():
    spin(300)
    while session.busy or window.run_files.busy or session.runs.busy:
        spin(100)

def taken():
    (training,) = [one for one in me.children() if "trainer_process" in " ".join(one.cmdline())]
    kept = sum(run.size for run in session.runs.others() if run.capture is not None)
    return me.memory_info().rss - kept, training.memory_info().rss

me = psutil.Process()
app = QApplication([])
session = Session()
window = MainWindow(session, QSettings("none.ini", QSettings.Format.InvalidFormat), Path(sys.argv[1]))
window.resize(1440, 900)
window.show()
session.data.load_sample("names")
settled()
for units in (512, 1024, 512, 1024, 512):
    session.set_model(hidden_size=units)
    settled()
    session.run.train()
    while session.run.progress.step < 6:
        spin(50)
    session.run.pause()
    settled()
    settled()
    print(*taken())
window.leave()
"""


def test_a_smaller_network_gives_the_memory_of_a_larger_one_back(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SWITCH, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    window, training = zip(*([int(size) for size in line.split()] for line in done.stdout.splitlines()), strict=True)
    assert training[1] - training[0] > 80e6, "the larger network takes more"
    assert training[-1] - training[0] < 20e6
    assert window[-1] - window[0] < 100e6  # besides what the list of runs keeps on purpose
