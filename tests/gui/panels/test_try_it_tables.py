"""One to one: the table of the network beside the table that was counted."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

import engine
from engine.inspection.bigrams import Bigrams, compare_with_bigrams
from gui.panels.try_it.predict import PredictView
from tests.gui.conftest import Person
from tests.gui.panels.trying import shown, train_and_stop


def test_bigrams_are_counted_from_the_training_data_with_starts_and_ends() -> None:
    dataset = engine.make_dataset(["ab", "aab", "b", "ba"], "sequences", unit="character", validation=0.25)
    counted = Bigrams(dataset).counted
    wanted: Counter[tuple[str, str]] = Counter()
    for example in dataset.train:
        wanted.update(zip(("", *example.source), (*example.source, "</s>"), strict=True))
    symbols = dataset.codec.source.symbols
    totals = Counter({row: sum(n for (a, _), n in wanted.items() if a == row) for row in counted.rows})
    for row, name in enumerate(counted.rows):
        for column, i in enumerate(counted.columns):
            assert counted.shares[row, column] == pytest.approx(wanted[name, symbols[i]] / totals[name])
    assert counted.frequency.sum() == pytest.approx(1.0)


def test_running_text_has_neither_start_nor_end() -> None:
    dataset = engine.make_dataset(["abc" * 60], "stream", unit="character", validation=0.1)
    counted = Bigrams(dataset).counted
    assert counted.rows == ("a", "b", "c")
    assert np.allclose(counted.shares, [[0, 1, 0], [0, 0, 1], [1, 0, 0]])


def test_the_networks_table_is_what_it_predicts_and_nears_the_counted_one() -> None:
    dataset = engine.make_dataset(["ab", "abab", "ababab", "bab"] * 10, "sequences", unit="character", validation=0.1)
    config = engine.ModelConfig(architecture="one-to-one", hidden_size=8)
    model = engine.build_model(config, dataset)
    before = compare_with_bigrams(engine.Snapshot.of(model), Bigrams(dataset))
    assert before is not None
    symbols = dataset.codec.source.symbols
    for row, name in enumerate(before.counted.rows):
        alone = model.predict(name)
        for column, i in enumerate(before.counted.columns):
            assert before.network[row, column] == pytest.approx(alone[symbols[i]], abs=1e-6)
    for _ in engine.Trainer(model, dataset, engine.TrainingConfig(epochs=60, learning_rate=0.02)):
        pass
    after = compare_with_bigrams(engine.Snapshot.of(model), Bigrams(dataset))
    assert after is not None
    assert after.difference < 0.03 < before.difference


@pytest.mark.sample("alphabet")
def test_both_tables_are_seen_side_by_side_and_tell_their_numbers(person: Person) -> None:
    person.click("architecture-one-to-one")
    person.wait_ready()
    train_and_stop(person, 50)
    view = shown(person, PredictView)
    person.wait_until(lambda: view.network.heat.values.size > 0 and view.counted.heat.values.size > 0)
    assert view.network.isVisible()
    assert view.counted.isVisible()
    assert view.network.heat.rows == view.counted.heat.rows
    assert view.network.heat.rows[0] == "start"
    assert view.counted.tip_of is not None
    tip = view.counted.tip_of(1, 0)
    assert "network" in tip
    assert "counted" in tip
    assert "differ by" in view.difference.text()
