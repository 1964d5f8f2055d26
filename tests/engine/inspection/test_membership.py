"""Whether a text is one of the data is told exactly, however many there are."""

from __future__ import annotations

import dataclasses
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.data.bulk.ragged import Ragged
from engine.data.examples_file import load_examples
from engine.inspection.membership import NEW, TRAIN, VALIDATION, Membership, RowIndex, rows_in_training
from engine.inspection.text_search import look, truth_of

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
    every = [*known, *asked, (), (3,) * 9]
    assert index.holds([np.array(ids, np.int32) for ids in every]) == [ids in there for ids in every]
    for ids in every[::50]:
        assert index.holds([np.array(ids, np.int32)]) == [ids in there], "also alone"
    assert index.holds([]) == []


def test_rows_of_the_same_hash_are_told_apart_by_their_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.inspection.membership.row_hashes", all_alike)
    rows, known = rows_of(40, 0, np.uint8)
    index = RowIndex(rows)
    _, asked = rows_of(200, 1, np.uint8)
    assert set(asked) - set(known)
    every = [*known, *asked]
    assert index.holds([np.array(ids, np.int32) for ids in every]) == [ids in set(known) for ids in every]


def test_an_id_that_does_not_fit_the_rows_is_no_other_id() -> None:
    index = RowIndex(Ragged(np.array([1, 2], np.uint8), np.array([0, 2])))
    assert index.holds([np.array([1, 2], np.int32), np.array([257, 2], np.int32)]) == [True, False]


def test_no_rows_hold_nothing() -> None:
    index = RowIndex(Ragged(np.zeros(0, np.uint8), np.array([0])))
    assert index.holds([np.array([1], np.int32), np.zeros(0, np.int32)]) == [False, False]


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
    assert index.holds([rows[count // 2]]) == [True]


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


def test_many_texts_at_once_are_where_each_of_them_is() -> None:
    dataset = engine.make_dataset([f"name{i}" for i in range(40)], "sequences", unit="character")
    member = Membership(dataset)
    texts = [*(example.source for example in (*dataset.train, *dataset.validation)), tuple("nam"), ()]
    where = [TRAIN] * len(dataset.train) + [VALIDATION] * len(dataset.validation) + [NEW, NEW]
    assert member.of_each(texts) == [member(text) for text in texts] == where


def test_a_running_text_has_no_items_that_could_be_new() -> None:
    dataset = engine.make_dataset("It was late and dark. " * 20, "stream", unit="character")
    assert Membership(dataset)(tuple("It was")) == ""
    assert Membership(dataset).of_each([tuple("It was"), ()]) == ["", ""]


def test_the_truth_of_a_text_is_found_over_the_edges_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(f"text {i}", "ab"[i % 2]) for i in range(50)] + [("both", "a"), ("both", "b")]
    dataset = engine.make_dataset(rows, "labelled", unit="character", validation=0.2)
    monkeypatch.setattr("engine.inspection.text_search.BLOCK", 3)
    for example in [*dataset.train, *dataset.validation]:
        expected = () if example.source == tuple("both") else example.target
        assert truth_of(example.source, (dataset.train, dataset.validation)) == expected


def test_the_truth_of_a_text_is_its_number_unless_the_data_disagree() -> None:
    rows = [("ab", 1.0), ("abc", 2.5), ("ba", 3.0), ("ba", 4.0)]
    dataset = engine.make_dataset(rows * 3, "rated", unit="character")
    parts = (dataset.validation, dataset.train)
    assert list(truth_of(tuple("abc"), parts)) == [2.5]
    assert len(truth_of(tuple("ba"), parts)) == 0
    assert len(truth_of(tuple("abd"), parts)) == 0


@pytest.mark.parametrize(("kind", "architecture"), [("labelled", "many-to-one"), ("pairs", "encoder-decoder")])
def test_a_text_is_read_beside_its_right_answer_but_not_by_a_network_that_reads_its_own(
    kind: str, architecture: str
) -> None:
    dataset = engine.make_dataset([("ab", "xy"), ("abc", "yx")] * 6, kind, unit="character")
    model = engine.build_model(engine.ModelConfig(architecture=architecture, hidden_size=4), dataset, seed=0)
    example = dataset.train[0]
    text, snapshot = dataset.codec.join(example.source), engine.Snapshot.of(model)
    found, alone = (look(snapshot, text, None, truth) for truth in (example.target, ()))
    assert found is not None
    assert alone is not None
    assert found.trace.known is not model.feeds_back()
    assert found.trace.outputs == alone.trace.outputs
    if found.trace.known:
        assert found.trace.targets == example.target


def in_training(file: Path, dataset: engine.Dataset) -> str:
    """What is said of a test file."""
    return rows_in_training(load_examples(file, dataset.codec, dataset.config, dataset.recognition).examples, dataset)


def test_rows_of_a_test_file_that_were_trained_on_are_counted(tmp_path: Path) -> None:
    rows = [f"dish number{n} was {('good', 'bad')[n % 2]},{('yes', 'no')[n % 2]}" for n in range(50)]
    own, other = tmp_path / "own.csv", tmp_path / "other.csv"
    own.write_text("\n".join(["text,label", *rows]), "utf-8")
    dataset = engine.load_dataset(own, unit="word", min_count=2)
    assert dataset.codec.source.extra, "words that the network does not know are told apart all the same"
    assert in_training(own, dataset) == f"{len(dataset.train)} of 50 texts are also in the training data"
    seen = " ".join(dataset.train[0].source)
    new = [f"dish number{n} was good,yes" for n in range(100, 110)]
    other.write_text("\n".join(["text,label", f"{seen},no", *new]), "utf-8")
    assert in_training(other, dataset) == "1 of 11 texts is also in the training data"
    other.write_text("\n".join(["text,label", *new]), "utf-8")
    assert in_training(other, dataset) == ""


def test_a_source_text_with_another_answer_than_in_training_counts_and_is_called_one(tmp_path: Path) -> None:
    pairs = [(f"word {a} {b}", f"{b} {a}") for a in "abcdef" for b in "uvwxyz"]
    dataset = engine.make_dataset(pairs, "pairs", unit="word")
    seen, other = dataset.train[0].source, tmp_path / "other.tsv"
    other.write_text(f"{' '.join(seen)}\tblah\nword a zebra\tzebra a\n", "utf-8")
    examples = load_examples(other, dataset.codec, dataset.config).examples
    assert rows_in_training(examples, dataset) == "1 of 2 source texts is also in the training data"


def test_a_series_or_a_running_text_that_begins_like_the_training_data_is_found_out(tmp_path: Path) -> None:
    values = np.sin(np.arange(400) / 5)
    series, later, prose = (tmp_path / name for name in ("series.csv", "later.csv", "prose.txt"))
    series.write_text("n\n" + "\n".join(f"{value:.4f}" for value in values), "utf-8")
    later.write_text("n\n" + "\n".join(f"{value:.4f}" for value in values[7:]), "utf-8")
    dataset = engine.load_dataset(series)
    trained = len(dataset.train.source.packed)
    assert 300 < trained < 400
    assert in_training(series, dataset) == f"{trained} of 400 steps are also in the training data"
    assert in_training(later, dataset) == f"{trained - 7} of 393 steps are also in the training data"
    prose.write_text("".join(f"In the year {n} there was nothing new to be told.\n" for n in range(200)), "utf-8")
    text = engine.load_dataset(prose, form="prose")
    assert text.kind == "stream"
    assert in_training(prose, text).startswith(f"{len(text.train.source.packed):,} of ")


def test_recordings_that_were_trained_on_are_counted_and_a_run_without_data_says_that_it_cannot() -> None:
    rng = np.random.default_rng(0)
    rows = [(rng.normal(size=(int(rng.integers(3, 9)), 2)), "ab"[n % 2]) for n in range(40)]
    dataset = engine.make_dataset(rows, "labelled-series")
    examples = engine.Examples.of(dataset.codec, [*dataset.train[:5], (rng.normal(size=(4, 2)), ("a",))])
    assert rows_in_training(examples, dataset) == "5 of 6 rows are also in the training data"
    bare = dataclasses.replace(dataset, train=dataset.train[:0])
    assert rows_in_training(examples, bare) == "not compared with the training data, which is not at hand"
