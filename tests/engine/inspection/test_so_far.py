"""Answers to the beginnings of what is read are those that the network gives to them alone."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.inspection.so_far import MOST_STEPS, answers_so_far, ends_of, labels_so_far, symbol_probabilities


def small(kind: str, architecture: str, **changes: object) -> engine.Model:
    rng = np.random.default_rng(0)
    rows = [(rng.normal(size=(int(rng.integers(4, 9)), 3)), "ab"[k % 2] * (1 + k % 3)) for k in range(12)]
    data = engine.make_dataset(rows, kind=kind, target_unit="character")
    config = engine.ModelConfig(architecture=architecture, hidden_size=5, **changes)  # type: ignore[arg-type]
    return engine.build_model(config, data, seed=1)


@pytest.mark.parametrize(("steps", "count"), [(1, 1), (7, 7), (48, 48), (1000, 48), (10_000, 12)])
def test_few_steps_are_all_asked_after_and_many_evenly_up_to_the_last(steps: int, count: int) -> None:
    ends = ends_of(steps)
    assert len(ends) == count
    assert ends[-1] == steps
    assert (np.diff(ends) > 0).all()
    assert ends.sum() <= 1.1 * MOST_STEPS


@pytest.mark.parametrize("bidirectional", [False, True])
def test_labels_after_each_step_are_those_of_the_beginning_alone(bidirectional: bool) -> None:
    model = small("labelled-series", "many-to-one", bidirectional=bidirectional)
    frames = np.random.default_rng(2).normal(size=(6, 3))
    ends, shares = labels_so_far(model, frames)
    assert ends.tolist() == [1, 2, 3, 4, 5, 6]
    assert isinstance(model.choices, tuple)
    for end, found in zip(ends.tolist(), shares, strict=True):
        alone = model.classify(frames[:end])
        assert dict(zip(model.choices, found.tolist(), strict=True)) == pytest.approx(alone, abs=1e-6)
    assert np.ptp(shares, axis=0).max() > 1e-3  # otherwise any order would have passed


def test_what_is_written_after_each_step_is_what_the_beginning_says() -> None:
    model = small("speech", "encoder-decoder", attention=True)
    frames = np.random.default_rng(2).normal(size=(5, 3))
    ends, answers = answers_so_far(frames, lambda part: model.transcribe(part, beam_size=1))
    assert ends.tolist() == [1, 2, 3, 4, 5]
    for end, answer in zip(ends.tolist(), answers, strict=True):
        assert answer.text == model.transcribe(frames[:end], beam_size=1)[0].text
        assert answer.attention is not None
        assert answer.attention.shape[1] == end


def test_probabilities_of_the_symbols_multiply_to_that_of_the_answer() -> None:
    model = small("speech", "encoder-decoder", attention=True)
    frames = np.random.default_rng(2).normal(size=(5, 3))
    found = min(model.transcribe(frames, beam_size=4), key=lambda answer: len(answer.tokens))
    shares = symbol_probabilities(model, frames, found.tokens)
    assert len(shares) == len(found.tokens) + 1
    assert np.log(shares).sum() == pytest.approx(found.log_probability, abs=1e-5)
