"""How long the window takes to start, beside the smallest window that PySide6 and pyqtgraph can show.

    python -m tests.benchmarks.starting [--rounds 9]

A start lasts from the command until the data are loaded, the network is built and all visible plots are painted.
Starts of both are interleaved, each in a process of its own; the first round, which fills caches, does not count.
Seconds by the clock depend on what else the machine does; processor seconds of the window's own process hardly do.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

SCREEN = Path(__file__).parents[1] / "gui" / "screen.json"  # as large as a window wants, where there is no other

SMALLEST = """
import pyqtgraph
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
plot = pyqtgraph.PlotWidget()
plot.plot([1, 2, 3])
window.setCentralWidget(plot)
window.show()
app.processEvents()
"""

OURS = """
from gui.app import arguments, open_window
app, window = open_window(arguments([]))
from PySide6.QtCore import QEventLoop
while window.session.run.snapshot is None or window.session.questions.busy:
    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
app.processEvents()
"""

READY = """
import time
print(time.process_time(), flush=True)
window.close()
"""


def first_start(folder: Path) -> dict[str, str]:
    """The environment of a first start: with settings of its own in `folder`, not those of whoever measures."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if environment.get("QT_QPA_PLATFORM") == "offscreen":
        environment["QT_QPA_PLATFORM"] = f"offscreen:configfile={SCREEN}"
    return environment | {f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "STATE", "DATA", "CACHE")}


def start(code: str) -> tuple[float, float]:
    """Seconds from the command until the window is there, and the processor seconds of its process."""
    command = [sys.executable, "-c", code + READY]
    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=first_start(Path(folder))
        ) as child:
            assert child.stdout is not None
            line = child.stdout.readline()
            took = time.perf_counter() - started
            _, said = child.communicate()
    if not line:
        raise RuntimeError(f"the window did not start: {said}")
    return took, float(line)


def main() -> None:
    """Print the medians and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    rounds = [(*start(SMALLEST), *start(OURS)) for _ in range(options.rounds + 1)][1:]
    smallest, smallest_cpu, ours, ours_cpu = (median(column) for column in zip(*rounds, strict=True))
    print("                                       clock      processor")
    print(f"smallest PySide6 and pyqtgraph window  {smallest:.2f} s     {smallest_cpu:.2f} s")
    print(f"Unroll                                 {ours:.2f} s     {ours_cpu:.2f} s")
    print(f"ratio                                  {ours / smallest:.2f}       {ours_cpu / smallest_cpu:.2f}")


if __name__ == "__main__":
    main()
