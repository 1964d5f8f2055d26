"""A network that counts from an earlier value is judged only by steps that have one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.examples_file import load_examples
from engine.inspection.mistakes import mistakes
from engine.inspection.one_step import example_for, one_step
from engine.training.evaluation import mean_training_loss
from engine.training.proposals import proposed
from engine.types import FloatArray

LAG = 12
CONFIG = engine.ModelConfig(architecture="many-to-many", cell="gru", hidden_size=8, lag=LAG)


def rising(count: int, start: int = 0) -> FloatArray:
    """(count, 1) a season of twelve that rises, so that the first value of a stretch says little of the others."""
    k = np.arange(start, start + count)
    return (3.0 * k + 40 * np.sin(k * np.pi / 6))[:, None]


def test_a_series_of_its_own_is_measured_as_with_the_values_before_it() -> None:
    dataset = engine.make_dataset([rising(200)], "series")
    model = engine.build_model(CONFIG, dataset)
    values = rising(48, 200)
    alone = engine.evaluate(model, [engine.Example(values, values[1:])])
    wanted = engine.evaluate(model, [engine.Example(values, values[LAG:])])
    assert (alone.loss, alone.values, alone.predictions) == (wanted.loss, wanted.values, 48 - LAG)
    assert alone.values["mae"] == pytest.approx(36, abs=3), "what a year adds"
    assert alone.not_counted == (
        "The first 12 steps of the series have no value 12 steps earlier to count from and are not counted."
    )
    assert wanted.not_counted == engine.evaluate(model, dataset.validation).not_counted == ""
    assert engine.evaluate(model, dataset.validation).predictions == len(dataset.validation[0].target)
    assert mean_training_loss(model, dataset.train) == pytest.approx(wanted.loss, abs=0.5)


def test_a_file_has_one_figure_as_validation_as_a_test_and_with_the_saved_run(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("train.csv", "other.csv")]
    for path, values in zip(paths, (rising(200), rising(48, 200)), strict=True):
        path.write_text("sold\n" + "\n".join(map(str, values[:, 0])), "utf-8")
    dataset = engine.load_dataset(paths[0], validation=paths[1])
    trainer = engine.Trainer(engine.build_model(CONFIG, dataset), dataset, engine.TrainingConfig(epochs=1))
    for _ in trainer:
        pass
    final = trainer.final
    assert final is not None
    assert final.predictions == 48 - LAG
    assert final.not_counted
    read = load_examples(paths[1], dataset.codec, dataset.config, dataset.recognition).examples
    engine.save_run(tmp_path / "run", trainer)
    opened = engine.open_run(tmp_path / "run").snapshot.model()
    for model in (trainer.model, opened):
        for examples in (read, list(read), dataset.validation):
            found = engine.evaluate(model, examples)
            assert (found.loss, found.values) == (pytest.approx(final.loss), pytest.approx(dict(final.values)))
    engine.export_predictions(trainer.model, dataset, tmp_path / "predictions.csv")
    assert len((tmp_path / "predictions.csv").read_text().splitlines()) == 1 + 48 - LAG


def test_what_is_too_short_to_be_measured_is_refused_in_words() -> None:
    dataset = engine.make_dataset([rising(200)], "series")
    model = engine.build_model(CONFIG, dataset)
    few = rising(LAG)
    with pytest.raises(engine.DataError, match=r"has 12 steps, too few to be measured.*expected more than 12 steps"):
        engine.evaluate(model, [engine.Example(few, few[1:])])
    apart = engine.make_dataset([rising(200)], "series", validation=[few])
    with pytest.raises(engine.DataError, match="too few to be measured"):
        engine.Trainer(engine.build_model(CONFIG, apart), apart)
    assert proposed(apart)["lag"] < LAG
    assert proposed(engine.make_dataset([rising(200)], "series", validation=[rising(LAG + 1)]))["lag"] == LAG
    assert np.isfinite(mean_training_loss(engine.build_model(CONFIG, apart), apart.validation)), "as it is trained on"


def test_of_several_series_the_short_ones_are_named_and_come_last_among_the_mistakes() -> None:
    dataset = engine.make_dataset([rising(200), rising(100)], "series", validation=[rising(10), rising(30), rising(60)])
    model = engine.build_model(CONFIG, dataset)
    found = engine.evaluate(model, dataset.validation)
    assert found.predictions == 18 + 48
    assert found.not_counted.endswith("are not counted; 1 of the 3 series cannot be measured, for want of more steps.")
    listed = mistakes(model, dataset.validation)
    assert [one.number for one in listed][-1] == 0
    assert np.isfinite([one.loss for one in listed[:-1]]).all()


def test_in_the_picture_of_a_stretch_the_first_steps_have_no_loss_and_play_does_not_learn_from_them() -> None:
    dataset = engine.make_dataset([rising(200)], "series")
    model = engine.build_model(CONFIG, dataset)
    values = rising(24, 100)
    traced = engine.trace(model, values)
    assert traced.means is not None
    assert len(traced.means) == 23
    assert np.isnan(traced.nats).tolist() == [True] * (LAG - 1) + [False] * LAG
    step = one_step(model, example_for(model, values, (), None)[0], True, 0.01, 1.0)
    np.testing.assert_allclose(step.losses, traced.nats[LAG - 1 :], rtol=1e-5)
    assert np.isnan(engine.trace(model, rising(10)).nats).all()
    assert np.isfinite(one_step(model, example_for(model, rising(10), (), None)[0], True, 0.01, 1.0).loss)
