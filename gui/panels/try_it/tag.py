"""Many to many: each word with its tag; the words of an entity are joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

import engine
from engine.inspection.text_search import LONGEST_LOOK
from engine.models.entity_f1 import is_entity_scheme
from engine.number_text import probability_text
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.file_answers import AnswerCells, AnswerValues, FileVerb, score_classes
from gui.panels.try_it.file_row import FileRow
from gui.panels.try_it.hardest import TAGS, HardestTexts
from gui.panels.try_it.try_view import NOTHING, ProbeText, TryView
from gui.session.session import Session
from gui.theme import Theme, series_color
from gui.widgets.chips import Chip, Chips
from gui.widgets.symbols import visible_symbol
from gui.widgets.text import text_label

MOST_DETAILED = 400  # in texts of up to this many words, each word shows several probable tags, not only the first
TAGS_TOLD = 3
SURE, UNLEARNED = "Stronger colour: the network is more certain.", "Dotted edge: a word it has not learned."
LEGEND = f"{SURE} {UNLEARNED}"
NO_ENTITY = f"No entity found: every word is tagged O. {UNLEARNED}"
OUTSIDE = "O"  # the tag of a word that belongs to no entity


@dataclass(frozen=True)
class Piece:
    """A word, or the words of one entity: its tag without B- and I-, and the lowest probability among its words.

    details: a line for each word, with its most probable tags.
    """

    text: str
    tag: str
    probability: float
    known: bool
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class TaggedText:
    """The words with their tags, also joined into pieces; and how many symbols of a long text were not read."""

    words: tuple[engine.Tagged, ...] = ()
    pieces: tuple[Piece, ...] = ()
    cut: int = 0


class TagView(TryView):
    """As one types: chips, the stronger in colour the surer the network."""

    name = "tag"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.text = ProbeText(session, "A sentence to tag", "The tags follow as you type")
        self.chips = Chips(session.theme, "try-results", "The words with their tags")
        self.hint = text_label(NOTHING, "small", wrap=True)
        self.file = FileRow(session, "tag-file", "Tag a file…", TAG)
        # The input comes first, so that the answer below it can grow without moving anything.
        for widget in (self.text, self.file, self.message, self.hint):
            self.column.addWidget(widget)
        self.hardest = HardestTexts(session, TAGS)
        self.hardest.put_below(self.chips, self.column)
        self._found = TaggedText()

    def adapt(self) -> None:
        """Show the probe as the text, and clear the tags of the old network."""
        self.text.show_probe()
        self.file.abandon()
        self.hardest.clear()
        self._show(TaggedText())

    def follow(self) -> None:
        """Ask for new tags."""
        self.text.show_probe()
        self.file.follow()
        probe = self.session.probe.text
        if not self._found.words:
            self.hint.setText(self.without_answer())
        self.ask(partial(tag, text=probe), self._show, probe)
        self.hardest.follow()

    def _show(self, found: TaggedText) -> None:
        self._found = found
        self.remark_on((word.token for word in found.words), found.cut)
        dataset = self.session.data.dataset
        tags = dataset.labels if dataset is not None else ()
        outside = is_entity_scheme(tags) and all(word.tag == OUTSIDE for word in found.words)
        self.hint.setText(self.without_answer() if not found.words else NO_ENTITY if outside else LEGEND)
        self.chips.show_chips(chips_of(found.pieces, tags, self.session.theme), self.session.theme)

    def draw(self) -> None:
        """Show the answer again."""
        self._show(self._found)
        self.hardest.draw()

    def answers(self) -> Answers | None:
        """Each word with its tag and the tag's probability."""
        words = self._found.words
        if not words:
            return None
        rows = tuple((word.token, word.tag, round(word.probability, 6)) for word in words)
        return Answers(tuple(f"{word.token}\t{word.tag}" for word in words), ("token", "tag", "probability"), rows)


def tag(snapshot: engine.Snapshot, text: str) -> TaggedText:
    """The tagged words of a text, and its pieces; runs in the background."""
    whole = snapshot.codec.tokenize(text)
    tokens = whole[:LONGEST_LOOK]
    if not tokens:
        return TaggedText()
    known = [bool(i) for i in snapshot.codec.encode(tokens) != 0]
    model = snapshot.model()
    words = model.tag(tokens)
    details = (
        _details(model, tokens)
        if len(tokens) <= MOST_DETAILED
        else [f"{w.tag} {probability_text(w.probability)}" for w in words]
    )
    return TaggedText(tuple(words), tuple(join_entities(words, known, details)), len(whole) - len(tokens))


def _details(model: engine.Model, tokens: Sequence[str]) -> list[str]:
    """The most probable tags of each word, as a line."""
    found = engine.trace(model, tuple(tokens))
    best = np.argsort(-found.probabilities, axis=1)[:, :TAGS_TOLD]
    return [
        ", ".join(f"{found.symbols[k]} {probability_text(found.probabilities[t, k])}" for k in row)
        for t, row in enumerate(best.tolist())
    ]


def _answer(model: engine.Model, tokens: tuple[str, ...]) -> tuple[AnswerCells, AnswerValues]:
    return (), tuple(word.tag for word in model.tag(tokens))


TAG = FileVerb(lambda _: (), _answer, score_classes, writes_tags=True)


def join_entities(words: Sequence[engine.Tagged], known: Sequence[bool], details: Sequence[str]) -> list[Piece]:
    """B-X I-X … becomes one piece; words whose tags have no such marks stay separate. details: a line for each word."""
    pieces: list[Piece] = []
    open_kind = ""
    for word, is_known, detail in zip(words, known, details, strict=True):
        line = f"{visible_symbol(word.token)}: {detail}"
        mark, dash, kind = word.tag.partition("-")
        entity = bool(dash) and mark in ("B", "I")
        if entity and mark == "I" and open_kind == kind:
            last = pieces[-1]
            lowest = min(last.probability, word.probability)
            pieces[-1] = Piece(
                f"{last.text} {word.token}", kind, lowest, last.known and is_known, (*last.details, line)
            )
        else:
            pieces.append(Piece(word.token, kind if entity else word.tag, word.probability, is_known, (line,)))
        open_kind = kind if entity else ""
    return pieces


def chips_of(pieces: Sequence[Piece], tags: Sequence[str], theme: Theme) -> list[Chip]:
    """Each tag has a colour, which stays the same as long as the data does; words outside of entities have none."""
    names = list(dict.fromkeys(t.partition("-")[2] if t[:2] in ("B-", "I-") else t for t in tags if t != OUTSIDE))
    colors = {name: series_color(theme, i) for i, name in enumerate(names)}
    chips = []
    for piece in pieces:
        color = colors.get(piece.tag, "")
        hint = "\n".join([*piece.details, *([] if piece.known else ["unknown to the network"])])
        note = "" if piece.tag == OUTSIDE else f"{piece.tag} {piece.probability:.2f}"
        chips.append(Chip(visible_symbol(piece.text), note, color, piece.probability, hint, not piece.known))
    return chips
