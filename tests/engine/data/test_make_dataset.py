import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.bulk.ragged import PACK_FROM, Ragged, narrowest, remap, split_in_place
from engine.data.dataset import Dataset, make_dataset
from engine.data.examples import Example
from engine.errors import ConfigError, DataError


def both(dataset: Dataset) -> list[Example]:
    return [*dataset.train, *dataset.validation]


def test_each_kind_holds_what_it_says() -> None:
    sequences = make_dataset(["abc", "bcd", "cde"], "sequences")
    assert all(example.target == () for example in both(sequences))
    labelled = make_dataset([("a nice and sunny day", "good"), ("a bad and rainy day", "bad")] * 2, "labelled")
    assert Example(("a", "nice", "and", "sunny", "day"), ("good",)) in both(labelled)
    tagged = make_dataset([(["I", "go"], ["PRON", "VERB"]), (["Go"], ["VERB"])], "tagged")
    assert Example(("I", "go"), ("PRON", "VERB")) in both(tagged)
    assert tagged.labels == ("VERB", "PRON")
    pairs = make_dataset([("12 March 2021", "2021-03-12"), ("1 May 2022", "2022-05-01")], "pairs")
    assert (pairs.codec.unit, pairs.codec.target_unit) == ("character", "character")
    stream = make_dataset("to be, or not to be", "stream", validation=0.25)
    assert len(stream.train) == len(stream.validation) == 1
    assert "".join(stream.train[0].source + stream.validation[0].source) == "to be, or not to be"


@pytest.mark.parametrize(
    ("rows", "units"),
    [
        ([("i am cold.", "j'ai froid."), ("he is here now", "il est là")], ("word", "word")),
        ([("i am cold , he said .", "j'ai froid."), ("he is here now", "il est là")], ("token", "word")),
        ([("cat", "K AE1 T"), ("dogs", "D AO1 G Z")], ("character", "word")),
        ([("hello", "olleh"), ("ab", "ba")], ("character", "character")),
        ([("Monday, March 12 2021", "2021-03-12"), ("May 3rd, 1999", "1999-05-03")], ("character", "character")),
        ([("twenty one thousand", "21000"), ("four hundred and two", "402")], ("word", "character")),
    ],
)
def test_the_unit_of_each_side_is_decided_on_its_own(rows: list[tuple[str, str]], units: tuple[str, str]) -> None:
    codec = make_dataset(rows, "pairs").codec
    assert (codec.unit, codec.target_unit) == units


def test_the_vocabulary_comes_from_the_training_rows_only() -> None:
    dataset = make_dataset(["ab", "ba", "aa"], "sequences", validation=["xyz"])
    assert dataset.codec.source.symbols[2:] == ("a", "b")
    assert set(dataset.codec.source.extra) == {"x", "y", "z"}
    assert dataset.validation[0].source == ("x", "y", "z")
    assert dataset.codec.source.known(dataset.validation.source[0]).tolist() == [0, 0, 0]
    assert dataset.report.unknown_share == 1.0


def test_labels_seen_in_validation_only_are_known() -> None:
    dataset = make_dataset([("ab", "x"), ("ba", "y")], "labelled", validation=[("aa", "z")])
    assert set(dataset.labels) == {"x", "y", "z"}


def test_many_words_seen_once_teach_what_unknown_looks_like() -> None:
    rows = [(f"the cat saw w{i} and then it ran", "a" if i % 2 else "b") for i in range(2000)]
    assert make_dataset(rows, "labelled").codec.source.index("w3") is None
    assert make_dataset(rows, "labelled", min_count=1, validation=0.001).codec.source.index("w3") is not None


@given(
    st.lists(st.tuples(st.sampled_from("abcdefghij"), st.sampled_from(["x", "y", "z"])), min_size=2, max_size=60),
    st.floats(0.01, 0.9),
    st.integers(0, 5),
)
def test_the_same_text_never_lies_on_both_sides(rows: list[tuple[str, str]], share: float, seed: int) -> None:
    if len({text for text, _ in rows}) < 2 or len({label for _, label in rows}) < 2:
        with pytest.raises(DataError):
            make_dataset(rows, "labelled", validation=share, seed=seed)
        return
    dataset = make_dataset(rows, "labelled", validation=share, seed=seed)
    train, validation = ({e.source for e in part} for part in (dataset.train, dataset.validation))
    assert train
    assert validation
    assert not train & validation
    assert Counter(("".join(e.source), e.target[0]) for e in both(dataset)) == Counter(rows)


def test_the_split_is_stratified_and_of_the_wanted_size() -> None:
    rows = [(f"{i:05d}", "rare" if i % 10 == 0 else "often") for i in range(5000)]
    random.Random(1).shuffle(rows)
    dataset = make_dataset(rows, "labelled", validation=0.2)
    counts = Counter(example.target[0] for example in dataset.validation)
    assert counts == {"rare": 100, "often": 900}


def test_the_same_seed_splits_the_same_way_and_another_does_not() -> None:
    rows = [str(i) for i in range(500)]
    first, again, other = (make_dataset(rows, "sequences", seed=seed) for seed in (1, 1, 2))
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_rows_keep_their_order_on_each_side() -> None:
    numbers = [int("".join(e.source)) for e in make_dataset([str(i) for i in range(300)], "sequences").train]
    assert numbers == sorted(numbers)


def test_validation_rows_of_ones_own_are_taken_as_they_are_and_leaks_are_told() -> None:
    dataset = make_dataset(["aa", "ab", "ba"], "sequences", validation=["ab", "bb"])
    assert [e.source for e in dataset.validation] == [("a", "b"), ("b", "b")]
    assert dataset.report.leaks == 1
    assert any("also occurs in the training rows" in finding for finding in dataset.report.findings)


def test_the_report_counts_what_was_found() -> None:
    rows = [("good", "yes"), ("good", "no"), ("bad", "no"), ("  ", "no"), ("long" * 10, "no"), ("x", ""), ("bad", "no")]
    report = make_dataset(rows, "labelled", longest=10).report
    assert (report.rows_read, report.rows, report.skipped, report.empty, report.cut) == (7, 5, 2, 2, 1)
    assert (report.duplicates, report.contradictions) == (2, 1)
    assert dict(report.label_counts) == {"no": 4, "yes": 1}
    assert report.lengths.tolist() == [0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 1]
    assert [s.reason for s in report.skipped_first] == ["no text", "no label"]


def test_rows_too_long_are_left_out_of_pairs() -> None:
    dataset = make_dataset([("ab", "ba"), ("a" * 50, "b"), ("c", "d" * 50), ("x", "y")], "pairs", longest=20)
    assert dataset.report.too_long == 2
    assert {e.source for e in both(dataset)} == {("a", "b"), ("x",)}
    assert dataset.longest == 2


@pytest.mark.parametrize(
    ("rows", "kind", "message"),
    [
        ([], "sequences", "no rows"),
        (["one"], "sequences", "only one row"),
        (["same", "same"], "sequences", "same text"),
        ([("a", "x"), ("b", "x")], "labelled", "same label, 'x'"),
        ([(["a", "b"], ["X"])], "tagged", "2 words and 1 tags"),
        ([("a", "x", "y")], "labelled", "expected two values"),
        ([1, 2], "sequences", "expected text"),
        ("short", "stream", "at least 10"),
    ],
)
def test_rows_that_cannot_be_learned_from_are_refused(rows: object, kind: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        make_dataset(rows, kind)  # type: ignore[arg-type]


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(ConfigError, match="kind"):
        make_dataset(["a", "b"], "poems")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="validation"):
        make_dataset(["a", "b"], "sequences", validation=1.5)
    with pytest.raises(ConfigError, match="unit"):
        make_dataset(["a", "b"], "sequences", unit="syllable")  # type: ignore[arg-type]


def test_long_data_is_stored_narrow_and_read_as_int32() -> None:
    text = "ab" * (PACK_FROM // 2 + 10)
    dataset = make_dataset(text, "stream")
    stored = dataset.train.source
    assert stored.packed.dtype == np.uint8
    assert stored.part(0, 4).dtype == np.int32
    assert dataset.codec.source.decode(stored.part(0, 4)) == ("a", "b", "a", "b")


@given(st.lists(st.lists(st.integers(0, 300), max_size=5), min_size=1, max_size=30), st.randoms())
def test_rows_are_split_and_renumbered_in_place_without_loss(rows: list[list[int]], rng: random.Random) -> None:
    plain = Ragged.of(rows)
    chosen = np.array([rng.random() < 0.5 for _ in rows])
    values = plain.packed.astype(narrowest(300))
    kept, taken = split_in_place(values, plain.offsets.copy(), chosen)
    assert [row.tolist() for row in kept] == [row for row, out in zip(rows, chosen, strict=True) if not out]
    assert [row.tolist() for row in taken] == [row for row, out in zip(rows, chosen, strict=True) if out]
    shifted = remap(plain.packed.astype(np.int32), np.arange(1, 302, dtype=np.int32))
    assert shifted.tolist() == [v + 1 for row in rows for v in row]


def test_characters_that_are_tagged_one_by_one_are_all_known() -> None:
    """A rare word has a spelling to go by, a rare character has not."""
    letters = [chr(0x4E00 + k) for k in range(300)]
    for times, all_known in ((1, True), (2, False)):
        rows = [([letter * times for letter in letters[k : k + 40]], ["A", "B"] * 20) for k in range(0, 240, 4)] * 5
        rows.append((["龜" * times], ["A"]))
        dataset = make_dataset(rows, "tagged", validation=rows[:5])
        assert (dataset.codec.source.index("龜" * times) is not None) is all_known
