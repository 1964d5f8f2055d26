"""Another process at the end of two pipes."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Iterator
from types import MappingProxyType

import numpy as np
import pytest

import engine
from engine.data.bulk.ragged import Ragged
from engine.data.vocabulary import Vocabulary
from engine.processes.child_process import Child


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child("tests.engine.processes.echo", {})
    yield made
    made.close()


def told(child: Child, message: object) -> object:
    child.channel.send(message)
    return child.channel.receive()


def test_what_is_sent_arrives_and_arrays_cannot_be_written_to(child: Child) -> None:
    values = {"a": np.arange(6.0).reshape(2, 3), "b": np.arange(6)[::2], "empty": np.zeros(0), "text": "ö\n"}
    answer = told(child, MappingProxyType(values))
    assert isinstance(answer, MappingProxyType)
    assert answer["text"] == "ö\n"
    for name in ("a", "b", "empty"):
        np.testing.assert_array_equal(answer[name], values[name])
    assert not answer["a"].flags.writeable


def test_messages_larger_than_a_pipe_holds_arrive_whole(child: Child) -> None:
    answer = told(child, ("large", 5_000_000))
    assert isinstance(answer, np.ndarray)
    assert answer.shape == (5_000_000,)


def test_what_was_introduced_is_the_same_object_on_both_sides_of_later_messages(child: Child) -> None:
    codec = engine.load_sample("names").codec
    child.channel.introduce("codec", codec)
    assert told(child, ("same", codec, codec)) is True
    assert told(child, ("keep", codec)) == 1
    assert told(child, "give") is codec
    data = engine.load_sample("names")
    assert told(child, ("same", data.codec, codec)) is False


def test_the_other_side_lets_go_of_what_is_replaced_and_this_side_when_it_is_told_to(child: Child) -> None:
    first, second = [1], [2]
    child.channel.introduce("first", first)
    told(child, ("keep", first))
    child.channel.introduce("second", second, instead_of="first")
    assert told(child, "known") == ["second"]
    answer = told(child, "give")  # it has no name for the old one any more
    assert answer == first
    assert answer is not first
    child.channel.forget("first")
    child.channel.forget("never heard of")
    assert told(child, ("keep", second)) == 2
    assert told(child, "give") is second


def test_the_end_of_the_other_process_is_noticed_by_who_listens_and_by_who_speaks(
    child: Child,
) -> None:
    os.kill(child.process_id, signal.SIGTERM)
    with pytest.raises(EOFError):
        child.channel.receive()
    assert child.wait() == -signal.SIGTERM
    with pytest.raises(BrokenPipeError):
        child.channel.send("anybody there?")


def test_closing_ends_it_whatever_it_does() -> None:
    child = Child("tests.engine.processes.echo", {})
    child.channel.send(("large", 5_000_000))  # it waits for somebody to read this
    child.close()
    child.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child.process_id, 0)


def test_rows_without_values_take_no_memory_on_the_way() -> None:
    rows = Ragged.empty(1_000_000)
    sent = pickle.dumps(rows)
    assert len(sent) < 1000
    assert len(pickle.loads(sent)) == 1_000_000
    full = pickle.loads(pickle.dumps(Ragged.of([[1, 2], [3]])))
    assert [row.tolist() for row in full] == [[1, 2], [3]]
    assert not full.packed.flags.writeable


def test_a_vocabulary_leaves_the_tables_it_has_made_behind() -> None:
    words = Vocabulary.from_counts(["a", "b"], [2, 1], min_count=2)
    before = pickle.dumps(words)
    words.encode(["a", "b"])
    words.decode([1, 2])
    assert pickle.dumps(words) == before


@pytest.mark.parametrize("symbols", [["a", "b"], ["a"], [], ["a\0", "b"], ["\ud800", "\n", ""]], ids=repr)
def test_a_vocabulary_arrives_as_it_was_sent(symbols: list[str]) -> None:
    for has_specials in (True, False):
        words = Vocabulary.from_counts(symbols, range(len(symbols), 0, -1), min_count=2, has_specials=has_specials)
        again = pickle.loads(pickle.dumps(words))
        assert (again, again.extra, again.counts.tolist()) == (words, words.extra, words.counts.tolist())
