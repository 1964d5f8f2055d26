"""Many to many: each word with its tag, entities joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import engine
from gui.panels.try_it.view import ProbeText, TryView
from gui.session import Session
from gui.theme import Theme
from gui.unrolled_view.painter import visible_symbol
from gui.widgets.chips import Chip, Chips
from gui.widgets.text import text_label

OUTSIDE = "O"  # the tag of a word that belongs to no entity


@dataclass(frozen=True)
class Piece:
    """A word, or the words of one entity: its tag without B- and I-, and the lowest probability among its words."""

    text: str
    tag: str
    probability: float
    known: bool


class TagView(TryView):
    """As one types: coloured chips, the fuller the colour the surer the network."""

    name = "tag"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.text = ProbeText(session, "A sentence to tag", "The tags follow as you type")
        self.chips = Chips(session.theme, "try-results", "The words with their tags")
        self.hint = text_label("Fuller colour: the network is surer. A dotted edge: a word it has not learned.",
                               "small", wrap=True)
        self.column.addWidget(self.text)
        self.column.addWidget(self.message)
        self.column.addWidget(self.chips, 1)
        self.column.addWidget(self.hint)
        self._asked: str | None = None

    def adapt(self) -> None:
        """The probe is the text."""
        self.text.show_probe()

    def follow(self) -> None:
        """Tag anew."""
        self.text.show_probe()
        probe = self.session.probe
        ask = self.asker.follow if probe == self._asked else self.asker.ask
        self._asked = probe
        ask(partial(tag, text=probe), self._show, self.refuse)

    def _show(self, pieces: list[Piece]) -> None:
        self.refuse("")
        dataset = self.session.dataset
        tags = dataset.labels if dataset is not None else ()
        self.chips.show_chips(chips_of(pieces, tags, self.session.theme), self.session.theme)


def tag(snapshot: engine.Snapshot, text: str) -> list[Piece]:
    """Words and joined entities; runs in the background."""
    tokens = snapshot.codec.tokenize(text)
    if not tokens:
        return []
    known = [bool(i) for i in snapshot.codec.encode(tokens) != 0]
    return joined(snapshot.model().tag(list(tokens)), known)


def joined(words: Sequence[engine.Tagged], known: Sequence[bool]) -> list[Piece]:
    """B-X I-X … becomes one piece; tags without such marks stay single."""
    pieces: list[Piece] = []
    open_kind = ""
    for word, is_known in zip(words, known, strict=True):
        mark, dash, kind = word.tag.partition("-")
        entity = bool(dash) and mark in ("B", "I")
        if entity and mark == "I" and open_kind == kind:
            last = pieces[-1]
            lowest = min(last.probability, word.probability)
            pieces[-1] = Piece(f"{last.text} {word.token}", kind, lowest, last.known and is_known)
        else:
            pieces.append(Piece(word.token, kind if entity else word.tag, word.probability, is_known))
        open_kind = kind if entity else ""
    return pieces


def chips_of(pieces: Sequence[Piece], tags: Sequence[str], theme: Theme) -> list[Chip]:
    """Each tag has its colour, the same as long as the data are; words outside of entities have none."""
    names = list(dict.fromkeys(t.partition("-")[2] if t[:2] in ("B-", "I-") else t for t in tags if t != OUTSIDE))
    colors = {name: theme.series[i % len(theme.series)] for i, name in enumerate(names)}
    chips = []
    for piece in pieces:
        color = colors.get(piece.tag, "")
        hint = f"{piece.tag}: {piece.probability:.3f}" + ("" if piece.known else "\nunknown to the network")
        note = "" if piece.tag == OUTSIDE else f"{piece.tag} {piece.probability:.2f}"
        chips.append(Chip(visible_symbol(piece.text), note, color, piece.probability, hint, not piece.known))
    return chips
