"""Every shape learns: eight examples by heart."""

from __future__ import annotations

import itertools
import math
from random import Random
from typing import Any

import numpy as np
import pytest

from engine.cells import CELLS
from engine.config import ModelConfig, TrainingConfig
from engine.data.dataset import Dataset, make_dataset
from engine.models import Model, build_model
from engine.models.encoder_decoder import EncoderDecoderPass
from engine.training.evaluation import evaluate
from engine.training.trainer import Trainer
from tests.engine.small import small_training

LEARNED = 0.005  # nats a symbol: of a hundred symbols, not one is less probable than the others together
NAMES = ["anna", "bert", "carlos", "dora", "emil", "finn", "gerda", "hugo"]


def grows(cell: str) -> bool:
    """Whether the state of a cell is unbounded."""
    return any(gate.identity for gate in CELLS[cell].gates)


def training_of(cell: str, epochs: int, **changes: Any) -> TrainingConfig:
    """A high learning rate; of a cell whose state is unbounded a lower one, for longer."""
    rate, times = (0.004, 3) if grows(cell) else (0.02, 1)
    return small_training(learning_rate=rate, epochs=times * epochs, **changes)


def fit(config: ModelConfig, dataset: Dataset, epochs: int, seed: int = 1) -> Model:
    """Train until the loss on the training data is so small that no symbol can be wrong, or to the end; it has to have
    become small."""
    model = build_model(config, dataset, seed=seed)
    losses = []
    for update in Trainer(model, dataset, training_of(config.cell, epochs)):
        losses.append(update.loss)
        if update.loss < LEARNED:
            break
    assert losses[-1] < 0.5 * losses[0]
    return model


@pytest.mark.parametrize("cell", CELLS)
class TestEightExamplesAreLearnedByHeart:
    def test_one_to_one(self, cell: str) -> None:
        alphabet = "abcdefgh"
        dataset = make_dataset([alphabet] * 8, "sequences", unit="character", validation=[alphabet])
        model = fit(ModelConfig(architecture="one-to-one", cell=cell, hidden_size=16), dataset, 150)
        for now, after in itertools.pairwise([*alphabet, "</s>"]):
            chances = model.predict(now)
            assert next(iter(chances)) == after
            assert chances[after] > 0.9

    def test_one_to_many(self, cell: str) -> None:
        rows = [(name, str(k)) for k, name in enumerate(NAMES)]
        dataset = make_dataset(rows, "labelled", unit="character", validation=rows)
        model = fit(ModelConfig(architecture="one-to-many", cell=cell, hidden_size=32), dataset, 150)
        for name, label in rows:
            (written,) = model.generate(1, label=label, temperature=0)
            assert written.text == name

    def test_one_to_many_without_labels(self, cell: str) -> None:
        dataset = make_dataset(NAMES, "sequences", unit="character", validation=NAMES)
        model = fit(ModelConfig(architecture="one-to-many", cell=cell, hidden_size=32), dataset, 150)
        for name in NAMES:
            (written,) = model.generate(1, prefix=name[0], temperature=0)
            assert written.text == name
        assert {text.text for text in model.generate(200, temperature=0.4, seed=0)} == set(NAMES)
        assert evaluate(model, dataset.train).loss == pytest.approx(
            math.log(8) / np.mean([6, *map(len, NAMES)]), abs=0.15
        )

    def test_one_to_many_on_running_text(self, cell: str) -> None:
        text = "the quick brown fox jumps over a lazy dog. " * 6
        dataset = make_dataset(text, "stream", unit="character", validation=text[:60])
        config = ModelConfig(architecture="one-to-many", cell=cell, hidden_size=32)
        model = build_model(config, dataset, seed=1)
        for _ in Trainer(model, dataset, training_of(cell, 100, batch_size=4, window=16)):
            pass
        (written,) = model.generate(1, prefix="the quick", temperature=0, length=30)
        assert written.text == text[:39]

    def test_many_to_one(self, cell: str) -> None:
        rows = [("".join(word), "xyz"[k % 3]) for k, word in enumerate(itertools.permutations("abcd", 3))][:8]
        dataset = make_dataset(rows, "labelled", unit="character", validation=rows)
        for pooling in ("last", "max", "mean") if cell == "gru" else ("last",):
            config = ModelConfig(architecture="many-to-one", cell=cell, hidden_size=24, pooling=pooling)
            model = fit(config, dataset, 150)
            assert [next(iter(model.classify(text))) for text, _ in rows] == [label for _, label in rows]
            assert evaluate(model, dataset.train).accuracy == 1

    def test_many_to_many(self, cell: str) -> None:
        rows = [(list(name), ["ABC"[(k * t + ord(c)) % 3] for t, c in enumerate(name)]) for k, name in enumerate(NAMES)]
        dataset = make_dataset(rows, "tagged", validation=rows)
        config = ModelConfig(architecture="many-to-many", cell=cell, hidden_size=24, bidirectional=True)
        model = fit(config, dataset, 150)
        for tokens, tags in rows:
            assert [one.tag for one in model.tag(tokens)] == tags

    @pytest.mark.parametrize("attention", [False, True])
    def test_encoder_decoder(self, cell: str, attention: bool) -> None:
        rows = [(name, name[::-1] + name[0] * (k % 3)) for k, name in enumerate(NAMES)]
        dataset = make_dataset(rows, "pairs", unit="character", validation=rows)
        config = ModelConfig(architecture="encoder-decoder", cell=cell, hidden_size=32, attention=attention)
        # With attention and a state without bounds, one start in three misses one of the names, and which one does
        # depends on the last bits of the machine's products.
        for seed in range(1, 7 if grows(cell) else 2):
            model = fit(config, dataset, 200, seed)
            answers = [model.translate(source)[0].text for source, _ in rows]
            if answers == [target for _, target in rows]:
                break
        assert answers == [target for _, target in rows]
        assert evaluate(model, dataset.train).exact_match == 1


def test_the_padded_feed_forward_network_learns_eight_examples_by_heart() -> None:
    rows = [(name, "xy"[k % 2]) for k, name in enumerate(NAMES)]
    dataset = make_dataset(rows, "labelled", unit="character", validation=rows)
    model = fit(ModelConfig(architecture="one-to-one", hidden_size=16), dataset, 60)
    assert [next(iter(model.classify(text))) for text, _ in rows] == [label for _, label in rows]


@pytest.mark.parametrize("teacher_forcing", [0.0, 0.5])
def test_a_decoder_learns_from_its_own_inputs_too(teacher_forcing: float) -> None:
    rows = [(name, name[::-1]) for name in NAMES]
    dataset = make_dataset(rows, "pairs", unit="character", validation=rows)
    model = build_model(ModelConfig(architecture="encoder-decoder", cell="gru", hidden_size=32), dataset, seed=1)
    for _ in Trainer(model, dataset, small_training(epochs=250, teacher_forcing=teacher_forcing)):
        pass
    assert evaluate(model, dataset.train).exact_match == 1


def test_attention_soon_looks_at_the_right_place_at_a_high_rate() -> None:
    random = Random(0)
    words = [f"w{k}" for k in range(60)]
    sources = [random.choices(words, k=random.randint(4, 8)) for _ in range(1500)]
    rows = [(" ".join(source), " ".join(source).upper()) for source in sources]
    dataset = make_dataset(rows, "pairs", unit="word", target_unit="word")
    config = ModelConfig("encoder-decoder", "gru", 256, embedding_size=256, bidirectional=True, attention=True)
    model = build_model(config, dataset, seed=0)
    for _ in itertools.islice(Trainer(model, dataset, TrainingConfig(learning_rate=1e-2, batch_size=64)), 30):
        pass
    done = model.forward(dataset.validation, None, None)
    assert isinstance(done, EncoderDecoderPass)
    assert done.attention is not None
    example, step = done.attention.target_rows
    looks_at = done.attention.weights[example, step].argmax(axis=1)
    assert np.mean(looks_at == step) > 0.5  # a fifth of the answers if it looks at one place of every source
