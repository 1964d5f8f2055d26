"""A race: every racer trains as if it were alone, all get the same time, and who fails drops out alone."""

from __future__ import annotations

from collections import Counter

import pytest

import engine
from engine.training.race import TURN_S, Turn, race

NAMES = engine.load_sample("names")
SHORT = engine.TrainingConfig(epochs=1, batch_size=2048, seed=3)


def trainer(cell: str, training: engine.TrainingConfig = SHORT, size: int = 4) -> engine.Trainer:
    config = engine.ModelConfig(cell=cell, hidden_size=size)
    return engine.Trainer(engine.build_model(config, NAMES, training.seed), NAMES, training)


class Ticking:
    """Seconds that pass with each look: the same ones on every machine."""

    def __init__(self, step_s: float) -> None:
        self.now, self.step_s = 0.0, step_s

    def __call__(self) -> float:
        self.now += self.step_s
        return self.now


def timed(seconds: float, steps: int) -> engine.Trainer:
    """A trainer each of whose steps takes so long."""
    model = engine.build_model(engine.ModelConfig(hidden_size=2), NAMES)
    made = engine.Trainer(model, NAMES, engine.TrainingConfig(batch_size=64), clock=Ticking(seconds))
    made.plan(steps)
    return made


def steps_of(turns: list[Turn]) -> Counter[int]:
    return Counter(turn.racer for turn in turns if turn.update is not None)


def test_every_racer_learns_bit_for_bit_what_it_learns_alone() -> None:
    raced = [trainer(cell) for cell in ("rnn", "gru")]
    for _ in race(raced):
        pass
    for one in raced:
        alone = trainer(one.model.config.cell)
        for _ in alone:
            pass
        assert one.step == alone.step > 1
        assert (one.model.parameters.flat == alone.model.parameters.flat).all()


def test_while_all_race_none_has_had_more_than_a_turn_more_time_than_another() -> None:
    slow, quick = timed(0.02, 1000), timed(0.005, 1000)
    for _, turn in zip(range(60), race([slow, quick]), strict=False):
        assert turn.update is not None
        apart = abs(slow.history.seconds - quick.history.seconds)
        assert apart <= TURN_S + 0.02 + 1e-9
    assert quick.step > 3 * slow.step > 20


def test_when_the_others_are_through_the_last_one_goes_on_to_its_end() -> None:
    short, long = timed(0.01, 2), timed(0.01, 9)
    turns = list(race([short, long]))
    assert steps_of(turns) == {0: 2, 1: 9}
    assert [turn.racer for turn in turns if turn.update is None] == [0, 1], "each says once that it is through"


def test_who_diverges_or_fails_drops_out_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    wild, broken, sound = timed(0.01, 5), timed(0.01, 5), timed(0.01, 5)
    wild.model.parameters.flat[:] = float("nan")

    def fail(*_: object) -> None:
        raise MemoryError("too large")

    monkeypatch.setattr(broken.workers, "loss_and_gradient", fail)
    turns = list(race([wild, broken, sound]))
    (diverged,) = [turn.update for turn in turns if turn.racer == 0]
    assert diverged is not None
    assert diverged.diverged
    (failed,) = [turn for turn in turns if turn.racer == 1]
    assert isinstance(failed.error, MemoryError)
    assert steps_of(turns)[2] == 5
