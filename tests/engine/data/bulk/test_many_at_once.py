"""What is done to the bytes of many texts at once gives what Python's strings give for each alone."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.bulk import symbol_ids
from engine.data.bulk.csv_rows import TableLayout, plain_batches, quoted_batches
from engine.data.bulk.encode import row_hashes
from engine.data.bulk.ragged import Ragged, count_values
from engine.data.bulk.symbol_ids import SymbolIds, hash_texts
from engine.data.bulk.text_array import EDGES, Texts
from engine.data.files import textfile
from engine.data.files.textfile import TextFile
from engine.data.vocabulary import Vocabulary
from engine.errors import DataError

TEXT = st.text(alphabet="ab é\u00a0\u3000\u2028\x1c\t\nİΣ\U0001f469", max_size=12)


@given(st.lists(TEXT, max_size=10))
def test_texts_are_stripped_and_made_small_like_strings(texts: list[str]) -> None:
    many = Texts.of(texts)
    assert list(many) == texts
    assert list(many.strip()) == [text.strip(EDGES) for text in texts]
    assert list(many.lower()) == [text.lower() for text in texts]
    assert list(many.strip().take(np.arange(0, len(texts), 2))) == [text.strip(EDGES) for text in texts[::2]]
    assert many.packed().tobytes() == "".join(texts).encode()


def test_long_white_space_at_both_ends_is_taken_off() -> None:
    assert list(Texts.of([" " * 50 + "a b" + "\t" * 50, "c"]).strip()) == ["a b", "c"]


@given(st.text(alphabet="ab\né", min_size=1, max_size=30))
def test_lines_are_those_of_a_text(block: str) -> None:
    assert list(Texts.lines(block)) == block.removesuffix("\n").split("\n")
    assert "".join(Texts.lines(block, keep_ends=True)) == block


@given(
    st.lists(st.lists(st.text("abé", max_size=40) | st.text("ab", min_size=120, max_size=140), max_size=20), max_size=4)
)
def test_equal_texts_get_equal_numbers_and_different_ones_do_not(batches: list[list[str]]) -> None:
    table = SymbolIds()
    for batch in batches:
        assert [table.symbols[i] for i in table.of(Texts.of(batch)).tolist()] == batch
    assert len(set(table.symbols)) == len(table)


def test_texts_of_one_hash_are_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def alike(eights: np.ndarray, starts: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return hash_texts(eights, starts, sizes)[0], np.zeros(len(starts), np.uint64)

    monkeypatch.setattr(symbol_ids, "hash_texts", alike)
    table = SymbolIds()
    words = [f"{'the same beginning ' * (i % 3)}{i}" for i in range(3000)]
    assert [table.symbols[i] for i in table.of(Texts.of(words * 2)).tolist()] == words * 2


def test_a_table_that_grows_keeps_its_numbers() -> None:
    table = SymbolIds()
    words = [f"word {i}" for i in range(100_000)]
    first = table.of(Texts.of(words))
    assert sorted(first.tolist()) == list(range(100_000))
    assert np.array_equal(table.of(Texts.of(words[::-1])), first[::-1])


@given(
    st.lists(st.lists(st.integers(0, 3), max_size=20), min_size=1, max_size=12), st.sampled_from([np.uint8, np.int32])
)
def test_rows_have_the_same_hash_if_and_only_if_they_are_equal(rows: list[list[int]], dtype: type) -> None:
    plain = Ragged.of(rows)
    hashes = row_hashes(Ragged(plain.packed.astype(dtype), plain.offsets)).tolist()
    assert len(set(hashes)) == len({tuple(row) for row in rows})
    assert all((a == b) == (hashes[i] == hashes[j]) for i, a in enumerate(rows) for j, b in enumerate(rows))


def test_bytes_are_counted_two_at_once() -> None:
    values = np.random.default_rng(0).integers(0, 200, (1 << 22) + 3).astype(np.uint8)
    assert np.array_equal(count_values(values, 256), np.bincount(values, minlength=256))


@given(st.lists(st.text("abé", min_size=1, max_size=12), min_size=1, max_size=40, unique=True))
def test_symbols_of_one_count_stand_in_code_point_order(symbols: list[str]) -> None:
    counts = [len(symbol) % 3 + 1 for symbol in symbols]
    expected = sorted(symbols, key=lambda symbol: (-(len(symbol) % 3 + 1), symbol))
    assert list(Vocabulary.from_counts(symbols, counts).symbols[2:]) == expected


PIECES = st.sampled_from(
    ["a", "é", " ", ",", '"', '""', "\n", '"a"', '"a,b"', '"a\nb"', '"a""b"', "x,y\n", '"x","y"\n']
)


@given(st.lists(PIECES, min_size=1, max_size=30).map("".join), st.sampled_from([7, 1 << 18]))
def test_rows_with_quotation_marks_are_those_of_the_csv_module(text: str, block: int) -> None:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    expected = [row for row in rows if len(row) == 2]
    before = textfile.BLOCK_BYTES
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(text.encode())
        textfile.BLOCK_BYTES = block  # type: ignore[misc]
        try:
            with TextFile(path, "utf-8") as file:
                batches = list(quoted_batches(file, TableLayout(",", 2, 0, 1)))
        except DataError:
            assert text.count('"') % 2
            return
        finally:
            textfile.BLOCK_BYTES = before  # type: ignore[misc]
    assert [[a, b] for batch in batches for a, b in zip(batch.source, batch.target, strict=True)] == expected


@given(st.lists(st.sampled_from(["a", "é", "\t", "\n", " "]), min_size=1, max_size=30).map("".join))
def test_rows_without_quotation_marks_are_lines_parted_at_the_delimiter(text: str) -> None:
    expected = [(i + 1, line.split("\t")) for i, line in enumerate(text.split("\n")) if line.count("\t") == 1]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.tsv"
        path.write_bytes(text.encode())
        with TextFile(path, "utf-8") as file:
            batches = list(plain_batches(file, TableLayout("\t", 2, 0, 1)))
    found = [
        (int(line), [a, b])
        for batch in batches
        for line, a, b in zip(batch.lines if batch.lines is not None else (), batch.source, batch.target, strict=True)
    ]
    assert found == expected
