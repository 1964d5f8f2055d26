"""One file and one registry line add an architecture: what then works by itself."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.inspection.contributions import contributions
from engine.inspection.mistakes import confusion, mistakes
from engine.inspection.projection import embeddings
from engine.training.baselines import baselines
from engine.training.defaults import fitting, probe_for
from tests.engine.models.throw_away import throw_away
from tests.engine.network.test_gradients import check
from tests.engine.small import Case, batch_of, data, exact_cases, small_training

__all__ = ["throw_away"]  # the fixture


def model_of(name: str) -> engine.Model:
    return Case(name, "labelled", "gru").model("float32")


def test_its_gradient_is_checked_with_that_of_all_others(throw_away: str) -> None:
    cases = [case for case in exact_cases() if case.architecture == throw_away]
    assert len({case.cell for case in cases}) > 1
    for case in cases:
        check(case.model(), batch_of(case.dataset), case)


def test_it_can_be_chosen_and_says_what_it_needs(throw_away: str) -> None:
    choices = engine.ModelConfig.options()["architecture"].choices
    assert choices is not None
    assert choices[throw_away] == "sum to one"
    assert engine.trainable(data("labelled"))[throw_away] == ""
    assert engine.trainable(data("stream"))[throw_away].startswith("Sum to one needs texts with a label")
    config = fitting(engine.ModelConfig(architecture=throw_away, bidirectional=True, attention=True, cell="gru"))
    assert (config.bidirectional, config.attention, config.cell) == (False, False, "gru")
    with pytest.raises(engine.ConfigError, match="This network cannot translate: it is sum to one"):
        model_of(throw_away).translate("abc")


def test_it_learns(throw_away: str) -> None:
    trainer = engine.Trainer(model_of(throw_away), data("labelled"), small_training(epochs=300))
    losses = [update.loss for update in trainer]
    assert losses[-1] < 0.2 * losses[0]
    assert engine.evaluate(trainer.model, data("labelled").train).accuracy > 0.8


def test_a_run_of_it_is_saved_and_goes_on_bit_for_bit(throw_away: str, tmp_path: Path) -> None:
    trainer = engine.Trainer(model_of(throw_away), data("labelled"), small_training(epochs=10))
    for _ in islice(trainer, 7):
        pass
    engine.save_run(tmp_path / "run", trainer)
    again = engine.load_run(tmp_path / "run", data("labelled"))
    assert [u.loss for u in islice(again, 5)] == [u.loss for u in islice(trainer, 5)]
    answers = engine.open_run(tmp_path / "run").snapshot.model().classify("abc")
    assert sum(answers.values()) == pytest.approx(1)


def test_it_can_be_looked_into(throw_away: str) -> None:
    model, dataset = model_of(throw_away), data("labelled")
    trace = engine.trace(model, "abca")
    assert trace.inputs == ("a", "b", "c", "a")
    assert [bool(symbol) for symbol in trace.outputs] == [False, False, False, True]
    assert trace.layers[0].states.shape == (4, model.config.hidden_size)
    assert engine.memory(model, "abca").shares.sum() == pytest.approx(1)
    assert (engine.gradient_flow(model, "abca").norms > 0).all()
    assert len(contributions(model, "abca").left_out) == 4
    assert confusion(model, dataset.train).counts.sum() == len(dataset.train)
    assert mistakes(model, dataset.train, 3)[0].loss > 0
    assert np.isfinite(embeddings(model)[1].points).all()
    assert baselines(dataset, throw_away) == baselines(dataset, "many-to-one")
    assert probe_for(dataset, None, throw_away)[1] is None


def test_its_answers_become_a_table_and_what_nobody_can_write_is_refused_in_words(
    throw_away: str, tmp_path: Path
) -> None:
    model, dataset = model_of(throw_away), data("labelled")
    engine.export_predictions(model, dataset, tmp_path / "answers.csv")
    lines = (tmp_path / "answers.csv").read_text("utf-8").splitlines()
    assert lines[0] == "text,label,predicted,probability,right"
    assert len(lines) == 1 + len(dataset.validation)
    for export in (engine.export_onnx, engine.export_pytorch):
        with pytest.raises(engine.StorageError, match="a network that classifies sums"):
            export(model, tmp_path / "network")
