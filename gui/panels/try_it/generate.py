"""One to many: texts that the network writes, what it would write next, and how many of its texts are new."""

from __future__ import annotations

import random
import time
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QStackedWidget

from engine.data.codec import Kind
from engine.data.vocabulary import END
from engine.inspection.membership import Membership
from engine.number_text import grouped
from engine.options import Option
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.beginning import Beginning, SuggestionRow
from gui.panels.try_it.by_hand import ByHand
from gui.panels.try_it.novelty import NoveltyPlot
from gui.panels.try_it.try_view import TYPING_PAUSE_MS, TryView
from gui.panels.try_it.writing import (
    MOST_READ,
    SHADES_HELP,
    Following,
    Rates,
    WritingRequest,
    Written,
    judge_built,
    nearest_in_training,
    next_symbols,
    rate,
    suggest,
    write_greedy,
    write_texts,
)
from gui.session.questions import Question
from gui.session.session import Session
from gui.widgets.box_layouts import add, side_by_side
from gui.widgets.disclosure import Disclosure
from gui.widgets.fields import Choice, Form, Switch, Whole
from gui.widgets.result_list import ROW_PX, Result, ResultList
from gui.widgets.segments import Segments
from gui.widgets.slider import NumberSlider
from gui.widgets.symbols import plain_tip
from gui.widgets.text import text_label

if TYPE_CHECKING:
    from gui.panels.try_it.written_tune import TuneView

MOST_SEGMENTS, LONGEST_SEGMENTS = 4, 28  # labels, and their letters together, that fit side by side
# 0, which always takes the most probable symbol, then values evenly spread on a log scale
TEMPERATURES = (0.0, 0.1, 0.125, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.63, 0.8, 1.0, 1.25, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0)
TEMPERATURE_HELP = "Low is safe, high is bold, very high is nonsense."
TOP_KS = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0)
TOP_PS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)
LOOKS = {"next": "Build by hand", "new": "Share of new texts"}
LOOKS_AT_TUNES = {"tune": "Tune", "next": "By hand", "new": "New"}
NEAREST_HELP = "Hover to see the closest training text."
LIVE_S = 0.5  # if they changed faster, nobody could read them
MOST_TEXTS = 1000
GREEDY_LINES = 3
UNIT_HELP = (
    "The number is the log-probability of everything the network wrote, including the end:\n"
    "0 is certain, −0.69 is one in two. It is computed at temperature 1, whatever temperature the text was drawn at.\n"
    f"A given beginning does not count.\n{SHADES_HELP}"
)


class GenerateView(TryView):
    """Label, beginning, temperature; the texts with badges; bars of the next symbol that build a text by hand."""

    name = "generate"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.segments = Segments("try-label", {}, "The label the network starts from")
        self.choice = Choice("try-label-choice", "Label", "The label the network starts from", {})
        self.label_name = text_label("Label", "secondary")
        self.prefix = Beginning()
        self.suggestions = SuggestionRow()
        self.temperature = NumberSlider(
            "temperature", "Temperature", TEMPERATURE_HELP, TEMPERATURES, minimum=0.0, maximum=100.0, widest="0.85"
        )
        help = "Choose only among the k most probable symbols; off (0): among all."
        self.top_k = NumberSlider(
            "top-k", "Top k", help, TOP_KS, minimum=0, maximum=1e6, whole=True, widest="1000", zero="off"
        )
        help = "Choose among the fewest symbols that together reach this probability."
        self.top_p = NumberSlider("top-p", "Top p", help, TOP_PS, minimum=0.01, maximum=1.0, widest="0.95")
        self.count = Whole("try-count", Option("How many", "Number of texts", 1, MOST_TEXTS))
        self.button = QPushButton()
        self.live = Switch("try-live", "Live", "Keep generating while the network trains")
        self.greedy_title = text_label("Greedy: the most probable at each step", "small")
        self.greedy = ResultList(session.theme, "try-greedy", "The greedy text", most_lines=GREEDY_LINES, fits=True)
        self.sampled_title = text_label("", "small")
        self.results = ResultList(session.theme, "try-results", "Generated texts")
        self.unit = text_label("log-probability", "small")
        self.unit.setToolTip(plain_tip(UNIT_HELP))
        self.look = Segments("try-look", LOOKS, "Content to show")
        self.stack = QStackedWidget()
        self.rates = NoveltyPlot(session.theme)
        self.by_hand = ByHand(session.theme)
        self._bars, self._suggested, self._greedy, self._built, self._near, self._rated = (object() for _ in range(6))
        self.nearest = text_label("", "small", elide=True, name="try-nearest")
        self._membership: Membership | None = None
        self._seed = 0
        self._written = 0.0
        self._labels: tuple[str, ...] = ()
        self._offers = False  # whether words are suggested
        self._written_texts: Written | None = None
        self._following: Following | None = None
        self._typing = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._prepare()
        self._arrange()
        self._connect()

    def _prepare(self) -> None:
        self.temperature.set_value(0.8)
        self.top_p.set_value(1.0)
        self.count.set_value(10)
        self.button.setObjectName("try-generate")
        self.button.setProperty("role", "primary")
        self.button.setToolTip("Generate other texts")
        self.live.set_value(True)
        self.look.set_value("next")

    def _arrange(self) -> None:
        form = Form()
        choices = side_by_side(self.segments, self.choice)
        form.addWidget(self.label_name, 0, 0)
        form.addLayout(choices, 0, 1)
        form.add("Starts with", self.prefix)
        form.add("", self.suggestions)
        form.add("Temperature", self.temperature)
        form.add("", text_label(TEMPERATURE_HELP, "small", wrap=True))
        rare = Form()
        rare.add("Top k", self.top_k)
        rare.add("Top p", self.top_p)
        rare.add("How many", self.count)
        more = Disclosure("more-generate", "More")
        more.set_content(rare)
        row = side_by_side((self.button, 1), self.live)
        add(
            self.column,
            form,
            row,
            more,
            self.message,
            self.greedy_title,
            self.greedy,
            side_by_side((self.sampled_title, 1), self.unit),
            (self.results, 1),
            self.nearest,
            self.look,
            self.stack,
        )
        self.results.setMinimumHeight(4 * ROW_PX)
        self.stack.addWidget(self.by_hand)
        self.stack.addWidget(self.rates)

    def _connect(self) -> None:
        self.segments.changed.connect(self._changed)
        self.choice.changed.connect(self._changed)
        self.prefix.textChanged.connect(self._typing.start)
        self.prefix.textChanged.connect(self._forget_built)
        self.suggestions.taken.connect(self._take_suggestion)
        self.by_hand.undone.connect(self.prefix.take_back)
        self.look.changed.connect(self._change_look)
        self.prefix.returnPressed.connect(self.generate)
        self._typing.timeout.connect(self._changed)
        for slider in (self.temperature, self.top_k, self.top_p):
            slider.moved.connect(self._changed)
        self.count.changed.connect(self._changed)
        self.live.changed.connect(self._stay)
        self.button.clicked.connect(self.generate)
        self.by_hand.chosen.connect(self._append)
        self.greedy.select_alone(self.results)
        for results in (self.greedy, self.results):
            results.pointed.connect(self._find_nearest)
            results.pointed.connect(self._show_tune)

    def adapt(self) -> None:
        """Offer the labels of the data, and clear the texts of the old network."""
        dataset = self.session.data.dataset
        assert dataset is not None
        self._labels = dataset.labels
        if self._membership is None or self._membership.dataset is not dataset:
            self._membership = Membership(dataset)
            self.prefix.start_over()
            self.count.set_value(3 if dataset.kind == Kind.STREAM else 10)
            looks = LOOKS_AT_TUNES if dataset.holds_tunes else LOOKS
            self.look.set_choices(looks)
            if dataset.kind == Kind.STREAM or self.look.value() not in looks or looks is LOOKS_AT_TUNES:
                self.look.set_value(next(iter(looks)))
            self._show_look()
        fits = len(self._labels) <= MOST_SEGMENTS and len("".join(self._labels)) <= LONGEST_SEGMENTS
        chosen = self._label()
        self.segments.set_choices({label: label for label in self._labels} if fits else {})
        self.choice.clear()
        for label in self._labels:
            self.choice.add(label, label)
        for widget, used in ((self.segments, fits), (self.choice, not fits)):
            widget.setVisible(bool(self._labels) and used)
        self.label_name.setVisible(bool(self._labels))
        if self._labels:
            label = chosen if chosen in self._labels else self.session.probe.label or self._labels[0]
            self.segments.set_value(label)
            self.choice.set_value(label)
        self._offers = dataset.codec.reads_words or dataset.kind == Kind.STREAM
        self.nearest.setVisible(dataset.kind != Kind.STREAM)
        self.nearest.setText(NEAREST_HELP)
        self.look.setVisible(dataset.kind != Kind.STREAM)  # running text has no items that could be new
        self._forget_built()
        self._clear()

    def _clear(self) -> None:
        theme = self.session.theme
        self.refuse("")
        for widget in (self.greedy, self.results):
            widget.show_results((), theme)
        self.by_hand.clear(theme)
        self.rates.show_run(self.session.runs.current, self.session.run.progress.step, self.request().settings)
        self.suggestions.show_suggestions(())
        self.sampled_title.setText("")
        self._written_texts = self._following = None

    def _label(self) -> str | None:
        if not self._labels:
            return None
        shown = self.segments.value() or str(self.choice.value() or "")
        return shown if shown in self._labels else None

    def request(self) -> WritingRequest:
        """What the controls say."""
        return WritingRequest(
            self._label(),
            self.prefix.text(),
            self.temperature.value(),
            round(self.top_k.value()),
            self.top_p.value(),
            self.count.value(),
            self._seed,
        )

    def follow(self) -> None:
        """Draw again with newer weights and the same seed, so that one sees the same texts get better."""
        self._name_button()
        now = time.monotonic()
        settled = not self.session.run.training
        due = not self.results.count() or (self.live.value() and (settled or now - self._written >= LIVE_S))
        if due:
            self._written = now
        self._ask(due)

    def _ask(self, texts: bool) -> None:
        """Ask for what is found quickly first: bars, suggested words, texts. What nobody waits for comes last."""
        request, member = self.request(), self._membership
        self.rates.show_settings(request.settings)
        self.ask(partial(next_symbols, request=request), self._show_next, request, owner=self._bars)
        self.suggestions.setVisible(self._offers and self.session.run.progress.step > 0)  # an untrained one guesses
        if not self.suggestions.isHidden():
            suggested = partial(suggest, text=request.prefix, label=request.label)
            self.ask(suggested, self.suggestions.show_suggestions, request.prefix, request.label, owner=self._suggested)
        if not texts:
            return
        self.ask(partial(write_texts, request=request, membership=member), self._show, request)
        if request.temperature > 0:
            greedy = partial(write_greedy, request=request, membership=member)
            self.ask(greedy, self._show_greedy, request, owner=self._greedy)
        # The curves need far more texts than are shown, so before any training they wait until someone looks at them.
        if self.session.run.progress.step > 0 or self.look.value() == "new":
            self._ask_rates(request)

    def _ask_rates(self, request: WritingRequest) -> None:
        member = self._membership
        if member is not None and member.dataset.kind != Kind.STREAM:
            rated = partial(rate, request=request, membership=member)
            self.session.ask(Question(self._rated, rated, self._show_rates, about=request.settings))

    def _stay(self) -> None:
        """Live was switched: texts that are still waiting to be written anew must not appear after it is off."""
        if not self.live.value():
            for owner in (self._place, self._greedy, self._rated):
                self.session.questions.drop_refresh(owner)

    def generate(self) -> None:
        """Write new texts."""
        self._seed = random.randrange(2**31)
        self._changed()

    def _changed(self) -> None:
        self._name_button()
        self._written = time.monotonic()
        self._ask(texts=True)

    def _name_button(self) -> None:
        count = self.count.value()
        self.button.setText(f"Generate {count}")
        self.button.setAccessibleName(f"Generate {count}")

    def _show(self, written: Written) -> None:
        theme, unit = self.session.theme, self.session.data.symbol_name
        notes = [f"Only the last {grouped(MOST_READ)} {unit}s of the beginning are read."] if written.cut else []
        self.refuse(" ".join([*notes, *self.unknown_in_words(written.unknown)]))
        self._written_texts = written
        if written.results != tuple(self.results.results):  # what it was nearest to is no longer there
            self.nearest.setText(NEAREST_HELP)
        self.results.show_results(written.results, theme)
        if written.results and self.look.value() == "tune" and not self.results.underMouse():
            self._show_tune(self.greedy.selected or self.results.selected or written.results[0])
        temperature = written.request.temperature
        for widget in (self.greedy_title, self.greedy):
            widget.setVisible(temperature > 0)
        self.sampled_title.setText(
            f"Drawn at temperature {temperature:g}"
            if temperature > 0
            else "Temperature 0: the most probable at each step"
        )

    def _show_greedy(self, result: Result) -> None:
        self.greedy.show_results((result,), self.session.theme)
        if self.greedy.selected is not None:
            self._show_tune(result)

    def _show_rates(self, rates: Rates) -> None:
        self.rates.add(rates, self.session.run.progress.steps_total, self.session.theme)

    def _show_next(self, found: Following) -> None:
        self._following = found
        self.by_hand.show_next(found, self.session.data.symbol_name, self.session.theme)

    def _find_nearest(self, result: Result) -> None:
        member = self._membership
        if member is not None and member.dataset.kind != Kind.STREAM:
            found = partial(nearest_in_training, tokens=result.symbols, membership=member)
            self.ask(found, partial(self._show_nearest, result), object(), owner=self._near)

    def _show_nearest(self, result: Result, text: str) -> None:
        if result in (*self.greedy.results, *self.results.results):  # unless other texts have come meanwhile
            self.nearest.setText(text)

    def _append(self, symbol: str) -> None:
        """Build by hand: add the chosen symbol to the beginning."""
        dataset = self.session.data.dataset
        if dataset is None:
            return
        if symbol == END:
            judged = partial(judge_built, request=self.request(), membership=self._membership)
            self.ask(judged, self.by_hand.show_built, object(), owner=self._built)
            return
        tokens = (*dataset.codec.tokenize(self.prefix.text()), symbol)
        self.prefix.setText(dataset.codec.join(tokens))

    def _take_suggestion(self, text: str) -> None:
        self.prefix.setText(text)
        self.prefix.setFocus()

    def _forget_built(self) -> None:
        self.by_hand.forget_built(can_undo=self.prefix.can_undo)

    @cached_property
    def tune(self) -> TuneView:
        """The tune of a text, made for the first data that hold tunes."""
        from gui.panels.try_it.written_tune import TuneView

        view = TuneView(self.session)
        self.stack.addWidget(view)
        return view

    def _change_look(self) -> None:
        self._show_look()
        if self.look.value() == "new" and self.session.run.progress.step == 0:
            self._ask_rates(self.request())

    def _show_look(self) -> None:
        look = self.look.value()
        self.stack.setCurrentWidget(self.tune if look == "tune" else self.rates if look == "new" else self.by_hand)
        if look == "tune":
            self.tune.draw()  # the colours may have changed meanwhile

    def _show_tune(self, result: Result) -> None:
        written = self._written_texts
        if self.look.value() == "tune" and written is not None:
            self.tune.show_text(result.text, written.request.label or "")

    def draw(self) -> None:
        """Show the texts, the bars, the curves and the tune again."""
        theme = self.session.theme
        for texts in (self.greedy, self.results):
            texts.show_results(texts.results, theme)
        if self._following is not None:
            self._show_next(self._following)
        self.rates.draw(theme)
        if self.look.value() == "tune":
            self.tune.draw()

    def answers(self) -> Answers | None:
        """The texts that were drawn, with the settings they were drawn with."""
        written = self._written_texts
        if written is None:
            return None
        label, temperature = written.request.label or "", written.request.temperature
        texts = zip(written.results, written.log_probabilities, strict=True)
        rows = tuple((result.text, label, result.badge, nats, temperature) for result, nats in texts)
        columns = ("text", "label", "origin", "log_probability", "temperature")
        return Answers(tuple(r.text for r in written.results), columns, rows)
