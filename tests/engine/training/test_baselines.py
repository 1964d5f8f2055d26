"""What counts alone can do, compared with plain counting in dictionaries, and its memory."""

from __future__ import annotations

import math
import tracemalloc
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from engine.data.bulk import ragged
from engine.data.bulk.ragged import Ragged
from engine.data.codec import Codec
from engine.data.data_config import DataConfig
from engine.data.dataset import Dataset, make_dataset
from engine.data.examples import Examples
from engine.data.files.recognition import Recognition
from engine.data.report import Report
from engine.data.vocabulary import SPECIALS, Vocabulary
from engine.training.baseline import Baseline
from engine.training.baselines import baselines
from engine.training.batches import Windows

LARGE = 6_000_000  # symbols, a byte each


def letters(count: int, longest: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return ["".join(rng.choice(list("aaabbcd"), rng.integers(1, longest + 1))) for _ in range(count)]


def items() -> Dataset:
    return make_dataset(letters(60, 9, 0), "sequences", unit="character", validation=letters(20, 9, 1))


def labelled() -> Dataset:
    texts = [" ".join(text) for text in letters(90, 6, 2)]
    rows = [(text, "xyz"[k % 3] if k % 4 else "x") for k, text in enumerate(texts)]
    return make_dataset(rows[:70], "labelled", unit="word", validation=[*rows[70:], ("never seen", "y")])


def tagged() -> Dataset:
    rows = [(tuple(text), tuple("UV"[(i + ord(c)) % 2] for i, c in enumerate(text))) for text in letters(50, 7, 3)]
    return make_dataset(rows[:40], "tagged", validation=[*rows[40:], (("q", "a"), ("U", "V"))])


def by_name(dataset: Dataset, architecture: str = "one-to-many") -> dict[str, Baseline]:
    return {baseline.name: baseline for baseline in baselines(dataset, architecture)}


def test_the_worst_comes_first_even_if_it_knows_more() -> None:
    rows = [(f"a{i} b{i} c{i}", "xy"[i % 2]) for i in range(40)] + [("b1 a2 c3", "x"), ("a4 b5 c7", "y")]
    found = baselines(make_dataset(rows, "labelled", unit="word", validation=0.3, seed=1), "many-to-one")
    losses = [each.loss for each in found]
    assert losses == sorted(losses, reverse=True)
    assert found[0].name == "bag of words", "words that it has never met mislead it"


def test_the_bigram_falls_back_on_the_unigram_as_witten_and_bell_say() -> None:
    dataset = items()
    size = len(dataset.codec.source)
    train = [["^", *e.source, "$"] for e in dataset.train]
    counts = Counter(symbol for row in train for symbol in row[1:])
    pairs = Counter(pair for row in train for pair in pairwise(row))
    total = sum(counts.values()) + 0.1 * size
    nats, steps = 0.0, 0
    for row in (["^", *e.source, "$"] for e in dataset.validation):
        for given, wanted in pairwise(row):
            seen = sum(n for (a, _), n in pairs.items() if a == given)
            kinds = sum(a == given for a, _ in pairs)
            unigram = (counts[wanted] + 0.1) / total
            nats -= math.log((pairs[given, wanted] + kinds * unigram) / (seen + kinds))
            steps += 1
    assert by_name(dataset)["character pairs"].loss == pytest.approx(nats / steps)


def test_the_bag_of_words_is_naive_bayes() -> None:
    dataset = labelled()
    size, kinds = len(dataset.codec.source), len(dataset.labels)
    words: dict[str, Counter[str]] = {label: Counter() for label in dataset.labels}
    for example in dataset.train:
        words[example.target[0]].update(example.source)
    texts = Counter(example.target[0] for example in dataset.train)
    nats, hits = 0.0, 0
    for example in dataset.validation:
        scores = {}
        for label in dataset.labels:
            scores[label] = math.log((texts[label] + 0.1) / (len(dataset.train) + 0.1 * kinds))
            for word in example.source:
                scores[label] += math.log((words[label][word] + 1) / (words[label].total() + size))
        nats += math.log(sum(map(math.exp, scores.values()))) - scores[example.target[0]]
        hits += max(scores, key=scores.__getitem__) == example.target[0]
    found = by_name(dataset, "many-to-one")["bag of words"]
    assert found.loss == pytest.approx(nats / len(dataset.validation), rel=1e-5)
    assert found.accuracy == hits / len(dataset.validation)


@pytest.mark.parametrize("answers", ["xy", (1.0, 2.0)])
def test_the_bag_is_named_by_what_is_in_it(answers: tuple[object, object]) -> None:
    rows = [("ab"[k % 2] * (k + 1), answers[k % 2]) for k in range(40)]
    kind = "labelled" if answers == "xy" else "rated"
    dataset = make_dataset(rows, kind, unit="character", validation=rows[:8])
    assert "bag of characters" in by_name(dataset, "many-to-one")


@pytest.mark.parametrize(
    ("make", "architecture"), [(items, "one-to-many"), (labelled, "many-to-one"), (tagged, "many-to-many")]
)
def test_counting_block_by_block_finds_what_counting_at_once_finds(
    make: Callable[[], Dataset], architecture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make()
    at_once = baselines(dataset, architecture)
    for block in (1, 7):
        monkeypatch.setattr("engine.training.baselines.BLOCK", block)
        monkeypatch.setattr(ragged, "BLOCK", block)
        for found, whole in zip(baselines(dataset, architecture), at_once, strict=True):
            assert found.loss == pytest.approx(whole.loss)
            assert found.accuracy == whole.accuracy


def test_a_running_text_is_counted_over_the_edges_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = make_dataset("".join(letters(40, 9, 4)), "stream", unit="character", validation=0.25)
    at_once = baselines(dataset, "one-to-many")
    monkeypatch.setattr("engine.training.baselines.BLOCK", 5)
    assert [b.loss for b in baselines(dataset, "one-to-many")] == pytest.approx([b.loss for b in at_once])


def test_tables_that_would_be_too_large_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.training.baselines.LARGEST_TABLE", 5)
    assert list(by_name(items())) == ["blind guess", "character frequencies"]
    assert list(by_name(labelled(), "many-to-one")) == ["blind guess", "most frequent label"]
    assert list(by_name(tagged(), "many-to-many")) == ["blind guess", "most frequent tag"]


def large(kind: str) -> Dataset:
    """Six million letters in bytes, as one running text or in items of six."""
    symbols = (*SPECIALS, *"abcdefghij")
    values = np.random.default_rng(0).integers(2, len(symbols), LARGE).astype(np.uint8)
    source = Vocabulary(symbols, np.bincount(values, minlength=len(symbols)))
    codec = Codec(kind, "character", "character", False, source, None)  # type: ignore[arg-type]
    step = LARGE if kind == "stream" else 6
    rows = Ragged(values, np.arange(0, LARGE + 1, step, dtype=np.int32))
    train = Examples(codec, rows, Ragged.empty(len(rows)))
    held_out = Examples(codec, Ragged(values[:600], np.array([0, 600])), Ragged.empty(1))
    recognition = Recognition("rows", codec.kind, "")
    return Dataset("large", codec.kind, codec, train, held_out, Report(), DataConfig(), recognition)


@pytest.mark.parametrize("kind", ["stream", "sequences"])
def test_counting_much_takes_little_memory(kind: str) -> None:
    dataset = large(kind)
    tracemalloc.start()
    try:
        baselines(dataset, "one-to-many")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * LARGE


def test_the_windows_of_a_running_text_do_not_copy_it() -> None:
    dataset = large("stream")
    tracemalloc.start()
    try:
        batch = Windows(dataset.train, 32, 64).batch(3)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < LARGE / 4
    assert batch.source.values.dtype == np.int32
    first = 3 * 64
    assert batch.source[0].tolist() == dataset.train.source.packed[first : first + 65].tolist()


def test_baselines_are_called_after_the_symbols_that_they_count() -> None:
    pairs = [(f"a b{i % 5}", f"c d{i % 3}") for i in range(30)]
    for unit, name in (("character", "character"), ("word", "word"), ("token", "word")):
        found = baselines(make_dataset(pairs, "pairs", unit="character", target_unit=unit), "encoder-decoder")
        assert {each.name for each in found} == {"blind guess", f"{name} frequencies", f"{name} pairs"}
        assert next(each.method for each in found if "pairs" in each.name).endswith(f"given the {name} before")
