"""How long the answers of the try-it panel take while the network trains, and what they cost the training.

    python -m tests.benchmarks.answers [--hidden 128] [--questions 100] [--rounds 8] [--samples names reviews …]

A question is asked as by typing: from the change in the field until the answer is shown and painted. The cost is
measured in interleaved rounds of the same training in the window, with the panel answering as it does by itself,
with somebody typing as well, and with the panel switched off.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from gui.panels.try_it.classify import ClassifyView
from gui.panels.try_it.generate import GenerateView
from gui.panels.try_it.predict import PredictView
from gui.panels.try_it.tag import TagView
from gui.panels.try_it.translate import TranslateView
from gui.panels.try_it.try_it_panel import TryItPanel
from gui.session.session import Session
from tests.benchmarks.window import open_window, spin

PATIENCE_S = 30.0
BETWEEN_S = 0.12  # a fast typist
WORDS = ("food", "service", "not bad", "waiter", "never again", "lovely place")
PHRASES = ("i am cold", "we want to speak", "they can walk", "a room, please", "why not?", "the dog sleeps")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SAMPLES = {  # sample → the shape it is asked with
    "names": "one-to-many",
    "prose": "one-to-many",
    "reviews": "many-to-one",
    "part-of-speech": "many-to-many",
    "french": "encoder-decoder",
    "alphabet": "one-to-one",
}


def panel_of(window: MainWindow) -> TryItPanel:
    """The panel that answers."""
    panel = window.panels["try_it"]
    assert isinstance(panel, TryItPanel)
    return panel


def timed(ask: Callable[[], None], answered: Callable[[], bool]) -> float:
    """Milliseconds from asking until the answer is shown and painted."""
    started = time.perf_counter()
    ask()
    while not answered():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.perf_counter() - started > PATIENCE_S:
            raise TimeoutError("no answer")
    QApplication.processEvents()  # paints what has changed
    return (time.perf_counter() - started) * 1e3


def question(window: MainWindow, i: int) -> float:
    """Ask the i-th question of the shape at hand, as a person would type it."""
    view = panel_of(window).view
    phrase = f"{PHRASES[i % len(PHRASES)]} {PHRASES[(i // 6) % len(PHRASES)]}"
    if isinstance(view, GenerateView):
        text = f"{LETTERS[i % 26]}{LETTERS[i // 26 % 26]}"
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
    if isinstance(view, TagView):
        words = f"{phrase} {i}"
        return timed(
            lambda: view.text.setPlainText(words),
            lambda: bool(view.chips.chips) and view.chips.chips[-1].text == str(i),
        )
    if isinstance(view, PredictView):
        letter = LETTERS[i % 26]
        return timed(lambda: view.text.setPlainText(letter), lambda: f"“{letter}”" in view.asked.text())
    assert isinstance(view, TranslateView)
    tokens = window.session.data.dataset.codec.tokenize(phrase) if window.session.data.dataset is not None else ()
    return timed(lambda: view.text.setPlainText(phrase), lambda: view.search.tokens == tokens)


def start(session: Session, sample: str, hidden: int) -> None:
    """Train a sample's network of that size."""
    session.data.load_sample(sample)
    spin(1.5)
    session.set_model(hidden_size=hidden, architecture=SAMPLES[sample])
    session.run.set_training(epochs=100_000)
    spin(0.7)
    session.run.train()
    spin(1.0)


def speed(session: Session, seconds: float, meanwhile: Callable[[], None] | None = None) -> float:
    """Steps per second; `meanwhile` is done again and again."""
    first, started = session.run.progress.step, time.perf_counter()
    while time.perf_counter() - started < seconds:
        if meanwhile is not None:
            meanwhile()
        spin(BETWEEN_S)
    return (session.run.progress.step - first) / (time.perf_counter() - started)


def measure_latency(window: MainWindow, sample: str, hidden: int, questions: int) -> None:
    """Print a line for a sample, for a generator one with Live and one without."""
    start(window.session, sample, hidden)
    view = panel_of(window).view
    for live in (True, False) if isinstance(view, GenerateView) else (True,):
        if isinstance(view, GenerateView):
            view.live.set_value(live)
        took = []
        for i in range(questions):
            took.append(question(window, i))
            spin(BETWEEN_S)
        print(
            f"{sample:14s} {hidden} units, Live {'on ' if live else 'off'}: answer median {np.median(took):5.1f} ms, "
            f"99th percentile {np.percentile(took, 99):5.1f} ms, longest {max(took):5.1f} ms",
            flush=True,
        )
        if isinstance(view, GenerateView):
            view.live.set_value(True)
            view.prefix.clear()


def measure_cost(window: MainWindow, hidden: int, rounds: int) -> None:
    """Print what Live, and somebody who types, leave of the speed of training."""
    start(window.session, "names", hidden)
    panel, session = panel_of(window), window.session
    typed = 0

    def type_on() -> None:
        nonlocal typed
        typed += 1
        question(window, typed)

    live, typing = [], []
    for _ in range(rounds):
        panel.hide()
        alone = speed(session, 2.0)
        panel.show()
        live.append(speed(session, 2.0) / alone)
        typing.append(speed(session, 2.0, type_on) / alone)
    for name, ratios in (("Live", live), ("Live and typing", typing)):
        print(f"names, {name}: training keeps {100 * median(ratios):.0f} % (rounds {[round(100 * r) for r in ratios]})")


def main() -> None:
    """Print one line for each shape, then the cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--samples", nargs="*", default=list(SAMPLES), choices=SAMPLES)
    options = parser.parse_args()
    window = open_window()
    gc.freeze()  # as the program does, and the next line
    for sample in options.samples:
        measure_latency(window, sample, options.hidden, options.questions)
    if options.rounds:
        measure_cost(window, options.hidden, options.rounds)
    window.close()


if __name__ == "__main__":
    main()
