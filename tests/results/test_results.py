"""Every figure of docs/results.md that has a target, trained anew: `pytest -m slow tests/results`."""

from __future__ import annotations

from functools import cache

import pytest

from tests.results.catalogue import EXPERIMENTS
from tests.results.experiment import Outcome, run

pytestmark = pytest.mark.slow


@cache
def outcome_of(name: str) -> Outcome:
    """Each experiment is run once in a session."""
    missing = [path for path in EXPERIMENTS[name].paths if not path.exists()]
    if missing:
        pytest.skip(f"{missing[0]} is not there")
    return run(EXPERIMENTS[name])


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_target_is_reached(name: str) -> None:
    experiment, outcome = EXPERIMENTS[name], outcome_of(name)
    assert experiment.reached(outcome.figures[experiment.figure], outcome.minutes), (
        f"{dict(outcome.figures)} in {outcome.minutes:.1f} min"
    )


def test_attention_is_clearly_ahead() -> None:
    plain, attending = outcome_of("eng-fra").figures, outcome_of("eng-fra-attention").figures
    assert attending["chrf"] > plain["chrf"] + 3
    assert attending["exact"] > 1.2 * plain["exact"]


def test_without_memory_the_bigram_is_the_limit() -> None:
    figures = outcome_of("names-one-to-one").figures
    assert figures["nats"] >= figures["bigram"] - 0.005
