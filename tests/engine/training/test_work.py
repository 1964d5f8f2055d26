"""How much arithmetic a run is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import engine
from engine.training import proposals
from engine.training.work import weights_at_work, work_of_an_epoch, worthwhile_workers

RNG = np.random.default_rng(0)
SENTENCES = [" ".join(f"w{n}" for n in RNG.integers(0, 300, 12)) for _ in range(400)]
NETWORK = engine.ModelConfig(hidden_size=64, embedding_size=64)


@pytest.fixture(scope="module")
def dataset() -> engine.Dataset:
    return engine.make_dataset(SENTENCES, "sequences", unit="word")


def test_each_weight_but_the_embeddings_counts_once_for_each_symbol(dataset: engine.Dataset) -> None:
    shapes = engine.build_model(NETWORK, dataset, 0).parameters
    weights = sum(shapes[name].size for name in shapes if name != "network.embedding.weight")
    symbols = sum(len(example.source) + 1 for example in dataset.train)
    assert work_of_an_epoch(NETWORK, dataset) == 6 * weights * symbols


def test_a_tied_embedding_works_as_the_read_out(dataset: engine.Dataset) -> None:
    tied = work_of_an_epoch(replace(NETWORK, tied=True), dataset)
    assert tied == pytest.approx(work_of_an_epoch(NETWORK, dataset), rel=0.05)


def test_words_that_are_not_drawn_rest(dataset: engine.Dataset) -> None:
    words, epoch = len(dataset.codec.source), work_of_an_epoch(NETWORK, dataset)
    drawn = replace(NETWORK, sampled_words=30)
    symbols = sum(len(example.source) + 1 for example in dataset.train)
    resting = (1 - 2 * 30 / words) * words * 64
    assert work_of_an_epoch(drawn, dataset) == pytest.approx(epoch - 6 * resting * symbols)
    model = engine.build_model(drawn, dataset, 0)
    assert weights_at_work(model, training=False) == pytest.approx(epoch / 6 / symbols)
    assert work_of_an_epoch(replace(NETWORK, sampled_words=words), dataset) == epoch


def test_no_run_is_proposed_that_lasts_too_long(dataset: engine.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    epochs = proposals.proposed(dataset)["epochs"]
    network = engine.ModelConfig(
        **{k: v for k, v in proposals.proposed(dataset).items() if k in engine.ModelConfig.options()}
    )
    monkeypatch.setattr(proposals, "MOST_WORK", work_of_an_epoch(network, dataset) * epochs / 2)
    assert proposals.proposed(dataset)["epochs"] == epochs // 2


def test_two_processes_are_worth_it_for_long_steps_alone(
    dataset: engine.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.training.work.os.cpu_count", lambda: 2)
    training = engine.TrainingConfig(batch_size=64)
    assert worthwhile_workers(NETWORK, training, dataset) == 1
    assert worthwhile_workers(replace(NETWORK, hidden_size=512), training, dataset) == 2
    monkeypatch.setattr("engine.training.work.os.cpu_count", lambda: 1)
    assert worthwhile_workers(replace(NETWORK, hidden_size=512), training, dataset) == 1
