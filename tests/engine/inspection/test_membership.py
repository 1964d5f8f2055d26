"""Whether a text is one of the data is told exactly, however many there are."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import engine
from engine.data.bulk.ragged import Ragged
from engine.inspection.membership import Membership, RowIndex
from engine.inspection.text_search import truth_of

Ids = np.ndarray[Any, np.dtype[np.int32]]


def rows_of(count: int, seed: int, dtype: type) -> tuple[Ragged, list[tuple[int, ...]]]:
    """Rows of 0 to 7 ids below 4: many are repeated, some are empty."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(0, 8, count)
    rows = Ragged.of_lengths(rng.integers(0, 4, int(lengths.sum())).astype(dtype), lengths)
    return rows, [tuple(row.tolist()) for row in rows]


def all_alike(rows: Ragged) -> Any:
    return np.full(len(rows), 0x123456789ABCDEF0, np.uint64)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32])
def test_an_index_knows_the_rows_that_a_set_knows(dtype: type) -> None:
    rows, known = rows_of(3000, 0, dtype)
    index = RowIndex(rows)
    _, asked = rows_of(1500, 1, dtype)
    assert len(set(asked) - set(known)) > 100
    there = set(known)
    for ids in [*known, *asked, (), (3,) * 9]:
        assert (np.array(ids, np.int32) in index) == (ids in there)


def test_rows_of_the_same_hash_are_told_apart_by_their_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.inspection.membership.row_hashes", all_alike)
    rows, known = rows_of(40, 0, np.uint8)
    index = RowIndex(rows)
    _, asked = rows_of(200, 1, np.uint8)
    assert set(asked) - set(known)
    for ids in [*known, *asked]:
        assert (np.array(ids, np.int32) in index) == (ids in set(known))


def test_an_id_that_does_not_fit_the_rows_is_no_other_id() -> None:
    index = RowIndex(Ragged(np.array([1, 2], np.uint8), np.array([0, 2])))
    assert np.array([1, 2], np.int32) in index
    assert np.array([257, 2], np.int32) not in index


def test_no_rows_hold_nothing() -> None:
    index = RowIndex(Ragged(np.zeros(0, np.uint8), np.array([0])))
    assert np.array([1], np.int32) not in index
    assert np.zeros(0, np.int32) not in index


def test_the_index_takes_little_more_than_eight_bytes_a_row() -> None:
    count = 1_000_000
    values = np.random.default_rng(0).integers(0, 200, 6 * count).astype(np.uint8)
    rows = Ragged(values, np.arange(0, 6 * count + 1, 6, dtype=np.int32))
    tracemalloc.start()
    try:
        index = RowIndex(rows)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 9 * count
    assert peak < 20 * count
    assert rows[count // 2] in index


def test_data_are_not_looked_through_before_the_first_question(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counting(make: Callable[[Ragged], Any]) -> Callable[[Ragged], Any]:
        def hashes(rows: Ragged) -> Any:
            asked.append(len(rows))
            return make(rows)

        return hashes

    monkeypatch.setattr("engine.inspection.membership.row_hashes", counting(all_alike))
    dataset = engine.make_dataset([f"name{i}" for i in range(40)], "sequences", unit="character")
    member = Membership(dataset)
    assert asked == []
    member(tuple("name1"))
    assert max(asked) == len(dataset.train)


def test_a_running_text_has_no_items_that_could_be_new() -> None:
    dataset = engine.make_dataset("It was late and dark. " * 20, "stream", unit="character")
    assert Membership(dataset)(tuple("It was")) == ""


def test_the_truth_of_a_text_is_found_over_the_edges_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(f"text {i}", "ab"[i % 2]) for i in range(50)] + [("both", "a"), ("both", "b")]
    dataset = engine.make_dataset(rows, "labelled", unit="character", validation=0.2)
    monkeypatch.setattr("engine.inspection.text_search.BLOCK", 3)
    for example in [*dataset.train, *dataset.validation]:
        expected = () if example.source == tuple("both") else example.target
        assert truth_of(example.source, (dataset.train, dataset.validation)) == expected
