"""How far written answers are from the right ones. Where a source has several right answers, any of them counts."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from engine.data.examples import Examples
from engine.types import FloatArray, IntArray

SACREBLEU_MISSING = "BLEU and chrF need the package sacrebleu: pip install 'unroll[scores]'"
_MOST_ANSWERS = 32  # right answers of one source that an answer is compared with


def right_answers(examples: Examples) -> list[list[int]]:
    """For each example, its own index and those of all others with the same source: their targets are right answers
    too."""
    source, target = examples.source, examples.target
    same: dict[bytes, dict[bytes, int]] = {}
    keys = []
    for k in range(len(examples)):
        key = source[k].tobytes()
        same.setdefault(key, {}).setdefault(np.asarray(target[k], np.int32).tobytes(), k)
        keys.append(key)
    groups = {key: list(found.values()) for key, found in same.items()}
    return [[k, *(other for other in groups[key] if other != k)][:_MOST_ANSWERS] for k, key in enumerate(keys)]


def edit_distances(first: Sequence[IntArray], second: Sequence[IntArray]) -> IntArray:
    """n sequences of ids (length,) and n others → (n,) least number of symbols to insert, delete or replace that turn
    each into its counterpart."""
    return padded_edit_distances(*_padded(first), *_padded(second))


def padded_edit_distances(ours: IntArray, lengths: IntArray, theirs: IntArray, widths: IntArray) -> IntArray:
    """ours (n, L), theirs (n, M), padded with anything; lengths (n,), widths (n,) without the padding → (n,) edit
    distances. A single row of ours, (1, L) and (1,), is compared with all of theirs.

    All pairs at once, one row of the table for each symbol of ours (Wagner and Fischer, "The string-to-string
    correction problem", 1974).
    """
    columns = np.arange(theirs.shape[1] + 1, dtype=np.int32)
    table = np.tile(columns, (len(theirs), 1))
    lengths = np.broadcast_to(lengths, widths.shape)
    found = np.where(lengths == 0, widths, 0)
    for i in range(ours.shape[1]):
        above = table[:, :-1] + (theirs != ours[:, i : i + 1])  # replaced, or the same
        np.minimum(above, table[:, 1:] + 1, out=table[:, 1:])  # deleted
        table[:, 0] = i + 1
        table = np.minimum.accumulate(table - columns, axis=1) + columns  # inserted, any number of symbols
        ended = lengths == i + 1
        found[ended] = table[ended, widths[ended]]
    return found


def _padded(rows: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """(n, longest) padded rows, and their lengths (n,)."""
    lengths = np.array([len(row) for row in rows], np.int64)
    table = np.full((len(rows), int(lengths.max(initial=0))), -1)
    for row, values in zip(table, rows, strict=True):
        row[: len(values)] = values
    return table, lengths


def closest(
    answers: Sequence[IntArray], targets: Sequence[IntArray], right: Sequence[Sequence[int]]
) -> tuple[IntArray, IntArray]:
    """(n,) edit distance of each answer to the closest right one, and (n,) the length of that one.

    right: for each answer, which of the targets are right, see `right_answers`.
    """
    owners = np.repeat(np.arange(len(right)), [len(others) for others in right])
    theirs = [targets[k] for others in right for k in others]
    distances = edit_distances([answers[k] for k in owners.tolist()], theirs)
    lengths = np.array([len(target) for target in theirs])
    firsts = np.searchsorted(owners, np.arange(len(right)))
    order = np.lexsort((lengths, distances, owners))[firsts]
    return distances[order], lengths[order]


def error_rates(answers: Sequence[Sequence[str]], right: Sequence[Sequence[str]]) -> FloatArray:
    """n answers and n right ones, in symbols → (n,) symbols to insert, delete or replace in each answer to reach the
    right one, as a share of the symbols of that one."""
    ours, theirs = numbered(answers, right)
    return edit_distances(ours, theirs) / np.maximum([len(row) for row in right], 1)


def numbered(*sides: Sequence[Sequence[str]]) -> list[list[IntArray]]:
    """Rows of symbols as ids that are the same on all sides, also of symbols that no network knows."""
    ids: dict[str, int] = {}
    return [
        [np.array([ids.setdefault(symbol, len(ids)) for symbol in row], np.int64) for row in rows] for rows in sides
    ]


def has_sacrebleu() -> bool:
    """Whether BLEU and chrF can be measured."""
    return find_spec("sacrebleu") is not None


def translation_scores(answers: Sequence[str], references: Sequence[Sequence[str]]) -> dict[str, float]:
    """BLEU and chrF of a corpus, from 0 to 100, as computed by sacrebleu. references: the right answers to each
    source."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    most = max(len(right) for right in references)
    streams: list[Any] = [[right[k] if k < len(right) else None for right in references] for k in range(most)]
    return {  # force: without it sacrebleu prints a warning about texts that are already tokenised
        "bleu": float(BLEU(force=True).corpus_score(list(answers), streams).score),
        "chrf": float(CHRF().corpus_score(list(answers), streams).score),
    }
