"""Which rows are held back when there are millions of them."""

import numpy as np

from engine.data.split import Repeats, split_rows

ROWS = 1_200_000


def test_of_millions_of_rows_each_label_gives_its_share_and_repeats_stay_together() -> None:
    rng = np.random.default_rng(1)
    hashes = rng.integers(0, 2**64, ROWS, np.uint64)
    hashes[1000:2000] = hashes[:1000]
    strata = np.zeros(ROWS, np.int32)
    strata[::3] = 1
    strata[5:505] = 2  # a rare label
    strata[1000:2000] = strata[:1000]
    repeats = Repeats.of(hashes)
    chosen = split_rows(ROWS, repeats, 0.1, np.random.default_rng(0), strata)
    for label in range(3):
        assert abs(chosen[strata == label].mean() - 0.1) < 0.01
    assert np.array_equal(chosen[1000:2000], chosen[:1000])
    again = split_rows(ROWS, repeats, 0.1, np.random.default_rng(0), strata)
    assert np.array_equal(chosen, again)


def test_labels_too_rare_to_give_a_row_each_give_their_share_together_and_keep_one_to_learn_from() -> None:
    strata = np.repeat(np.arange(45), [4] * 40 + [1] * 5)
    repeats = Repeats.of(np.random.default_rng(1).integers(0, 2**64, len(strata), np.uint64))
    chosen = split_rows(len(strata), repeats, 0.1, np.random.default_rng(0), strata)
    assert chosen.sum() == 16
    assert np.bincount(strata[~chosen]).min() >= 1
