"""Pieces of words: nothing is lost, nothing is unknown, and only the training texts say which pieces there are."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.data.bulk.text_array import Texts
from engine.data.codec import Codec
from engine.data.pieces import CHUNK, chunks_of, in_use, learn_pieces, split_chunk

WORDS = [
    "the",
    *(f"{w}{e}" for w in ("low", "new", "wid") for e in ("er", "est")),
    *(f"{w}{e}" for w in ("walk", "talk") for e in ("s", "ed", "ing")),
]
LINES = [f"{WORDS[i % 13]} {WORDS[i * 5 % 13]} and {WORDS[i * 3 % 13]}!" for i in range(200)]
SIGNS = st.text(st.sampled_from("ab9_ .,!-\t\n\x1c\x7fé\u0301\u00a0日👩\u200d👧🇫🇷"), max_size=12)


@given(st.lists(SIGNS, max_size=6))
def test_chunks_found_in_the_bytes_are_those_of_each_text(texts: list[str]) -> None:
    texts = [text.replace("\n", " ") for text in texts]
    expected = [chunk for text in texts for chunk in re.findall(CHUNK, text)]
    assert list(chunks_of(Texts.of(texts))) == expected
    assert "".join(expected) == "".join(texts)


def test_the_most_frequent_neighbours_become_one_piece_first() -> None:
    pieces = learn_pieces({"lower": 3, "low": 5, "new": 4}, wanted=9)
    assert set(pieces[:6]) == set("lowern")
    assert pieces[6:] == [
        "lo",
        "low",
        "ew",
    ]  # 8, 8 and 4 times; "ne" comes after "ew"


def slowly_learned(chunks: dict[str, int], wanted: int) -> list[str]:
    """Byte-pair encoding as it is described: count all pairs anew for each piece."""
    words = {chunk: list(chunk) for chunk in chunks}
    pieces = dict.fromkeys(c for chunk, _ in sorted(chunks.items(), key=lambda one: (-one[1], one[0])) for c in chunk)
    while len(pieces) < wanted:
        pairs: Counter[tuple[str, str]] = Counter()
        for chunk, word in words.items():
            for pair in pairwise(word):
                pairs[pair] += chunks[chunk]
        if not pairs or max(pairs.values()) < 2:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        pieces["".join(best)] = None
        for chunk, word in words.items():
            k = 0
            while k < len(word) - 1:
                if (word[k], word[k + 1]) == best:
                    word[k : k + 2] = ["".join(best)]
                k += 1
            words[chunk] = word
    return list(pieces)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=8), st.integers(1, 9), max_size=12), st.integers(3, 30))
def test_counting_only_what_changes_learns_the_same_pieces(chunks: dict[str, int], wanted: int) -> None:
    assert learn_pieces(chunks, wanted) == slowly_learned(chunks, wanted)


def test_every_piece_and_every_character_occurs_in_the_training_texts() -> None:
    chunks = {"quiz": 6, "quit": 5, "zoo": 1}
    pieces = in_use(learn_pieces(chunks, 20), chunks, fewest=1)
    uses = Counter(piece for chunk in chunks for piece in split_chunk(chunk, pieces, 4))
    assert uses.keys() == pieces
    assert "q" in pieces  # though it is always followed by "u"


@pytest.mark.parametrize("kind", ["sequences", "labelled", "pairs", "stream"])
def test_pieces_side_by_side_are_the_text(kind: str) -> None:
    sides = {
        "labelled": [(line, "ab"[len(line) % 2]) for line in LINES],
        "pairs": [(line, line[::-1]) for line in LINES],
    }
    dataset = engine.make_dataset(sides.get(kind, LINES), kind, unit="piece", target_unit="piece", pieces=60)
    codec = dataset.codec
    for part in (dataset.train, dataset.validation):
        for example in part:
            text = codec.join(example.source)
            assert codec.tokenize(text) == example.source
            assert text in "\n".join(LINES)
    assert 25 < len(codec.source) <= 62
    assert max(map(len, codec.source.symbols[2:])) > 3
    assert codec.source.counts[2:].min() > 0
    assert dataset.report.unknown_share == 0
    new = "The dog's newest walk,  talked 日 lower?"
    assert codec.join(codec.tokenize(new)) == new


def test_lengths_are_counted_in_pieces() -> None:
    dataset = engine.make_dataset(LINES, "sequences", unit="piece", pieces=60)
    lengths = [len(example.source) for part in (dataset.train, dataset.validation) for example in part]
    assert dataset.report.lengths.sum() == len(LINES)
    assert {n: int(dataset.report.lengths[n]) for n in set(lengths)} == Counter(lengths)


def test_pieces_are_learned_from_the_training_rows_alone() -> None:
    alone = engine.make_dataset(LINES, "sequences", unit="piece", pieces=60, validation=["a dog walks"])
    beside = engine.make_dataset(LINES, "sequences", unit="piece", pieces=60, validation=["zzqq zzqq zzqq"] * 500)
    assert alone.codec.source == beside.codec.source
    assert "zzqq" not in beside.codec.source.symbols


def test_a_rare_piece_is_given_up_where_symbols_must_occur_more_often() -> None:
    dataset = engine.make_dataset(LINES, "sequences", unit="piece", pieces=80, min_count=5)
    assert dataset.codec.source.counts[2:].min() >= 5


def test_a_run_keeps_its_pieces(tmp_path: Path) -> None:
    dataset = engine.make_dataset(LINES, "sequences", unit="piece", pieces=60)
    model = engine.build_model(engine.ModelConfig(hidden_size=4), dataset)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=1))
    next(trainer)
    engine.save_run(tmp_path / "run", trainer)
    codec = engine.open_run(tmp_path / "run").snapshot.codec
    assert codec == Codec.from_json(dataset.codec.to_json())
    assert codec.tokenize("walking lowest") == dataset.codec.tokenize("walking lowest")


def test_tags_belong_to_whole_words() -> None:
    with pytest.raises(engine.ConfigError, match="each tag belongs to a whole word"):
        engine.make_dataset([(["a", "b"], ["X", "Y"])] * 9, "tagged", unit="piece")


@pytest.mark.parametrize(
    ("kind", "architecture"),
    [
        ("sequences", "one-to-many"),
        ("stream", "one-to-many"),
        ("labelled", "many-to-one"),
        ("pairs", "encoder-decoder"),
    ],
)
def test_every_network_over_texts_learns_from_pieces_and_answers_in_text(kind: str, architecture: str) -> None:
    rows = {"labelled": [(line, "ab"["walk" in line]) for line in LINES], "pairs": [(line, line) for line in LINES]}
    dataset = engine.make_dataset(rows.get(kind, LINES), kind, unit="piece", target_unit="piece", pieces=60)
    config = engine.ModelConfig(architecture=architecture, hidden_size=8, embedding_size=4)
    model = engine.build_model(config, dataset, seed=0)
    before = engine.evaluate(model, dataset.validation).loss
    for _ in engine.Trainer(model, dataset, engine.TrainingConfig(epochs=2, learning_rate=0.02)):
        pass
    assert engine.evaluate(model, dataset.validation).loss < before
    text = "walking the lowest"
    match architecture:
        case "one-to-many":
            (written,) = model.generate(1, prefix=text, seed=0, length=20)
            assert written.text == "".join(written.tokens)
            assert written.text.startswith(text)
        case "many-to-one":
            assert set(model.classify(text)) == {"a", "b"}
        case _:
            answer = model.translate(text)[0]
            assert answer.text == "".join(answer.tokens)
