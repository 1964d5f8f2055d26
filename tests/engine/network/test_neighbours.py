"""The symbols beside each symbol, in ragged batches and at the ends of a text."""

from __future__ import annotations

import numpy as np

from engine.data.vocabulary import END_ID
from engine.network.neighbours import Neighbours
from engine.network.packing import Packing
from engine.network.parameters import Parameters
from engine.network.workspace import Workspace


def test_each_row_holds_the_symbol_before_and_the_one_after() -> None:
    texts = [[5, 6], [7], [8, 9, 10]]
    packing = Packing.of(np.array([len(text) for text in texts]))
    ids = packing.pick(np.concatenate(texts), np.array([0, 2, 3])[packing.order])
    layer = Neighbours("network", 11)
    (name,) = layer.shapes()
    work = Workspace(Parameters(layer.shapes(), np.float64))
    work.parameters[name][:] = np.arange(11.0)[:, None]
    rows, around = layer.forward(work, packing, ids)
    found = {int(own): tuple(map(int, beside)) for own, beside in zip(ids, around, strict=True)}
    end = END_ID
    assert found == {5: (end, 6), 6: (5, end), 7: (end, end), 8: (end, 9), 9: (8, 10), 10: (9, end)}
    half = layer.size // 2
    np.testing.assert_array_equal(rows[:, :half], np.repeat(around[:, :1], half, axis=1))
    np.testing.assert_array_equal(rows[:, half:], np.repeat(around[:, 1:], half, axis=1))
