"""How long the answers of the try-it panel take while the network trains, and what they cost the training.

    python -m tests.benchmarks.answers [--hidden 128] [--questions 200] [--rounds 4]

A question is asked as by typing: from the change in the field to the moment at which the answer is shown. The cost is
measured in interleaved rounds of the same training in the window, with the panel answering as it does by itself and
with the panel switched off.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from gui.panels.try_it.classify import ClassifyView
from gui.panels.try_it.generate import GenerateView
from gui.panels.try_it.panel import TryItPanel
from gui.panels.try_it.translate import TranslateView
from gui.session import Session

PATIENCE_S = 30.0
BETWEEN_S = 0.12  # a fast typist
WORDS = ("food", "service", "not bad", "waiter", "never again", "lovely place")
PHRASES = ("i am cold", "we want to speak", "they can walk", "a room, please", "why not?", "the dog sleeps")


def spin(seconds: float) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def panel_of(window: MainWindow) -> TryItPanel:
    """The panel that answers."""
    panel = window.panels["try_it"]
    assert isinstance(panel, TryItPanel)
    return panel


def timed(ask: Callable[[], None], answered: Callable[[], bool]) -> float:
    """Milliseconds from asking until the answer is shown."""
    started = time.perf_counter()
    ask()
    while not answered():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 2)
        if time.perf_counter() - started > PATIENCE_S:
            raise TimeoutError("no answer")
    return (time.perf_counter() - started) * 1e3


def question(window: MainWindow, i: int) -> float:
    """Ask the i-th question of the shape at hand, as a person would type it."""
    view = panel_of(window).view
    if isinstance(view, GenerateView):
        text = "abcdefghijklmnopqrstuvwxyz"[i % 26]
        return timed(
            lambda: view.prefix.setText(text),
            lambda: bool(view.results.results) and all(r.text.startswith(text) for r in view.results.results),
        )
    if isinstance(view, ClassifyView):
        words = f"{WORDS[i % len(WORDS)]} {i}"
        return timed(
            lambda: view.text.setPlainText(words),
            lambda: bool(view.chips.chips) and view.chips.chips[-1].text == str(i),
        )
    assert isinstance(view, TranslateView)
    phrase = f"{PHRASES[i % len(PHRASES)]} {PHRASES[(i // 6) % len(PHRASES)]}"
    tokens = window.session.dataset.codec.tokenize(phrase) if window.session.dataset is not None else ()
    return timed(lambda: view.text.setPlainText(phrase), lambda: view.search.tokens == tokens)


def start(session: Session, sample: str, hidden: int) -> None:
    """Train a sample's network of that size."""
    session.load_sample(sample)
    spin(1.5)
    session.set_model(hidden_size=hidden)
    session.set_training(epochs=100_000)
    spin(0.7)
    session.train()
    spin(1.0)


def speed(session: Session, seconds: float) -> float:
    """Steps per second."""
    first, started = session.progress.step, time.perf_counter()
    spin(seconds)
    return (session.progress.step - first) / (time.perf_counter() - started)


def main() -> None:
    """Print one line for each shape, then the cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    app = QApplication([])
    app.setStyle("Fusion")
    session = Session()
    window = MainWindow(session, QSettings("benchmark.ini", QSettings.Format.InvalidFormat))
    window.resize(1440, 900)
    window.show()
    for sample in ("names", "reviews", "french"):
        start(session, sample, options.hidden)
        took = []
        for i in range(options.questions):
            took.append(question(window, i))
            spin(BETWEEN_S)
        print(
            f"{sample:8s} {options.hidden} units: answer median {np.median(took):5.1f} ms, "
            f"99th percentile {np.percentile(took, 99):5.1f} ms, longest {max(took):5.1f} ms"
        )
    start(session, "names", options.hidden)
    panel, ratios = panel_of(window), []
    for _ in range(options.rounds):
        panel.show()
        with_answers = speed(session, 3.0)
        panel.hide()
        ratios.append(with_answers / speed(session, 3.0))
    print(f"names, Live: training keeps {100 * median(ratios):.0f} % (rounds {[round(100 * r) for r in ratios]})")
    window.close()


if __name__ == "__main__":
    main()
