"""The weights of each parameter over the training, and how large their gradients are."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout

import engine
from engine.data.examples import Example, Examples
from gui.exporting import Table
from gui.panels.asking_view import AskingView
from gui.session import Session
from gui.unrolled_view.diagram import Floats
from gui.unrolled_view.painter import subscript
from gui.weight_history import BINS, Moment, WeightHistory, spread_of
from gui.widgets.bars import Bar, Bars
from gui.widgets.heat_map import EMPTY, Heat, HeatMap
from gui.widgets.text import text_label

EXAMPLES = 16  # whose mean gradient is shown
SYMBOLS = 400  # of running text
LONGEST = 200  # symbols of an example
LETTERS = {"weight": "W", "weight_ih": "W", "weight_hh": "U", "bias": "b", "bias_hn": "bₙ"}
BRIGHTEST = 0.9  # colour of the fullest bin of a moment


class WeightsPanel(AskingView[Moment]):
    """Left: each parameter with its gradient. Right: where the weights of the chosen one lie, from step to step."""

    HELP = (
        "Right: each column is a moment of the training, each row a range of weights; the darker, the more weights lie "
        "there. At the start they fill the range they were drawn from. Weights that are learned spread out; a "
        "histogram that runs away means that the learning rate is too high.\n\nLeft: the length of the gradient of "
        f"each parameter, on the same {EXAMPLES} training examples each time. A parameter whose gradient is thousands "
        "of times smaller than that of the others hardly learns.\n\nThe history begins when this view is first shown."
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Weights", "", "weights")
        self.bars = Bars(
            session.theme, "weights-parameters", "Gradient of each parameter", clickable=True, number=_written
        )
        self.bars.chosen.connect(self._choose)
        self.heat_map = HeatMap(session.theme, "weights", "Weights: value by training step")
        self.heat_map.gaps = False
        self.heat_map.told = self._tell
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(text_label("length of the gradient", "small"))
        scroll = QScrollArea()
        scroll.setObjectName("weights-scroll")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.bars)
        self.bars.setAutoFillBackground(False)  # as the scroll area would have it
        left.addWidget(scroll, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(left, 4)
        row.addWidget(self.heat_map, 5)
        self.content.addLayout(row, 1)
        self.history = WeightHistory()
        self.name = ""
        self._run = -1

    def subject(self) -> tuple[object, ...]:
        """Not the probe."""
        return (self.session.run,)

    def nothing(self) -> str:
        """Without data there is no network."""
        return "There is no network yet."

    def question(self) -> Callable[[engine.Snapshot], Moment | None]:
        """Histograms and gradients of the newest weights."""
        dataset = self.session.dataset
        return partial(moment_of, examples=dataset.train if dataset is not None else None)

    def refresh(self) -> None:
        """A new run begins a new history."""
        if self._run != self.session.run:
            self._run, self.history, self.found = self.session.run, WeightHistory(), None
        super().refresh()

    def draw(self) -> None:
        """Bars, and the histograms of the chosen parameter."""
        if self.found is not None:
            self.history.add(self.found)
        theme, names = self.session.theme, self.history.names()
        if self.found is None or not names:
            self.heat_map.show_heat(EMPTY, theme)
            self.bars.show_bars((), theme)
            return
        if self.name not in names:
            self.name = next((name for name in names if name.endswith("weight_hh")), names[0])
        norms = {name: self.found.spreads[name].gradient_norm for name in names}
        largest = max((norm for norm in norms.values() if math.isfinite(norm)), default=1.0) or 1.0
        bars = [
            Bar(title_of(name), norm, theme.accent if name == self.name else theme.train)
            for name, norm in norms.items()
        ]
        self.bars.show_bars(bars, theme, full=largest)
        self.heat_map.show_heat(heat_of(self.history, self.name), theme)
        self.subtitle.setText(f"{title_of(self.name)} since step {self.history.moments[0].step}")

    def _choose(self, title: str) -> None:
        self.name = next(name for name in self.history.names() if title_of(name) == title)
        self.draw()

    def _tell(self, row: int, column: int) -> str:
        if column >= len(self.history.moments):
            return ""
        shares, reach = self.history.shares(self.name)
        row += unused_rows(shares)
        high = reach * (1 - 2 * row / BINS)
        share = 100 * float(shares[row, column])
        step = self.history.moments[column].step
        return f"step {step}: {share:.1f} % of the weights lie between {high - 2 * reach / BINS:.3g} and {high:.3g}"

    def table(self) -> Table:
        """One row for each moment and parameter, with its histogram."""
        rows: list[tuple[object, ...]] = []
        for moment in self.history.moments:
            for name, spread in moment.spreads.items():
                rows.append(
                    (moment.step, name, spread.norm, spread.gradient_norm, spread.reach, *spread.counts.tolist())
                )
        bins = tuple(f"bin {i + 1} of {BINS}" for i in range(BINS))
        return Table(("step", "parameter", "length", "length of gradient", "bins from minus to plus", *bins), rows)


def title_of(name: str) -> str:
    """A parameter's name in the letters of the equations: "U₁" for "network.0.weight_hh"."""
    part, *rest = name.removeprefix("network.").split(".")
    if part in ("encoder", "decoder"):
        return f"{part} {title_of('.'.join(rest))}"
    if part.isdigit() and rest:
        letter = LETTERS.get(rest[-1], rest[-1])
        between = "".join(f" {word}" for word in rest[:-1])
        return f"{letter}{subscript(int(part) + 1)}{between}"
    if part == "embedding":
        return part
    return " ".join([part, *(LETTERS.get(word, word) for word in rest)])


def heat_of(history: WeightHistory, name: str) -> Heat:
    """The histograms of one parameter, side by side, each as bright as its fullest bin."""
    shares, reach = history.shares(name)
    fullest = np.maximum(shares.max(axis=0, keepdims=True), 1e-12)
    first = unused_rows(shares)
    edges = [reach * (1 - 2 * i / BINS) for i in range(first, BINS - first)]
    rows = tuple(f"{edge:+.2g}".replace("-", "−") for edge in edges)
    columns = tuple(str(moment.step) for moment in history.moments)
    # square roots, so that the thin ends of a histogram can be seen beside its middle
    shown = BRIGHTEST * np.sqrt(shares / fullest)[first : BINS - first]
    return Heat(shown.astype(np.float32), columns, rows)


def unused_rows(shares: Floats) -> int:
    """How many bins at either end have never held a weight, but for one: the picture leaves them out."""
    used = np.flatnonzero(shares.any(axis=1))
    return max(0, min(int(used[0]), BINS - 1 - int(used[-1])) - 1) if len(used) else 0


def moment_of(snapshot: engine.Snapshot, examples: Examples | None) -> Moment | None:
    """Histograms of all parameters, and their gradients on a few training examples; runs in the background."""
    if examples is None or not len(examples):
        return None
    model = snapshot.model()
    with np.errstate(all="ignore"):  # a network that diverges is looked at too
        model.loss_and_gradient(_few(examples))
        norms = {name: float(np.sqrt((g.astype(np.float64) ** 2).sum())) for name, g in model.gradients.items()}
    spreads = {name: spread_of(values, norms[name]) for name, values in model.parameters.items()}
    return Moment(snapshot.step, spreads)


def _few(examples: Examples) -> Examples:
    """Some short examples, the same each time."""
    if examples.codec.kind == "stream":
        first = examples.source.part(0, SYMBOLS)
        return Examples.of(examples.codec, [Example(tuple(examples.codec.source.decode(first)))])
    lengths = np.asarray(examples.source.lengths)
    short = np.flatnonzero(lengths <= max(LONGEST, int(lengths.min())))
    chosen = short[np.linspace(0, len(short) - 1, min(EXAMPLES, len(short))).astype(np.int64)]
    return examples.take(chosen)


def _written(value: float) -> str:
    return f"{value:.2g}"
