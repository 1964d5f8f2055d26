"""Examples as the rows of a packed batch: the input and the target of each step."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.data.bulk.ragged import Ragged
from engine.data.examples import Examples
from engine.data.vocabulary import END_ID
from engine.network.packing import Packing
from engine.network.sequence_network import SymbolNetwork
from engine.types import IntArray

ROWS_PER_CHUNK = 4096  # symbols evaluated at once: large enough for fast products, small enough for the cache


def text_lengths(examples: Examples) -> IntArray:
    """(B,) symbols of each source."""
    return np.asarray(examples.source.lengths)


def known_source(examples: Examples) -> IntArray:
    """(total,): all source ids; those that the model does not know become UNKNOWN."""
    return examples.codec.source.known(examples.source.values)


def known_target(examples: Examples) -> IntArray:
    """(total,): all target ids; those that the model does not know become UNKNOWN."""
    target = examples.codec.target
    assert target is not None
    return target.known(examples.target.values)


def source_rows(examples: Examples, network: SymbolNetwork, end: bool) -> tuple[Packing, IntArray]:
    """Packing and input ids (N,) of the sources; with `end` each is closed by the end symbol, otherwise only an empty
    one. For numbers the frames (N, D), which have no end symbol and are never empty.

    A network that reads spelling also gets the ids of words it does not know.
    """
    lengths = text_lengths(examples)
    if examples.codec.frames is not None:
        packing = Packing.of(lengths)
        return packing, packing.pick(examples.source.values, np.asarray(examples.source.offsets)[:-1][packing.order])
    values = known_source(examples) if network.spelling is None else np.asarray(examples.source.values)
    packing = Packing.of(lengths + 1 if end else np.maximum(lengths, 1))
    begin = np.asarray(examples.source.offsets)[:-1][packing.order]
    ids = packing.pick(np.append(values, END_ID), begin)
    closed = packing.last_rows if end else packing.last_rows[lengths[packing.order] == 0]
    ids[closed] = END_ID
    return packing, ids


def next_symbol_rows(texts: Ragged, values: IntArray, starts: IntArray | None) -> tuple[Packing, IntArray, IntArray]:
    """Packing, input ids (N,) and target ids (N,) for predicting every next symbol of B texts.

    values: the ids of all texts, concatenated, as the model knows them. starts: (B,) id of the first input of each
    text, whose end is predicted too; None on running text, where each window's first symbol is its first input and its
    last symbol its last target.
    """
    lengths, offsets = np.asarray(texts.lengths), np.asarray(texts.offsets)[:-1]
    if starts is None:
        packing = Packing.of(lengths - 1)
        begin = offsets[packing.order]
        return packing, packing.pick(values, begin), packing.pick(values, begin + 1)
    packing = Packing.of(lengths + 1)
    at = offsets[packing.order][packing.sequence_of_row] + packing.step_of_row
    padded = np.append(values, END_ID)
    targets = padded[np.minimum(at, len(values))]
    targets[packing.last_rows] = END_ID
    inputs = padded[np.maximum(at - 1, 0)]
    inputs[: packing.batch] = starts[packing.order]
    return packing, inputs, targets


def chunks(examples: Examples) -> Iterator[tuple[Examples, IntArray]]:
    """Examples sorted by length, in pieces of a bounded number of symbols, so that evaluating them is quick and needs
    little memory. Each piece of n examples comes with their indices (n,).
    """
    sizes = np.asarray(examples.source.lengths) + np.asarray(examples.target.lengths) + 1
    order = np.argsort(-sizes, kind="stable")
    cuts = np.cumsum(sizes[order]) // ROWS_PER_CHUNK
    for part in np.split(order, np.flatnonzero(np.diff(cuts)) + 1):
        yield examples.take(part), part
