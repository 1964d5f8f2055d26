"""Entities in tag sequences, and their scores.

Spans are read as the conlleval script of the CoNLL shared tasks reads them (and seqeval in its default mode): a span
begins at B-, S- or U-, or at an inside tag of another type than its neighbour; it ends before the next beginning or
another type. So IOB1, IOB2 and BIOES are read alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

EntitySpan = tuple[str, int, int]  # type, first token, last token

_BEGIN = frozenset("BSU")
_END = frozenset("ESLU")
_PREFIXES = frozenset("BIESLU")


def is_entity_scheme(tags: Iterable[str]) -> bool:
    """Whether tags are O and prefix-type pairs such as B-PER, or bare prefixes for entities of one unnamed type."""
    tags = set(tags)
    others = tags - {"O"}
    bare = others & _PREFIXES
    typed = all(len(tag) > 2 and tag[1] == "-" and tag[0] in _PREFIXES for tag in others - bare)
    return bool(others) and typed and (not bare or ("O" in tags and bool(bare & {"B", "I"})))


def _split(tag: str) -> tuple[str, str]:
    return (tag[0], tag[2:]) if tag[1:2] == "-" else (tag, "") if tag in _PREFIXES else ("O", "")


def spans(tags: Sequence[str]) -> list[EntitySpan]:
    """The entities of a tag sequence, in order."""
    found: list[EntitySpan] = []
    start: int | None = None
    before, kind_before = "O", ""
    for t, tag in enumerate([*tags, "O"]):
        prefix, kind = _split(tag)
        if start is not None and (prefix == "O" or prefix in _BEGIN or before in _END or kind != kind_before):
            found.append((kind_before, start, t - 1))
            start = None
        if start is None and prefix != "O":
            start = t
        before, kind_before = prefix, kind
    return found


def possible(tags: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which of K tags may follow which (K, K) [before, after], begin a text (K,), and end one (K,).

    Where tags mark entities as IOB2 or BIOES (BILOU) do, an inside tag follows only a tag of its own entity, and in
    BIOES an entity that has begun continues until its end. Other tags may stand anywhere.
    """
    everywhere = np.ones((len(tags), len(tags)), bool)
    split = [_split(tag) for tag in tags]
    letters = {letter for letter, _ in split}
    begun = {kind for letter, kind in split if letter == "B"}
    unbegun = {kind for letter, kind in split if letter == "I"} - begun  # in IOB1 an inside tag may begin an entity
    if not is_entity_scheme(tags) or (unbegun and not letters & set("ESLU")):
        return everywhere, everywhere[0], everywhere[0]
    has_ends = bool(letters & set("ESLU"))
    inside = np.array([letter in "IEL" for letter, _ in split])
    open_ended = np.array([letter in "BI" for letter, _ in split])
    same = np.array([[before[1] == after[1] for after in split] for before in split])
    pairs = np.where(inside[None, :], open_ended[:, None] & same, True)
    if has_ends:
        pairs &= np.where(open_ended[:, None], inside[None, :], True)
    return pairs, ~inside, ~open_ended if has_ends else everywhere[0]


def entity_scores(truth: Sequence[Sequence[str]], answers: Sequence[Sequence[str]]) -> dict[str, float]:
    """entity_f1, entity_precision and entity_recall over whole spans, micro-averaged. 0 if nothing is found."""
    wanted = {(k, span) for k, tags in enumerate(truth) for span in spans(tags)}
    found = {(k, span) for k, tags in enumerate(answers) for span in spans(tags)}
    hits = len(wanted & found)
    precision = hits / len(found) if found else 0.0
    recall = hits / len(wanted) if wanted else 0.0
    f1 = 2 * hits / (len(wanted) + len(found)) if wanted or found else 0.0
    return {"entity_f1": f1, "entity_precision": precision, "entity_recall": recall}
