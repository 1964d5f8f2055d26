"""A setting that a network says it does not use changes nothing, and breaks nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.config import ModelConfig, TrainingConfig
from engine.data.codec import Kind
from engine.models import model_class
from engine.training.made_up import has_stems
from engine.training.trainer import Trainer
from tests.engine.small import Case, batch_of, data, plain_cases

UNUSED = [
    (case, name)
    for case in plain_cases()
    if case.cell == "rnn"
    for name in model_class(case.architecture, Kind(case.kind)).unused
    if not ModelConfig.options()[name].is_file and name != "cell"  # each case names its cell
]


def _otherwise(name: str) -> Any:
    """A value that is not the default."""
    default, declared = ModelConfig.default(name), ModelConfig.options()[name]
    if declared.choices is not None:
        return next(choice for choice in declared.choices if choice != default)
    return not default if isinstance(default, bool) else default + 2


@pytest.mark.parametrize(("case", "name"), UNUSED, ids=str)
def test_an_unused_setting_changes_nothing(case: Case, name: str) -> None:
    options, unused = ModelConfig.options(), model_class(case.architecture, Kind(case.kind)).unused
    needed = options[name].needs
    beside = {needed: True if needed == "attention" else 4} if needed and needed not in unused else {}
    beside = {} if options[name].needed else beside
    plain = Case(case.architecture, case.kind, case.cell, beside)
    other = Case(case.architecture, case.kind, case.cell, {**beside, name: _otherwise(name)})
    losses = [each.model().loss_and_gradient(batch_of(each.dataset)) for each in (plain, other)]
    assert losses[0] == losses[1]
    assert plain.model().parameters.flat.tobytes() == other.model().parameters.flat.tobytes()


def test_there_are_no_made_up_words_for_a_sound() -> None:
    dataset = data("speech")
    assert not has_stems(dataset.codec)
    weights = []
    for made_up in (0.0, 0.5):
        model = Case("encoder-decoder", "speech", "rnn").model()
        trainer = Trainer(model, dataset, TrainingConfig(epochs=1, made_up=made_up))
        for _ in trainer:
            pass
        weights.append(model.parameters.flat)
    assert np.array_equal(*weights)
