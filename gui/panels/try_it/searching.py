"""A beam search for the view: answers, the tree as branches to draw, and what the decoder looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

import engine
from engine.data.vocabulary import END
from engine.inspection.text_search import LONGEST_ANSWERED
from engine.models import Verb
from engine.models.beam import ROOT, Answer, BeamNode
from engine.number_text import fixed, probability_text
from gui.widgets.attention_lines import AttentionWeights
from gui.widgets.beam_arrangement import Branch
from gui.widgets.beam_tree import MOST_STEPS
from gui.widgets.symbols import meaning_of, visible_symbol

MOST_LOOKS = 300  # words on either side; between more, no lines are drawn


@dataclass(frozen=True, eq=False)
class FoundAnswer:
    """One answer. path: the indices of its branches in the tree."""

    text: str
    log_probability: float
    path: frozenset[int]
    looks: AttentionWeights | None


@dataclass(frozen=True, eq=False)
class Search:
    """The decoder's answers to a text, best first; the tree; which source symbols the network knows; what was not
    read."""

    answers: tuple[FoundAnswer, ...] = ()
    branches: tuple[Branch, ...] = ()
    symbols: tuple[str, ...] = ()  # of the branches, as the network writes them
    tokens: tuple[str, ...] = ()
    known: tuple[bool, ...] = ()
    left_out: int = 0  # symbols of a very long text that were not read
    not_forced: str = ""  # the first forced symbol that the decoder has not learned
    text: str = ""
    beam_size: int = 0
    forced: tuple[str, ...] = ()

    @property
    def question(self) -> tuple[object, ...]:
        """What was searched for."""
        return self.text, self.beam_size, self.forced

    def tree(self, answer: int) -> tuple[Branch, ...]:
        """The branches, with those of one answer marked."""
        if not 0 <= answer < len(self.answers):
            return self.branches
        path = self.answers[answer].path
        return tuple(replace(branch, best=True) if i in path else branch for i, branch in enumerate(self.branches))

    def way_to(self, branch: int) -> tuple[str, ...]:
        """The symbols from the root to a branch."""
        return tuple(self.symbols[i] for i in _path(self.branches, branch))


def search(snapshot: engine.Snapshot, text: str, beam_size: int, forced: Sequence[str]) -> Search:
    """The answers to a text that begin with the forced symbols; runs in the background."""
    whole = snapshot.codec.tokenize(text)
    tokens = whole[:LONGEST_ANSWERED]
    model, target = snapshot.model(), snapshot.codec.target
    if not tokens or target is None or model.verb is not Verb.TRANSLATE:
        return Search()
    strange = next((i for i, symbol in enumerate(forced) if target.index(symbol) is None), len(forced))
    wanted = tuple(forced[:strange])
    result = model.search(tokens, beam_size, wanted)
    symbols = tuple(target.symbols[node.symbol] for node in result.nodes)
    branches = tuple(_branch(node, symbols[i], result.nodes, len(wanted)) for i, node in enumerate(result.nodes))
    answers = tuple(_found(snapshot, answer, branches, tokens) for answer in result.answers)
    known = tuple(bool(i) for i in snapshot.codec.encode(tokens) != 0)
    not_forced = forced[strange] if strange < len(forced) else ""
    left_out = len(whole) - len(tokens)
    return Search(answers, branches, symbols, tokens, known, left_out, not_forced, text, beam_size, tuple(forced))


def _branch(node: BeamNode, symbol: str, nodes: Sequence[BeamNode], forced: int) -> Branch:
    before = nodes[node.parent].log_probability if node.parent != ROOT else 0.0
    name = visible_symbol(symbol)
    own = math.exp(min(0.0, node.log_probability - before))
    fate = "chosen by you" if node.step < forced and node.kept else "kept" if node.kept else "dropped"
    so_far = fixed(node.log_probability)
    lines = [
        f"{name}: {probability_text(own)} at this step",
        f"log-probability up to here {so_far}, {fate}",
        "Click to force it",
    ]
    meaning = meaning_of(symbol)
    return Branch(
        node.parent,
        node.step,
        name,
        node.log_probability,
        node.kept,
        forced=node.step < forced and node.kept,
        hint="\n".join([*lines[:1], *([meaning] if meaning else []), *lines[1:]]),
    )


def _path(branches: Sequence[Branch], last: int) -> list[int]:
    places = []
    while last >= 0:
        places.append(last)
        last = branches[last].parent
    return places[::-1]


def _found(snapshot: engine.Snapshot, answer: Answer, branches: Sequence[Branch], tokens: Sequence[str]) -> FoundAnswer:
    assert snapshot.codec.target is not None
    words = snapshot.codec.target.decode(answer.ids)
    looks = None
    if answer.attention is not None and len(answer.attention):
        source = (*map(visible_symbol, tokens), END)[:MOST_LOOKS]
        target = (*map(visible_symbol, words), END)[: min(MOST_LOOKS, len(answer.attention))]
        looks = AttentionWeights(source, target, np.asarray(answer.attention, np.float32)[: len(target), : len(source)])
    path = frozenset(i for i in _path(branches, answer.node) if branches[i].step < MOST_STEPS)
    return FoundAnswer(snapshot.codec.join(words, "target"), answer.log_probability, path, looks)
