"""Ragged batches are exact: a sequence counts the same in any company and in any order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.examples import Example
from engine.models import Model
from engine.network.packing import Packing
from engine.types import FloatArray
from tests.engine.small import Case, exact_cases

CASES = [case for case in exact_cases() if case.kind != "stream"]
LARGE = [
    Case("many-to-many", "tagged", "lstm", {"bidirectional": True}, large=True),
    Case("encoder-decoder", "pairs", "gru", {"attention": True}, large=True),
    Case("many-to-many", "tagged", "gru", {"embedding_size": 4, "spelling": "characters"}, large=True),
    Case("many-to-one", "labelled", "lstm", {"embedding_size": 4, "spelling": "affixes"}, large=True),
    Case("many-to-many", "tagged", "gru", {"embedding_size": 4, "neighbours": True}, large=True),
    Case("encoder-decoder", "pairs", "lstm", {"embedding_size": 4, "neighbours": True}, large=True),
]


def total(model: Model, examples: list[Example]) -> tuple[float, FloatArray, int]:
    """Summed loss, its gradient, and the number of predictions."""
    loss, count = model.mean_loss_and_count(examples, None, None, 1.0)
    return loss * count, model.gradients.flat * count, count


@pytest.mark.parametrize("case", [*CASES, *LARGE], ids=str)
def test_a_sequence_in_a_batch_counts_as_it_does_alone(case: Case) -> None:
    model = case.model()
    examples = list(case.dataset.train[:7])
    assert len({(len(e.source), len(e.target)) for e in examples}) > 2
    loss, gradient, count = total(model, examples)
    alone = [total(model, [example]) for example in examples]
    assert count == sum(n for _, _, n in alone)
    assert loss == pytest.approx(sum(nats for nats, _, _ in alone), rel=1e-10)
    np.testing.assert_allclose(gradient, sum(g for _, g, _ in alone), rtol=1e-10, atol=1e-12)
    nats, symbols = model.loss(examples)
    assert nats == pytest.approx(loss, rel=1e-10)
    assert symbols == count


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_order_of_a_batch_does_not_matter(case: Case) -> None:
    model = case.model()
    examples = list(case.dataset.train[:7])
    loss, gradient, _ = total(model, examples)
    other_loss, other_gradient, _ = total(model, [examples[k] for k in (3, 0, 6, 5, 1, 4, 2)])
    assert other_loss == pytest.approx(loss, rel=1e-10)
    np.testing.assert_allclose(other_gradient, gradient, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_one_step_after_another_in_the_same_memory_leaves_no_trace(case: Case) -> None:
    model = case.model()
    long, short = list(case.dataset.train[:9]), list(case.dataset.train[3:5])
    fresh = case.model().loss_and_gradient(short)
    model.loss_and_gradient(long)
    model.loss_and_gradient(long)
    assert model.loss_and_gradient(short) == fresh
    other = case.model()
    other.loss_and_gradient(short)
    np.testing.assert_array_equal(model.gradients.flat, other.gradients.flat)


@pytest.mark.parametrize("kind", ["labelled", "pairs"])
def test_an_empty_text_is_read_as_its_end_alone(kind: str) -> None:
    architecture = {"labelled": "many-to-one", "pairs": "encoder-decoder"}[kind]
    case = Case(architecture, kind, "lstm", {"bidirectional": True})
    model = case.model()
    some = list(case.dataset.train[:3])
    empty = Example((), some[0].target)
    loss, gradient, _ = total(model, [some[0], empty, some[1], some[2]])
    alone = [total(model, [example]) for example in (*some, empty)]
    assert loss == pytest.approx(sum(nats for nats, _, _ in alone), rel=1e-10)
    np.testing.assert_allclose(gradient, sum(g for _, g, _ in alone), rtol=1e-10, atol=1e-12)


def test_the_padded_network_cuts_long_texts_off_and_reads_nothing_from_an_empty_one() -> None:
    model = Case("one-to-one", "labelled", "rnn").model()
    longest = tuple("abcdefgabcdefg")[: model.longest]
    examples = [Example(longest, ("x",)), Example((), ("y",)), Example((*longest, "a", "b"), ("x",))]
    loss, gradient, _ = total(model, examples)
    alone = [total(model, [example]) for example in examples]
    assert loss == pytest.approx(sum(nats for nats, _, _ in alone), rel=1e-10)
    np.testing.assert_allclose(gradient, sum(g for _, g, _ in alone), rtol=1e-10, atol=1e-12)
    assert alone[0][0] == alone[2][0]
    model.loss_and_gradient(examples[1:2])
    assert not model.gradients["hidden.weight"].any()


@given(st.lists(st.integers(1, 12), min_size=1, max_size=9))
def test_the_rows_of_a_packing_are_the_steps_of_its_sequences(lengths: list[int]) -> None:
    packing = Packing(np.array(lengths))
    assert packing.rows == sum(lengths)
    assert [lengths[k] for k in packing.order] == packing.lengths.tolist() == sorted(lengths, reverse=True)
    rows = list(zip(packing.step_of_row.tolist(), packing.sequence_of_row.tolist(), strict=True))
    assert rows == [(t, b) for t in range(max(lengths)) for b in range(len(lengths)) if t < packing.lengths[b]]
    where = {row: k for k, row in enumerate(rows)}
    for k, (t, b) in enumerate(rows):
        length = int(packing.lengths[b])
        assert rows[packing.mirrored[k]] == (length - 1 - t, b)
        before = packing.previous[k]
        assert before == (packing.batch + where[t - 1, b] if t else b)
    for b, length in enumerate(packing.lengths):
        assert rows[packing.last_rows[b]] == (length - 1, b)
        assert [rows[k] for k in packing.rows_of(b)] == [(t, b) for t in range(length)]
    assert packing.dense == (len(set(lengths)) == 1)
    np.testing.assert_array_equal(packing.unsort(packing.lengths), lengths)
