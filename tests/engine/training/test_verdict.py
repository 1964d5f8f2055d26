"""What the end of a run says about its settings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

import engine
from engine.cells import CELLS
from engine.training import verdict as of_verdicts
from engine.training.baseline import Baseline
from engine.training.evaluation import beginning
from engine.training.history import History
from engine.training.new_run import new_settings, new_trainer
from engine.training.verdict import verdict
from tests.engine.small import Case, small_training

LEARNED: dict[str, Any] = {"learning_rate": 1e-6}  # the loss falls no further


def ended(
    train: float, validation: float, shares: Mapping[str, float] = MappingProxyType({}), **changes: object
) -> engine.Trainer:
    case = Case("many-to-one", "labelled", "gru")
    trainer = engine.Trainer(case.model("float32"), case.dataset, small_training(**(LEARNED | changes)))
    assert verdict(trainer) == ()
    for _ in trainer:
        pass
    assert trainer.train_loss is not None
    trainer.train_loss, trainer.final = train, engine.Metrics(validation, 5, shares)
    return trainer


@pytest.mark.parametrize(
    ("train", "validation", "said"),
    [(1.0, 1.01, "Perhaps underfitted (loss 1.000 on training and 1.010 on validation examples, with these weights)"),
     (1.2, 1.0, ": 10 hidden units may help."), (0.2, 1.0, "A lot was memorized")],
)  # fmt: skip
def test_a_gap_between_the_losses_or_none_is_told(train: float, validation: float, said: str) -> None:
    (finding,) = verdict(ended(train, validation))
    assert said in finding.text
    assert (finding.setting, finding.value) == (("hidden_size", 10) if train >= 1 else ("", 0))


@pytest.mark.parametrize(
    ("shares", "told"),
    [({"accuracy": 0.987, "macro_f1": 0.981}, False), ({"accuracy": 0.92, "macro_f1": 0.92}, True),
     ({"accuracy": 0.987, "entity_f1": 0.61}, True), ({"r2": 0.987}, True)],
)  # fmt: skip
def test_memorizing_is_told_where_it_costs_right_answers(shares: dict[str, float], told: bool) -> None:
    findings = verdict(ended(0.004, 0.06, shares))
    assert [finding.text.startswith("A lot was memorized") for finding in findings] == [True] * told


def test_a_run_that_answers_nearly_all_and_still_improves_may_go_on() -> None:
    (finding,) = verdict(ended(0.004, 0.06, {"accuracy": 0.987}, schedule="adaptive", patience=50))
    assert finding.setting == "epochs"


@pytest.mark.parametrize("train", [0.004, 0.06])
def test_nothing_is_advised_where_every_answer_is_right(train: float) -> None:
    """Neither more epochs, while the loss falls, nor a larger network, where the losses are equal."""
    shares = {"accuracy": 1.0, "macro_f1": 1.0}
    assert verdict(ended(train, 0.06, shares, schedule="adaptive", patience=50)) == ()
    assert verdict(ended(train, 0.06, shares)) == ()
    assert verdict(ended(train, 0.06, shares | {"macro_f1": 0.999}, schedule="adaptive", patience=50))


@pytest.mark.parametrize(
    ("case", "forcing", "how"),
    [(Case("many-to-one", "labelled", "gru", {"dropout": 0.3, "word_dropout": 0.5}), 1.0, " (without dropout)"),
     (Case("many-to-one", "labelled", "gru", {"word_dropout": 0.5}), 1.0, " (without hidden words)"),
     (Case("one-to-many", "sequences", "gru", {"word_dropout": 0.5}), 1.0, ""),  # which has no use for it
     (Case("one-to-many", "sequences", "gru"), 0.5, " (reading right answers)")],
    ids=["dropout", "hidden words", "none", "own answers"],
)  # fmt: skip
def test_losses_without_what_made_the_steps_harder_are_told_apart_from_those_of_the_steps(
    case: Case, forcing: float, how: str
) -> None:
    training = small_training(**LEARNED, teacher_forcing=forcing)
    trainer = engine.Trainer(case.model("float32"), case.dataset, training)
    for _ in trainer:
        pass
    trainer.train_loss, trainer.final = -1.2, engine.Metrics(1.0, 5)
    losses = f"loss −1.200 on training{how} and 1.000 on validation examples"
    (said,) = [finding.text for finding in verdict(trainer) if losses in finding.text]
    assert "less dropout" not in said


@pytest.mark.parametrize("loss", ["gaussian", "squared"])
def test_a_forecaster_that_memorized_nothing_is_not_called_too_small(
    loss: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    better: list[Baseline] = []
    monkeypatch.setattr(of_verdicts, "baselines", lambda *_: [Baseline("mean", 1.4), *better])
    case = Case("many-to-many", "series", "gru", {"number_loss": loss})
    trainer = engine.Trainer(case.model("float32"), case.dataset, small_training(**LEARNED))
    for _ in trainer:
        pass
    trainer.train_loss, trainer.final = 0.43, engine.Metrics(0.421, 5)
    (finding,) = verdict(trainer)
    assert "underfitted" not in finding.text
    assert "may be noise" in finding.text
    assert finding.setting == "hidden_size"  # what would tell
    better.append(Baseline("linear", 0.25))
    worse, larger = verdict(trainer)
    assert worse.text == "A baseline does better, linear: loss 0.250 against 0.421."
    assert "noise" not in larger.text
    assert larger.setting == "hidden_size"


def test_a_density_whose_loss_is_below_zero_is_judged_by_its_nats() -> None:
    case = Case("many-to-many", "series", "gru", {"number_loss": "gaussian"})
    trainer = engine.Trainer(case.model("float32"), case.dataset, small_training(**LEARNED))
    for _ in trainer:
        pass
    trainer.train_loss, trainer.final = -1.4, engine.Metrics(-0.6, 5)
    assert verdict(trainer)[0].text.startswith("A lot was memorized")


@pytest.mark.parametrize(("train", "validation"), [(0.8, 1.0), (0.001, 0.002)])
def test_a_good_run_needs_no_word(train: float, validation: float) -> None:
    assert verdict(ended(train, validation)) == ()


def test_a_run_that_its_epochs_ended_while_it_improved_is_told() -> None:
    trainer = ended(0.8, 1.0, schedule="adaptive", patience=50)
    (finding,) = verdict(trainer)
    assert finding.text == "Validation was still improving when the run ended: more epochs would help."
    assert (finding.setting, finding.value) == ("epochs", trainer.training.epochs)


def test_a_run_that_still_improves_is_told_so_however_low_its_loss() -> None:
    (finding,) = verdict(ended(0.004, 0.005, schedule="adaptive", patience=50))
    assert finding.setting == "epochs"


def still_falling(train: float, validation: float, epochs: int) -> engine.Trainer:
    dataset = engine.load_sample("order")
    model = engine.build_model(engine.ModelConfig(architecture="many-to-one", hidden_size=8), dataset, seed=0)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=epochs))
    for _ in trainer:
        pass
    trainer.train_loss, trainer.final = train, engine.Metrics(validation, 5)
    return trainer


def test_a_falling_loss_needs_no_word_where_it_is_known_what_the_network_can_learn() -> None:
    assert verdict(still_falling(0.4, 0.5, epochs=2)) == ()
    assert verdict(still_falling(0.008, 0.013, epochs=2)) == ()


def test_a_network_that_a_baseline_beats_is_to_train_on_while_its_loss_falls() -> None:
    worse, more = verdict(still_falling(0.6, 0.7, epochs=2), [Baseline("blind guess", 0.8), Baseline("bag", 0.5)])
    assert worse.text.startswith("A baseline does better")
    assert (more.setting, more.value) == ("epochs", 2)


def test_a_network_that_does_no_better_than_a_guess_is_not_said_to_improve() -> None:
    trainer = still_falling(1.41, 1.42, epochs=2)
    findings = verdict(trainer, [Baseline("blind guess", 1.386), Baseline("most frequent label", 1.386, 0.25)])
    assert "A baseline does better" in findings[0].text
    assert not any("improving" in finding.text or finding.setting == "epochs" for finding in findings)


@pytest.mark.parametrize(
    ("optimizer", "rate", "slower"),
    [("adam", 0.02, 0), ("adam", 0.03, 0.003), ("adam", 1, 0.1), ("sgd", 0.5, 0), ("sgd", 1, 0.1)],
)
def test_a_high_learning_rate_is_named_where_a_baseline_does_better(optimizer: str, rate: float, slower: float) -> None:
    trainer = ended(1.41, 1.42, optimizer=optimizer, learning_rate=rate)
    told = [one for one in verdict(trainer, [Baseline("blind guess", 1.386)]) if one.setting == "learning_rate"]
    assert [one.value for one in told] == [slower] * bool(slower)
    assert [one.text for one in told] == [f"The learning rate, {rate}, may be too high."] * bool(slower)
    equal = {one.setting: one.text for one in verdict(trainer, [Baseline("blind guess", 1.6)])}
    assert ("learning_rate" in equal) == (bool(slower) and "epochs" not in equal), "where it stopped with equal losses"
    trainer.train_loss = 1.0
    assert not any(one.setting == "learning_rate" for one in verdict(trainer, [Baseline("blind guess", 1.6)]))


@pytest.mark.parametrize("epochs", [1, 2])
def test_after_few_epochs_no_larger_network_is_asked_for_but_more_epochs(epochs: int) -> None:
    (finding,) = verdict(still_falling(0.6, 0.605, epochs))
    assert finding.text == "Validation was still improving when the run ended: more epochs would help."
    assert (finding.setting, finding.value) == ("epochs", epochs)


def test_a_run_is_not_said_to_improve_still_if_an_earlier_validation_was_the_best() -> None:
    trainer = ended(0.8, 1.0, schedule="adaptive", patience=50, epochs=3)
    assert trainer.best is not None
    trainer.best = replace(trainer.best, step=trainer.best.step - trainer.steps_per_epoch)
    assert verdict(trainer) == ()


@pytest.mark.parametrize(
    ("accuracy", "loss", "said"),
    [
        (0.8, 0.1, "accuracy 90.0\u202f% against 80.0\u202f%"),  # whatever its loss
        (0.9, 5.0, "loss 0.500 against 5.000"),  # as many are right
        (0.9, 0.4, ""),
        (0.95, 5.0, ""),
        (math.nan, 1.0, "loss 0.500 against 1.000"),
        (math.nan, 0.4, ""),
    ],
)
def test_a_baseline_that_does_better_is_told_first_and_nothing_is_good_enough(
    accuracy: float, loss: float, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [Baseline("blind guess", 1.6), Baseline("bag of words", 0.5, None if math.isnan(accuracy) else 0.9)]
    monkeypatch.setattr(of_verdicts, "baselines", lambda *_: known)
    shares = {} if math.isnan(accuracy) else {"accuracy": accuracy}
    trainer = ended(0.8 * loss, loss, shares, patience=1, epochs=500, learning_rate=0.02)
    assert trainer.ended_early
    findings = [finding.text for finding in verdict(trainer)]
    assert findings[0].startswith(f"A baseline does better, bag of words: {said}." if said else "No sign of")
    assert not any("Good enough" in text for text in findings)
    assert any("may help" in text for text in findings) == bool(said)


@pytest.mark.parametrize(
    ("accuracies", "losses", "said"),
    [
        ((), (0.9, 0.3, 0.8), "loss 0.500 against 0.800. The network’s loss was best at step {}: 0.300, better "
         "than the baseline."),
        ((), (0.9, 0.6, 0.8), "loss 0.500 against 0.800. The network’s loss was best at step {}: 0.600."),
        ((), (0.9, math.nan, 0.8), "loss 0.500 against 0.800."),
        ((0.5, 0.95, 0.7), (0.3, 0.8, 0.8), "accuracy 90.0\u202f% against 70.0\u202f%. The network’s accuracy was best "
         "at step {}: 95.0\u202f%, better than the baseline."),
        ((0.5, 0.7, 0.7), (0.3, 0.8, 0.8), "accuracy 90.0\u202f% against 70.0\u202f%."),
    ],
)  # fmt: skip
def test_beside_a_better_baseline_an_earlier_step_that_was_better_is_named(
    accuracies: tuple[float, ...], losses: tuple[float, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [Baseline("pairs", 0.5, 0.9 if accuracies else None)]
    monkeypatch.setattr(of_verdicts, "baselines", lambda *_: known)
    shares = [{"accuracy": share} for share in accuracies] or [{}, {}, {}]
    trainer = ended(0.6, losses[-1], shares[-1], epochs=3)
    trainer.history = History()
    for epoch, loss in enumerate(losses):
        step, measured = (epoch + 1) * trainer.steps_per_epoch, engine.Metrics(loss, 5, shares[epoch])
        trainer.history.record(engine.Update(step, epoch, loss, 1.0, False, 0.01, 9, 0.1, measured))
    assert trainer.step == step
    told = verdict(trainer)[0].text
    assert told == f"A baseline does better, pairs: {said.format(2 * trainer.steps_per_epoch)}"


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"accuracy": 0.98}, "Good enough for these settings: {}."),
        ({"accuracy": 0.98, "exact_match": 0.59}, "No sign of a network too small or of much memorizing: {}. More "
         "patience or another learning rate may do better."),
        ({}, "No sign of a network too small or of much memorizing: {}. More patience or another learning rate may do "
         "better."),
    ],
)  # fmt: skip
def test_a_run_that_its_patience_ended_is_called_good_enough_only_where_nearly_all_is_right(
    shares: dict[str, float], said: str
) -> None:
    trainer = ended(0.4, 0.5, shares, patience=1, epochs=500, learning_rate=0.1)
    assert trainer.ended_early
    (finding,) = verdict(trainer)
    losses = "loss 0.400 on training and 0.500 on validation examples, with these weights"
    assert finding.text == said.format(losses)  # the reason for the end is not given again
    assert not finding.setting


@pytest.mark.parametrize("clip_norm", [0.0, 1.0])
def test_where_the_loss_has_exploded_the_rate_is_named_and_no_other_cell(clip_norm: float) -> None:
    case = Case("one-to-many", "labelled", "irnn")
    changes = {"optimizer": "sgd", "learning_rate": 1.0, "clip_norm": clip_norm, "epochs": 1}
    trainer = engine.Trainer(case.model("float32"), case.dataset, small_training(**changes))
    for _ in trainer:
        pass
    trainer.train_loss, trainer.final = 2210.4, engine.Metrics(2169.937, 5)
    (finding,) = verdict(trainer, [Baseline("character pairs", 2.4), Baseline("blind guess", 3.3)])
    also = ", or clipping the gradient," * (not clip_norm)
    assert finding.text == (
        "The loss has exploded: 2.21e3 on training and 2.17e3 on validation examples, far above blind guess "
        f"(3.300). A lower learning rate{also} may help."
    )
    assert (finding.setting, finding.value) == ("learning_rate", 0.1)
    trainer.train_loss = 0.1  # merely memorized
    assert "exploded" not in verdict(trainer, [Baseline("blind guess", 3.3)])[0].text


def test_running_text_is_judged_too() -> None:
    case = Case("one-to-many", "stream", "gru")
    trainer = engine.Trainer(case.model("float32"), case.dataset, small_training())
    for _ in trainer:
        pass
    symbols = len(case.dataset.validation.source.packed)
    opening = beginning(case.dataset.train, symbols)
    assert opening[0].source == case.dataset.train[0].source[:symbols]
    assert trainer.train_loss == pytest.approx(engine.evaluate(trainer.model, opening).loss)


def test_the_training_loss_is_that_of_the_weights_that_are_kept_without_dropout() -> None:
    case = Case("many-to-one", "labelled", "gru", {"dropout": 0.5})
    trainer = engine.Trainer(case.model("float32"), case.dataset, small_training(patience=9))
    for _ in trainer:
        pass
    assert trainer.train_loss == pytest.approx(engine.evaluate(trainer.model, case.dataset.train).loss)


@pytest.mark.parametrize(
    ("validations", "steps", "memorized"),
    [((1.2, 1.0, 1.3), (1.1, 1.0, 0.6), True), ((1.2, 1.0, 1.05), (1.1, 1.0, 0.6), False),
     ((1.2, 1.0, 1.3), (1.1, 1.0, 1.0), False)],
)  # fmt: skip
@pytest.mark.parametrize(
    ("train", "known", "else_said"),
    [(0.99, None, "Perhaps underfitted"), (0.8, [Baseline("bag of words", 0.5)], "Another learning rate")],
    ids=["as good on both", "worse than a baseline"],
)
def test_a_network_that_memorized_after_its_best_step_is_not_called_too_small(
    validations: tuple[float, ...],
    steps: tuple[float, ...],
    memorized: bool,
    train: float,
    known: list[Baseline] | None,
    else_said: str,
) -> None:
    trainer = ended(train, 1.0)
    trainer.history = History()
    for epoch, (validation, loss) in enumerate(zip(validations, steps, strict=True)):
        for k in range(trainer.steps_per_epoch):
            last = k == trainer.steps_per_epoch - 1
            measured = engine.Metrics(validation, 5) if last else None
            step = epoch * trainer.steps_per_epoch + k + 1
            trainer.history.record(engine.Update(step, epoch, loss, 1.0, False, 0.01, 9, 0.1, measured))
    text = verdict(trainer, known)[-1].text
    assert text.startswith(else_said) == (not memorized)
    if memorized:
        assert text == (
            f"It began to memorize after step {2 * trainer.steps_per_epoch}: the validation loss rose from 1.000 to "
            "1.300, and the mean training loss of an epoch fell from 1.000 to 0.600. More examples or more dropout may "
            "help."
        )


@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_less_dropout_is_advised_only_where_there_is_some(dropout: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_verdicts, "baselines", lambda *_: [Baseline("bag of words", 0.5)])
    case = Case("many-to-one", "labelled", "gru", {"dropout": dropout})
    trainer = engine.Trainer(case.model("float32"), case.dataset, small_training(**LEARNED))
    for _ in trainer:
        pass
    trainer.train_loss, trainer.final = 0.8, engine.Metrics(1.0, 5)
    advice = verdict(trainer)[-1].text
    assert advice.startswith("Another learning rate")
    assert ("less dropout" in advice) == (dropout > 0)


@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_dropout_is_named_beside_the_size_where_it_may_hold_a_network_back(dropout: float) -> None:
    case = Case("many-to-one", "labelled", "gru", {"dropout": dropout})
    trainer = engine.Trainer(case.model("float32"), case.dataset, small_training(**LEARNED))
    for _ in trainer:
        pass
    trainer.train_loss, trainer.final = 1.0, engine.Metrics(1.01, 5)
    (finding,) = verdict(trainer)
    ways = "10 hidden units or less dropout" if dropout else "10 hidden units"
    assert finding.text.endswith(f": {ways} may help.")
    assert (finding.setting, finding.value) == ("hidden_size", 10)


@pytest.mark.parametrize(
    ("best", "accuracy", "shares", "hardly"),
    [(1.05, None, {}, True), (1.5, None, {}, False), (1.05, 0.5, {"accuracy": 0.6}, False),
     (1.05, 0.595, {"accuracy": 0.6}, True)],
)  # fmt: skip
def test_a_run_little_better_than_a_method_without_a_network_is_not_called_good_enough(
    best: float, accuracy: float | None, shares: dict[str, float], hardly: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_verdicts, "baselines", lambda *_: [Baseline("blind guess", best, accuracy)])
    trainer = ended(0.8, 1.0, shares, patience=1, epochs=500, learning_rate=0.1)
    assert trainer.ended_early
    (finding,) = verdict(trainer)
    said = f"Hardly better than the best method without a network, blind guess: loss 1.000 against {best:.3f}."
    assert finding.text == said if hardly else finding.text.startswith("No sign of")


@pytest.mark.parametrize(
    ("cell", "hidden_size", "offered"), [("rnn", 16, True), ("rnn", 64, True), ("lstm", 16, False)]
)
def test_where_the_gradient_vanishes_gates_are_offered_and_not_more_units(
    cell: str, hidden_size: int, offered: bool
) -> None:
    """Long memory is the lesson on vanishing gradients: a plain RNN learns nothing there, whatever its size."""
    dataset = engine.load_sample("recall")
    config, training = new_settings(
        dataset, engine.SAMPLES["recall"], {"cell": cell, "hidden_size": hidden_size}, {"epochs": 4}
    )
    trainer = new_trainer(dataset, config, training)
    for _ in trainer:
        pass
    flow = engine.gradient_flow(trainer.snapshot().model(), dataset.validation[0])
    assert flow.headline.startswith("Vanishes") == flow.vanishes == offered
    findings = verdict(trainer)
    assert "hidden_size" not in [finding.setting for finding in findings]
    assert any("gradient vanishes" in finding.text for finding in findings) == offered
    if offered:
        assert findings[0].text.startswith("A baseline does better")
        assert [CELLS[str(finding.value)].is_gated() for finding in findings if finding.setting == "cell"] == [True]


def test_where_gates_alone_do_not_hold_on_to_anything_initial_weights_for_a_long_memory_are_offered() -> None:
    dataset = engine.load_sample("recall")
    plain = {"hidden_size": 16, "initialization": "uniform"}
    trainer = new_trainer(dataset, *new_settings(dataset, engine.SAMPLES["recall"], plain, {"epochs": 4}))
    for _ in trainer:
        pass
    assert trainer.model.config.cell == "lstm"
    offered = next(finding for finding in verdict(trainer) if finding.setting)
    assert (offered.setting, offered.value) == ("initialization", "chrono")
    assert "gradient vanishes" in offered.text


@pytest.mark.parametrize(("architecture", "kind"), [("one-to-many", "sequences"), ("many-to-one", "labelled")])
def test_gates_are_offered_only_where_no_error_of_any_step_reaches_the_first(
    architecture: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network that predicts at each step learns from its first steps however soon the last error has vanished."""
    monkeypatch.setattr(of_verdicts, "baselines", lambda *_: [Baseline("blind guess", 9.0)])
    case = Case(architecture, kind, "rnn")
    trainer = engine.Trainer(case.model("float32"), case.dataset, small_training(**LEARNED))
    for _ in trainer:
        pass
    model = trainer.model
    for name, array in model.parameters.items():
        if name.endswith("weight_hh"):
            array *= 1e-4
    assert engine.gradient_flow(model, "abcde").vanishes
    trainer.train_loss, trainer.final = 1.0, engine.Metrics(1.01, 5)
    (finding,) = verdict(trainer)
    assert finding.setting == ("hidden_size" if architecture == "one-to-many" else "cell")
    assert "hardly anything is learned" not in finding.text  # so far below a blind guess, it may have been
