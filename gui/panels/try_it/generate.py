"""One to many: texts that the network writes, and what it would write next."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSpinBox

import engine
from gui.asking import Asker
from gui.membership import NEW, VALIDATION, Membership
from gui.panels.try_it.view import TYPING_PAUSE_MS, TryView, visible_name
from gui.session import Session
from gui.widgets.bars import Bar, Bars
from gui.widgets.disclosure import Disclosure
from gui.widgets.fields import Choice, Form, Switch
from gui.widgets.results import Result, ResultList
from gui.widgets.segments import Segments
from gui.widgets.slider import NumberSlider
from gui.widgets.text import text_label

MOST_SEGMENTS, LONGEST_SEGMENTS = 4, 28  # labels, and their letters together, that fit side by side
TEMPERATURES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0, 3.0, 5.0)
TOP_KS = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0)
TOP_PS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)
LIVE_S = 0.5  # faster than this nobody can read the names that change
NEXT_BARS = 8
MOST_TEXTS = 1000


@dataclass(frozen=True)
class Wish:
    """What is to be written."""

    label: str | None
    prefix: str
    temperature: float
    top_k: int
    top_p: float
    count: int
    seed: int
    compared: bool = False  # look for the nearest training text of each as well


class GenerateView(TryView):
    """Label, beginning, temperature; the texts with badges; bars of the next symbol that build a text by hand."""

    name = "generate"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.segments = Segments("try-label", {}, "What the network starts from")
        self.choice = Choice("try-label-choice", "Label", "What the network starts from", {})
        self.label_name = text_label("Label", "secondary")
        self.prefix = QLineEdit()
        self.temperature = NumberSlider(
            "temperature", "Temperature", "Low: the most probable, again and again. High: daring, up to nonsense.",
            TEMPERATURES, minimum=0.0, maximum=100.0, widest="0.85")
        self.top_k = NumberSlider("top-k", "Top k", "Choose only among the k most probable symbols; 0 among all.",
                                  TOP_KS, minimum=0, maximum=1e6, whole=True, widest="1000")
        self.top_p = NumberSlider("top-p", "Top p",
                                  "Choose among the fewest symbols that together reach this probability.", TOP_PS,
                                  minimum=0.01, maximum=1.0, widest="0.95")
        self.count = QSpinBox()
        self.button = QPushButton()
        self.live = Switch("try-live", "Live", "Write anew while the network trains")
        self.results = ResultList(session.theme, "try-results", "Generated texts")
        self.next_title = text_label("", "strong", elide=True)
        self.bars = Bars(session.theme, "try-next", "Probabilities of the next symbol", clickable=True)
        self.bars_asker = Asker(session, "try-next")
        self._membership: Membership | None = None
        self._seed = 0
        self._written = 0.0
        self._labels: tuple[str, ...] = ()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_PAUSE_MS)
        self._prepare()
        self._arrange()
        self._connect()

    def _prepare(self) -> None:
        self.prefix.setObjectName("try-prefix")
        self.prefix.setAccessibleName("Beginning")
        self.prefix.setToolTip("The first symbols of every text; the network goes on from here")
        self.prefix.setPlaceholderText("anything")
        self.prefix.setClearButtonEnabled(True)
        self.temperature.set_value(0.8)
        self.top_p.set_value(1.0)
        self.count.setObjectName("try-count")
        self.count.setAccessibleName("How many texts")
        self.count.setToolTip("How many texts")
        self.count.setRange(1, MOST_TEXTS)
        self.count.setValue(10)
        self.button.setObjectName("try-generate")
        self.button.setProperty("role", "primary")
        self.button.setToolTip("Write other texts")
        self.live.set_value(True)

    def _arrange(self) -> None:
        form = Form()
        choices = QHBoxLayout()
        choices.addWidget(self.segments)
        choices.addWidget(self.choice)
        form.addWidget(self.label_name, 0, 0)
        form.addLayout(choices, 0, 1)
        form.add("Starts with", self.prefix)
        form.add("Temperature", self.temperature)
        more = Form()
        more.add("Top k", self.top_k)
        more.add("Top p", self.top_p)
        more.add("How many", self.count)
        row = QHBoxLayout()
        row.addWidget(self.button, 1)
        row.addWidget(self.live)
        self.column.addLayout(form)
        self.column.addLayout(row)
        self.column.addWidget(Disclosure("more-generate", "More", more))
        self.column.addWidget(self.message)
        self.column.addWidget(self.results, 1)
        self.column.addWidget(self.next_title)
        self.column.addWidget(self.bars)

    def _connect(self) -> None:
        self.segments.changed.connect(self._changed)
        self.choice.changed.connect(self._changed)
        self.prefix.textChanged.connect(self._typing.start)
        self.prefix.returnPressed.connect(self.generate)
        self._typing.timeout.connect(self._changed)
        for slider in (self.temperature, self.top_k, self.top_p):
            slider.moved.connect(self._changed)
        self.count.valueChanged.connect(self._changed)
        self.button.clicked.connect(self.generate)
        self.bars.chosen.connect(self._append)

    def adapt(self) -> None:
        """Offer the labels of the data; texts of the old network go."""
        dataset = self.session.dataset
        assert dataset is not None
        self._labels = dataset.labels
        if self._membership is None or self._membership.dataset is not dataset:
            self._membership = Membership(dataset)
            self.prefix.clear()
            self.count.setValue(3 if dataset.kind == "stream" else 10)
        fits = len(self._labels) <= MOST_SEGMENTS and len("".join(self._labels)) <= LONGEST_SEGMENTS
        chosen = self._label()
        self.segments.set_choices({label: label for label in self._labels} if fits else {})
        self.choice.clear()
        for label in self._labels:
            self.choice.addItem(label, label)
        for widget, used in ((self.segments, fits), (self.choice, not fits)):
            widget.setVisible(bool(self._labels) and used)
        self.label_name.setVisible(bool(self._labels))
        if self._labels:
            label = chosen if chosen in self._labels else self.session.label or self._labels[0]
            self.segments.set_value(label)
            self.choice.set_value(label)
        self.refuse("")
        self.results.show_results((), self.session.theme)
        self.bars.show_bars((), self.session.theme)
        self.next_title.setText("")

    def _label(self) -> str | None:
        if not self._labels:
            return None
        shown = self.segments.value() or str(self.choice.value() or "")
        return shown if shown in self._labels else None

    def wish(self) -> Wish:
        """What the controls say."""
        return Wish(self._label(), self.prefix.text(), self.temperature.value(), round(self.top_k.value()),
                    self.top_p.value(), self.count.value(), self._seed, self.session.status != "running")

    def follow(self) -> None:
        """Newer weights: the same draw again, so that one sees the names get better and not other ones."""
        self._name_button()
        now = time.monotonic()
        settled = self.session.status != "running"
        if not self.results.count() or (self.live.value() and (settled or now - self._written >= LIVE_S)):
            self._written = now
            self.asker.follow(self._work(), self._show, self.refuse)
        self.bars_asker.follow(partial(next_symbols, wish=self.wish()), self._show_next)

    def generate(self) -> None:
        """Write other texts."""
        self._seed = random.randrange(2**31)
        self._changed()

    def _changed(self) -> None:
        self._name_button()
        self._written = time.monotonic()
        self.asker.ask(self._work(), self._show, self.refuse)
        self.bars_asker.ask(partial(next_symbols, wish=self.wish()), self._show_next)

    def _name_button(self) -> None:
        count = self.count.value()
        self.button.setText(f"Generate {count}")
        self.button.setAccessibleName(f"Generate {count}")

    def _work(self) -> partial[list[Result]]:
        return partial(write, wish=self.wish(), membership=self._membership)

    def _show(self, results: list[Result]) -> None:
        self.refuse("")
        self.results.show_results(results, self.session.theme)

    def _show_next(self, shown: tuple[str, list[Bar]]) -> None:
        beginning, bars = shown
        unit = "word" if self._unit() == "word" else "character"
        self.next_title.setText(f"After “{beginning}” the next {unit} is…" if beginning else f"The first {unit} is…")
        self.bars.show_bars(bars, self.session.theme, full=max((bar.share for bar in bars), default=1.0))

    def _unit(self) -> str:
        return self.session.dataset.codec.unit if self.session.dataset is not None else "character"

    def _append(self, name: str) -> None:
        """Build by hand: the chosen symbol joins the beginning."""
        symbol = next((s for s in (" ", "\n", "\t") if visible_name(s) == name), name)
        dataset = self.session.dataset
        if name == "end" or dataset is None:
            return
        tokens = (*dataset.codec.tokenize(self.prefix.text()), symbol)
        self.prefix.setText(dataset.codec.join(tokens))


def write(snapshot: engine.Snapshot, wish: Wish, membership: Membership | None) -> list[Result]:
    """The texts that were wished for, best first; runs in the background."""
    texts = snapshot.model().generate(
        count=wish.count, label=wish.label, prefix=wish.prefix, temperature=wish.temperature, top_k=wish.top_k,
        top_p=wish.top_p, seed=wish.seed)
    running = snapshot.codec.kind == "stream"
    return [_result(text, None if running else membership, wish.compared) for text in texts]


def _result(text: engine.Generated, membership: Membership | None, compared: bool) -> Result:
    origin = membership(text.tokens) if membership is not None else ""
    badge = "in data" if origin not in ("", NEW) else origin
    tone = "good" if origin == NEW else "warning" if origin == VALIDATION else "neutral"
    if origin == VALIDATION:
        badge = "in validation"
    nats = text.log_probability
    chance = f"1 in {math.exp(-nats):,.0f}" if -50 < nats <= 0 else "less than 1 in 10²¹"
    hint = f"{text.text}\n{origin}\nlog-probability {nats:.2f} nats: {chance}".replace("\n\n", "\n")
    if origin == NEW and compared and membership is not None:
        found = membership.nearest(text.tokens)
        if found is not None:
            hint += f"\nnearest in the training data: {found[0]}, {found[1]} change{'s' if found[1] != 1 else ''} away"
    own = text.token_log_probabilities
    given = len(text.tokens) - len(own) + 1  # symbols of the beginning were not chosen by the network
    shades = tuple([1.0] * max(0, given) + [math.exp(min(0.0, value)) for value in own])[: len(text.tokens)]
    number = f"{nats:.2f}".replace("-", "−")
    return Result(text.text.strip("\n") or "(nothing)", badge, tone, number, hint, text.tokens, shades)


def next_symbols(snapshot: engine.Snapshot, wish: Wish) -> tuple[str, list[Bar]]:
    """The beginning and the bars of what may follow; runs in the background."""
    probabilities = snapshot.model().next_symbols(wish.prefix, label=wish.label)
    ranked = sorted(probabilities.items(), key=lambda item: -item[1])[:NEXT_BARS]
    return wish.prefix, [Bar(visible_name(name), share) for name, share in ranked]
