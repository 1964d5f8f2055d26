"""What the window costs: speed of training with it and without it, and the gaps of its event loop.

    python -m tests.benchmarks.window [--panels all] [--seconds 3] [--rounds 5]

Rounds are interleaved: the same trainer in a plain thread with the window standing still, then in the window. A gap is
the time by which a 4 ms timer comes late; what the window's thread spent of the processor between two ticks hardly
depends on what else the machine does.
"""

from __future__ import annotations

import argparse
import threading
import time
from statistics import median

import numpy as np
from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

import engine
from gui.docking.layouts import Split, Tabs
from gui.main_window import MainWindow
from gui.session.session import Session

TICK_MS = 4


class Gaps:
    """How late a precise timer comes, and what this thread spent of the processor meanwhile, in milliseconds."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.spent: list[float] = []
        self._last = self._last_spent = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to listen."""
        self._last, self._last_spent = time.perf_counter(), time.thread_time()
        self._timer.start(TICK_MS)

    def stop(self) -> None:
        """Stop listening."""
        self._timer.stop()

    def _tick(self) -> None:
        now, spent = time.perf_counter(), time.thread_time()
        self.late.append(max(0.0, (now - self._last) * 1e3 - TICK_MS))
        self.spent.append((spent - self._last_spent) * 1e3)
        self._last, self._last_spent = now, spent


def spin(seconds: float) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def alone(session: Session, seconds: float) -> float:
    """Steps per second of the session's training in a thread, the window at rest."""
    assert session.data.dataset is not None
    model = engine.build_model(session.run.model_config, session.data.dataset, seed=0)
    trainer = engine.Trainer(model, session.data.dataset, session.run.training_config)
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            next(trainer)

    thread = threading.Thread(target=work)
    started = time.perf_counter()
    thread.start()
    spin(seconds)
    stop.set()
    thread.join()
    return trainer.step / (time.perf_counter() - started)


def in_window(session: Session, seconds: float, gaps: Gaps) -> float:
    """Steps per second of the same training in the window."""
    session.run.reset()
    spin(0.5)
    session.run.train()
    spin(0.5)
    first = session.run.progress.step
    started = time.perf_counter()
    gaps.start()
    spin(seconds)
    gaps.stop()
    steps = session.run.progress.step - first
    elapsed = time.perf_counter() - started
    session.run.pause()
    spin(0.3)
    return steps / elapsed


def open_window() -> MainWindow:
    """The program's window, on the screen; nothing is loaded yet."""
    app = QApplication([])
    app.setStyle("Fusion")
    window = MainWindow(Session(), QSettings("benchmark.ini", QSettings.Format.InvalidFormat))
    window.resize(1440, 900)
    window.show()
    return window


def main() -> None:
    """Print one line for each case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--panels", choices=["default", "all"], default="default")
    options = parser.parse_args()
    window = open_window()
    session = window.session
    if options.panels == "all":
        names = list(window.docking.views)  # side by side, so that none is hidden behind another
        columns = tuple(Split("rows", tuple(Tabs((name,)) for name in names[i::3])) for i in range(3))
        window.docking.apply(Split("columns", columns))
    session.data.load_sample("names")
    spin(1.5)
    session.set_model(hidden_size=options.hidden)
    session.run.set_training(epochs=100_000)
    spin(0.5)
    gaps = Gaps()
    without, within = [], []
    for _ in range(options.rounds):
        without.append(alone(session, options.seconds))
        within.append(in_window(session, options.seconds, gaps))
    ratios = [b / a for a, b in zip(without, within, strict=True)]
    late, spent = np.array(gaps.late), np.array(gaps.spent)
    print(
        f"panels: {options.panels}, LSTM {options.hidden} units, names, batch {session.run.training_config.batch_size}"
    )
    print(f"alone      {median(without):12,.0f} steps/s")
    print(
        f"in window  {median(within):8,.0f} steps/s = {100 * median(ratios):.0f} % "
        f"(rounds {', '.join(f'{100 * r:.0f}' for r in ratios)})"
    )
    print(
        f"event-loop gaps: median {np.median(late):.1f} ms, 99th percentile {np.percentile(late, 99):.1f} ms, "
        f"longest {late.max():.1f} ms"
    )
    print(
        f"processor time between ticks: 99th percentile {np.percentile(spent, 99):.1f} ms, longest {spent.max():.1f} ms"
    )
    window.close()


if __name__ == "__main__":
    main()
