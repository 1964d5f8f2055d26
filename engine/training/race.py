"""Trains several runs side by side, taking fair turns. With a single run this is ordinary training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.training.trainer import Trainer
from engine.training.update import Update

TURN_S = 0.05  # a shorter turn would spend much of its time bringing the racer's weights back into the cache


@dataclass(frozen=True, eq=False)
class Turn:
    """What one racer did. racer: its index among the trainers. update: one step, or None if there is no next one.
    error: why the step failed; the racer is then out of the race, and the others go on.
    """

    racer: int
    update: Update | None
    error: Exception | None = None


def race(trainers: Sequence[Trainer]) -> Iterator[Turn]:
    """Train all of them, each bit for bit as if it were alone.

    The turn always goes to the one that has computed least (`History.seconds`), so all have had about the same time at
    any moment. A racer that is done, diverges or fails leaves the race.
    """
    racing = set(range(len(trainers)))
    while racing:
        racer = min(racing, key=lambda place: (trainers[place].history.seconds, place))
        until = trainers[racer].history.seconds + TURN_S
        while racer in racing and (len(racing) == 1 or trainers[racer].history.seconds < until):
            turn = _step(racer, trainers[racer])
            if turn.update is None or turn.update.diverged:
                racing.remove(racer)
            yield turn


def _step(racer: int, trainer: Trainer) -> Turn:
    try:
        return Turn(racer, next(trainer, None))
    except Exception as error:  # of one racer; reported by the caller
        return Turn(racer, None, error)
