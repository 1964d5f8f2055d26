"""Many to one with a number as the answer: the rating of the typed text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import engine
from engine.inspection.text_search import LONGEST_LOOK
from engine.models import Rating
from engine.number_text import estimate, plus_minus
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.file_answers import AnswerCells, AnswerValues, FileVerb, score_numbers
from gui.panels.try_it.file_row import FileRow
from gui.panels.try_it.hardest import NUMBERS, HardestTexts
from gui.panels.try_it.try_view import ProbeText, TryView
from gui.session.session import Session
from gui.theme import Theme
from gui.widgets.chips import Chip, Chips
from gui.widgets.symbols import visible_symbol
from gui.widgets.text import text_label

MOST_SO_FAR = 80  # symbols of a text that is rated after each of them
PLAIN = 0.1  # standard deviations of the data: a smaller change is not coloured
SPREAD = "± is one standard deviation as the network sees it: if it is right, two thirds of such texts are this close."
SO_FAR = "Numbers below words: the answer if the text ended there. Blue raises it, orange lowers it."

UNKNOWN = "A dotted edge: unknown to the network."


@dataclass(frozen=True, eq=False)
class RatedText:
    """The rating of a text of T symbols. so_far (T,): the rating if the text ended after each symbol; () for a long
    text. cut: number of symbols after the T. scale: one standard deviation of the data."""

    text: str
    rating: Rating
    tokens: tuple[str, ...]
    cut: int
    known: tuple[bool, ...]
    so_far: tuple[float, ...]
    scale: float


class RateView(TryView):
    """As one types: the number, how far off it may be, and how it came about, word by word."""

    name = "rate"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.text = ProbeText(session, "A text to rate", "The number follows as you type")
        self.verdict = text_label("", "title", name="try-verdict")
        self.explained = text_label("", "small", wrap=True)
        self.chips = Chips(session.theme, "try-effects", "The rating after each symbol")
        self._found: RatedText | None = None
        self.file = FileRow(session, "rate-file", "Rate a file…", RATE)
        for widget in (self.text, self.file, self.message, self.verdict, self.explained):
            self.column.addWidget(widget)
        self.hardest = HardestTexts(session, NUMBERS)
        self.hardest.put_below(self.chips, self.column)

    def adapt(self) -> None:
        """Show the probe as the text, and clear the answer of the old network."""
        self.text.show_probe()
        self.file.abandon()
        self.hardest.clear()
        self._show(None)

    def follow(self) -> None:
        """Ask for a new answer."""
        self.text.show_probe()
        self.file.follow()
        text = self.session.probe.text
        if self._found is None:
            self.explained.setText(self.without_answer())
        self.ask(partial(_rate, text=text), self._show, text)
        self.hardest.follow()

    def _show(self, found: RatedText | None) -> None:
        self._found, rating = found, None if found is None else found.rating
        self.remark_on(() if found is None else found.tokens, 0 if found is None else found.cut)
        self.verdict.setText("" if found is None else _number(found))
        notes = [SPREAD] if rating is not None and math.isfinite(rating.deviation) else []
        notes += [SO_FAR] if found is not None and found.so_far else []
        notes += [UNKNOWN] if found is not None and not all(found.known) else []
        self.explained.setText(self.without_answer() if rating is None else " ".join(notes))
        theme = self.session.theme
        self.chips.show_chips([] if found is None else _chips(found, theme), theme)

    def draw(self) -> None:
        """Show the answer and the texts again."""
        self._show(self._found)
        self.hardest.draw()

    def answers(self) -> Answers | None:
        """The number with its standard deviation."""
        if self._found is None:
            return None
        rating = self._found.rating
        row = (self._found.text, round(rating.value, 6), round(rating.deviation, 6))
        return Answers((_number(self._found),), ("text", "rating", "deviation"), (row,))


def _number(found: RatedText) -> str:
    rating = found.rating
    return estimate(rating.value, rating.deviation, found.scale) + plus_minus(rating.deviation)


def _chips(found: RatedText, theme: Theme) -> list[Chip]:
    """Each symbol with the rating up to it, coloured by how much it changed the rating."""
    changes = [0.0, *(after - before for before, after in pairwise(found.so_far))]
    strongest = max(map(abs, changes))
    chips = []
    for place, token in enumerate(found.tokens):
        rating = found.so_far[place] if found.so_far else math.nan
        change = changes[place] if found.so_far else 0.0
        colored = abs(change) >= PLAIN * found.scale
        color = "" if not colored else theme.positive if change > 0 else theme.negative
        note = estimate(rating, found.rating.deviation, found.scale) if math.isfinite(rating) else ""
        strength = abs(change) / max(strongest, found.scale) if colored else 0.0
        hint = "" if found.known[place] else "unknown to the network"
        chips.append(Chip(visible_symbol(token), note, color, strength, hint, not found.known[place]))
    return chips


def _rate(snapshot: engine.Snapshot, text: str) -> RatedText | None:
    """The rating of a text and of its beginnings; runs in the background."""
    whole = snapshot.codec.tokenize(text)
    tokens = whole[:LONGEST_LOOK]
    if not tokens or snapshot.codec.values is None:
        return None
    model = snapshot.model()
    short = 1 < len(tokens) <= MOST_SO_FAR
    so_far = tuple(model.rate(tokens[: end + 1]).value for end in range(len(tokens))) if short else ()
    known = tuple(bool(i) for i in snapshot.codec.encode(tokens) != 0)
    cut = len(whole) - len(tokens)
    return RatedText(text, model.rate(tokens), tokens, cut, known, so_far, snapshot.codec.values.deviation[0])


def _answer(model: engine.Model, tokens: tuple[str, ...]) -> tuple[AnswerCells, AnswerValues]:
    """The number, and its standard deviation if the network has learned one."""
    found = model.rate(tokens)
    return (found.value, found.deviation if math.isfinite(found.deviation) else ""), (found.value,)


RATE = FileVerb(lambda _: ("predicted rating", "deviation"), _answer, score_numbers, number=".6g")
