"""The softmax over a sample of the symbols: its gradient, its mean over all samples, and that it is for training
alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.network.sampled_softmax import SymbolSample, inclusion
from engine.processes.split_batch import Workers
from tests.engine.network.test_gradients import check
from tests.engine.runs.test_continuing import check as check_continuing
from tests.engine.small import Case, batch_of

FEW = {"sampled_words": 30}
CASES = [
    Case("one-to-many", "sequences", "lstm", FEW, large=True),
    Case("one-to-many", "labelled", "gru", {**FEW, "embedding_size": 4, "dropout": 0.3}, large=True),
    Case("one-to-many", "stream", "gru", {**FEW, "embedding_size": 4, "tied": True}, large=True),
    Case("one-to-one", "sequences", "rnn", FEW, large=True),
    Case("encoder-decoder", "pairs", "gru", {**FEW, "attention": True, "embedding_size": 5, "tied": True}, large=True),
]
LANGUAGE = CASES[2]
COUNTS = np.array([3, 0, *(400 // rank for rank in range(1, 99))])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_gradient_equals_numeric_differentiation(case: Case) -> None:
    check(case.model(), batch_of(case.dataset), case)


@pytest.mark.parametrize("size", [1, 40, 97])
def test_symbols_are_drawn_as_often_as_is_said(size: int) -> None:
    sample, rng = SymbolSample(COUNTS, size), np.random.default_rng(0)
    assert sample.inclusion.sum() == pytest.approx(size + 2)
    assert sample.inclusion.max() == 1
    assert (np.diff(sample.inclusion[2:]) <= 0).all()
    found = np.zeros(len(COUNTS))
    for _ in range(4000):
        drawn = sample.draw(np.zeros(0, np.int64), rng)
        assert len(drawn.rows) == size + 2
        assert (np.diff(drawn.rows) > 0).all()
        np.testing.assert_allclose(drawn.added, -np.log(sample.inclusion[drawn.rows]))
        found[drawn.rows] += 1
    np.testing.assert_allclose(found / 4000, sample.inclusion, atol=0.035)


def test_the_sum_of_exponentials_is_right_on_average() -> None:
    rng = np.random.default_rng(1)
    sample, scores, targets = (
        SymbolSample(COUNTS, 20),
        rng.normal(size=(len(COUNTS), 6)),
        np.array([0, 1, 2, 50, 99, 99]),
    )
    sums = []
    for _ in range(4000):
        drawn = sample.draw(targets, rng)
        part = scores[drawn.rows]
        drawn.correct(part)
        sums.append(np.exp(part).sum(axis=0))
        np.testing.assert_array_equal(part[drawn.places, range(6)], scores[targets, range(6)])
    np.testing.assert_allclose(np.mean(sums, axis=0), np.exp(scores).sum(axis=0), rtol=0.03)


def test_loss_and_gradient_are_those_of_a_plain_reference() -> None:
    torch: Any = pytest.importorskip("torch")
    model, batch = CASES[0].model(), batch_of(CASES[0].dataset)
    model.work.reset()
    done = model.forward(batch, np.random.default_rng(5), None)
    drawn = done.read_out.drawn
    assert drawn is not None
    assert len(drawn.rows) < len(model.choices)
    states, probability = (
        torch.tensor(done.read_out.states, requires_grad=True),
        inclusion(model.codec.source.counts, 30),
    )
    weight, bias = (torch.tensor(model.parameters[f"output.{name}"], requires_grad=True) for name in ("weight", "bias"))
    drawn_ids = set(drawn.rows[drawn.added > -np.inf].tolist())
    total = torch.zeros((), dtype=torch.float64)
    for state, target in zip(states, done.targets.tolist(), strict=True):
        own = weight[target] @ state + bias[target]
        others = [k for k in sorted(drawn_ids) if k != target]
        scores = weight[others] @ state + bias[others] - torch.tensor(np.log(probability[others]))
        total = total + torch.logsumexp(torch.cat((own[None], scores)), 0) - own
    (total / len(done.targets)).backward()
    loss = model.loss_and_gradient(batch, np.random.default_rng(5))
    assert loss == pytest.approx(float(total.detach()) / done.count, rel=1e-12)
    for name, wanted in (("weight", weight.grad), ("bias", bias.grad)):
        assert wanted is not None
        np.testing.assert_allclose(model.gradients[f"output.{name}"], wanted.numpy(), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("case", CASES[1:3], ids=str)
def test_everything_but_training_weighs_all_symbols(case: Case) -> None:
    sampled, batch = case.model(), batch_of(case.dataset)
    exact = replace(case, changes={**case.changes, "sampled_words": 0}).model()
    assert sampled.loss(batch) == exact.loss(batch)
    assert sampled.loss_and_gradient(batch) == exact.loss_and_gradient(batch)
    assert sampled.loss_and_gradient(batch, np.random.default_rng(0)) != exact.loss_and_gradient(
        batch, np.random.default_rng(0)
    )
    assert engine.evaluate(sampled, case.dataset.validation) == engine.evaluate(exact, case.dataset.validation)
    assert sampled.next_symbols("w1") == exact.next_symbols("w1")


def test_a_sample_of_all_symbols_is_the_exact_softmax() -> None:
    exact = replace(LANGUAGE, changes={**LANGUAGE.changes, "sampled_words": 0}).model()
    everything = replace(LANGUAGE, changes={**LANGUAGE.changes, "sampled_words": len(exact.choices)}).model()
    batch, rng = batch_of(LANGUAGE.dataset), np.random.default_rng(0)
    assert everything.loss_and_gradient(batch, rng) == exact.loss_and_gradient(batch)
    assert not everything.draws_at_random


@pytest.mark.parametrize("case", [CASES[0], LANGUAGE], ids=str)
def test_a_run_goes_on_bit_for_bit(tmp_path: Path, case: Case) -> None:
    check_continuing(tmp_path, case)


def test_two_processes_draw_a_sample_each_and_always_the_same_ones() -> None:
    model, batch = LANGUAGE.model(), batch_of(LANGUAGE.dataset)
    workers = Workers(model, 2)
    results = []
    for _ in range(2):
        loss, _ = workers.loss_and_gradient(batch, np.random.default_rng(0), None, 1.0)
        results.append((loss, model.gradients.flat.copy()))
    assert results[0][0] == results[1][0]
    np.testing.assert_array_equal(results[0][1], results[1][1])
    first, second = np.random.default_rng(0).spawn(2)
    wanted = np.zeros_like(model.gradients.flat)
    alternating = np.argsort(-np.asarray(batch.source.lengths), kind="stable")
    parts = [batch.take(alternating[0::2]), batch.take(alternating[1::2])]
    counts = []
    for part, rng in zip(parts, (first, second), strict=True):
        _, count = model.mean_loss_and_count(part, rng, None, 1.0)
        counts.append(count)
        wanted += model.gradients.flat * count
    np.testing.assert_allclose(results[0][1], wanted / sum(counts), rtol=1e-9, atol=1e-15)


def test_a_network_that_copies_cannot_sample() -> None:
    copying = Case("encoder-decoder", "pairs", "gru", {**FEW, "attention": True, "copying": True}, large=True)
    with pytest.raises(engine.ConfigError, match="sampled_words is 30, which needs Copying to be off: A network"):
        copying.model()
