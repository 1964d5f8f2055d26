"""Where a batch repeats its symbols, products are made for each symbol's embedding instead of for each row."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.codec import Kind
from engine.data.examples import Examples
from engine.models import Model
from engine.network import sequence_network
from engine.network.recurrent import TableRows
from engine.training.batches import Windows
from tests.engine.network.test_gradients import check
from tests.engine.small import Case, batch_of, exact_cases

EMBEDDED = [
    case for case in exact_cases() if "embedding_size" in case.changes and not Kind(case.kind).reads_numbers
]  # fmt: skip


def repeating(case: Case) -> Examples:
    """A batch with many times as many rows as there are symbols."""
    train = case.dataset.train
    return Windows(train, 10, 10).batch(0) if case.kind == "stream" else train[:40]


def tables(model: Model, case: Case, batch: Examples) -> list[bool]:
    """For each reading part of the network, whether its input is rows of its table."""
    done = model.forward(batch, None, None)
    parts = model.parts(done, case.dataset.train[0])
    return [isinstance(part.tape.recurrent.layers[0][0].input, TableRows) for part in parts]


@pytest.mark.parametrize("case", EMBEDDED, ids=str)
def test_the_gradient_of_a_batch_that_repeats_its_symbols_equals_numeric_differentiation(case: Case) -> None:
    model, batch = case.model(), repeating(case)
    assert all(tables(model, case, batch))
    check(model, batch, case)


@pytest.mark.parametrize("case", EMBEDDED, ids=str)
def test_each_row_by_itself_gives_the_same(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    model, batch = case.model(), repeating(case)
    loss = model.loss_and_gradient(batch)
    gradient = model.gradients.flat.copy()
    monkeypatch.setattr(sequence_network, "REPETITIONS", 10_000)
    assert not any(tables(model, case, batch))
    assert model.loss_and_gradient(batch) == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(model.gradients.flat, gradient, rtol=1e-9, atol=1e-13)


def test_few_rows_of_a_large_vocabulary_are_taken_one_by_one() -> None:
    case = Case("many-to-one", "labelled", "gru", {"embedding_size": 4}, large=True)
    assert not any(tables(case.model(), case, batch_of(case.dataset)))


def test_dropped_embeddings_differ_from_row_to_row() -> None:
    case = Case("many-to-one", "labelled", "gru", {"embedding_size": 4, "dropout": 0.3})
    model, batch = case.model(), repeating(case)
    check(model, batch, case)
    done = model.forward(batch, np.random.default_rng(1), None)
    part = model.parts(done, case.dataset.train[0])[0]
    x = part.tape.recurrent.layers[0][0].input
    assert not isinstance(x, TableRows)
    assert 0.2 < (x == 0).mean() < 0.4
