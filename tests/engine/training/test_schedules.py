"""How the learning rate changes over a run."""

from __future__ import annotations

from typing import Any

import pytest

from engine.config import TrainingConfig
from engine.training.schedules import SCHEDULES
from engine.training.trainer import Trainer
from tests.engine.small import Case

TOTAL = 400


def factors(name: str, total: int = TOTAL) -> list[float]:
    return [SCHEDULES[name].factor(step / (total - 1)) for step in range(total)]


@pytest.mark.parametrize("name", SCHEDULES)
def test_factors_lie_between_zero_and_one(name: str) -> None:
    assert all(0 <= factor <= 1 for factor in factors(name))
    assert max(factors(name)) == pytest.approx(1, abs=1e-4)


def test_constant_stays_and_steps_fall_at_the_thirds() -> None:
    assert set(factors("constant")) == {1.0}
    found = [SCHEDULES["step"].factor(progress) for progress in (0, 0.33, 0.34, 0.66, 0.67, 1)]
    assert found == pytest.approx([1, 1, 0.3, 0.3, 0.09, 0.09])


def test_cosine_falls_to_zero_and_one_cycle_rises_first() -> None:
    cosine, cycle = factors("cosine"), factors("one-cycle")
    assert cosine == sorted(cosine, reverse=True)
    assert cosine[-1] == pytest.approx(0)
    top = cycle.index(max(cycle))
    assert top == pytest.approx(0.3 * TOTAL, abs=2)
    assert cycle[:top] == sorted(cycle[:top])
    assert cycle[top:] == sorted(cycle[top:], reverse=True)
    assert (cycle[0], cycle[-1]) == pytest.approx((1 / 25, 1 / 25e4))


def test_cosine_is_pytorchs() -> None:
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 1.0)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, TOTAL - 1)
    assert factors("cosine") == pytest.approx(rates_of(optimizer, schedule), abs=1e-9)


@pytest.mark.parametrize("total", [400, 4000])
def test_one_cycle_is_pytorchs_but_for_a_step(total: int) -> None:
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 1.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=total, cycle_momentum=False)
    wanted = rates_of(optimizer, schedule, total)
    # PyTorch rounds the end of the rise down to a whole step; at its steepest the rise is π/0.6 over the run
    assert factors("one-cycle", total) == pytest.approx(wanted, abs=1.01 * 3.1416 / 0.6 / total)


def rates_of(optimizer: Any, schedule: Any, total: int = TOTAL) -> list[float]:
    """What PyTorch's schedule makes of a rate of 1, step by step."""
    rates: list[float] = []
    for step in range(total):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < total - 1:
            schedule.step()
    return rates


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_trainer_applies_the_schedule_to_the_rate(name: str) -> None:
    case = Case("many-to-one", "labelled", "rnn")
    trainer = Trainer(
        case.model(), case.dataset, TrainingConfig(schedule=name, learning_rate=0.02, epochs=6, batch_size=8)
    )
    total = trainer.steps_total
    rates = [update.learning_rate for update in trainer]
    assert len(rates) == total
    if name != "plateau":
        assert rates == pytest.approx([0.02 * factor for factor in factors(name, total)])
