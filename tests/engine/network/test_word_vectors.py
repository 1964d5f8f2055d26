"""Word vectors as GloVe, fastText and word2vec write them, text and binary."""

from __future__ import annotations

import dataclasses
import gzip
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.vocabulary import SPECIALS, Vocabulary
from engine.errors import ConfigError, DataError
from engine.network.word_vectors import load_vectors
from engine.types import FloatArray

WORDS = ["the", "soup", ". . .", "at name@domain.com", "10\u00a0000", "\u00a0", "café", "Москва", "1", "New York"]
NUMBERS = np.random.default_rng(0).normal(size=(len(WORDS), 6)).round(4)


def text(between: str = " ", end: str = "\n", header: str = "") -> bytes:
    lines = [between.join([word, *map(str, row)]) + end for word, row in zip(WORDS, NUMBERS.tolist(), strict=True)]
    return (header + "".join(lines)).encode()


def binary(end: bytes = b"\n") -> bytes:
    """In the binary form a word ends at the first space."""
    words = [(word, row) for word, row in zip(WORDS, NUMBERS, strict=True) if " " not in word]
    rows = [word.encode() + b" " + row.astype("<f4").tobytes() + end for word, row in words]
    return f"{len(words)} 6\n".encode() + b"".join(rows)


def load(path: Path, words: list[str], size: int = 6) -> tuple[int, FloatArray]:
    vocabulary = Vocabulary((*SPECIALS, *words))
    table = np.ones((len(vocabulary), size), np.float32)
    return load_vectors(path, vocabulary, size, table), table[len(SPECIALS) :]


FILES = {
    "GloVe": text(),
    "GloVe with CRLF": text(end="\r\n"),
    "word2vec": text(header=f"{len(WORDS)} 6\n"),
    "word2vec with a space at the end": text(end=" \n", header=f"{len(WORDS)} 6\n"),
    "tabs": text("\t"),
    "gzip": gzip.compress(text()),
    "binary": binary(),
    "binary without newlines": binary(b""),
    "binary, gzip": gzip.compress(binary()),
}


@pytest.mark.parametrize("name", FILES)
def test_every_word_is_found_with_its_numbers_whatever_it_holds(name: str, tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(FILES[name])
    words = [word for word in WORDS if " " not in word or "binary" not in name]
    found, table = load(path, words)
    assert found == len(words)
    assert table == pytest.approx(NUMBERS[[WORDS.index(word) for word in words]], abs=1e-4)


def test_a_word_in_two_normal_forms_is_one(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(text().replace("é".encode(), "e\u0301".encode()))
    assert load(path, ["café", "the"])[0] == 2


@pytest.mark.parametrize("data", [text(), text(header=f"{len(WORDS)} 6\n"), binary()])
def test_another_number_of_numbers_is_named(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"6 numbers.*expected 8, the embedding size"):
        load(path, ["the"], 8)


def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(binary()[:-40])
    with pytest.raises(DataError, match=r"ends after 5 words; expected 7"):
        load(path, ["the"])
    path.write_bytes(text().replace(b"the ", b"the x", 1))
    with pytest.raises(DataError, match="line 1: found"):
        load(path, ["the"])
    path.write_bytes(text())
    with pytest.raises(ConfigError, match="none of the"):
        load(path, ["nobody"])
    with pytest.raises(DataError, match="cannot be read"):
        load(tmp_path / "nowhere", ["the"])


def test_a_new_network_says_how_many_of_its_words_have_a_vector(tmp_path: Path) -> None:
    path = tmp_path / "glove.txt"
    path.write_text("</s> 9 9\nthe 1 2\nsoup 3 4\nnothing 5 6\n")
    rows = [(f"The soup was {how}", how) for how in ("warm", "cold") for _ in range(4)]
    data = engine.make_dataset(rows, "labelled", unit="word")
    config = engine.ModelConfig(architecture="many-to-one", embedding_size=2, vectors=str(path))
    words = data.codec.source.distinct
    assert engine.build_model(config, data).about_vectors == f"2 of {words} words have a vector in glove.txt."
    without = dataclasses.replace(config, vectors="")
    assert engine.build_model(without, data).about_vectors == ""
