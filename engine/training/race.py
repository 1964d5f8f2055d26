"""Several runs trained side by side in fair turns of computing. With a single run this is simply training it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.training.trainer import Trainer
from engine.training.update import Update

TURN_S = 0.05  # a shorter turn would spend much of itself on bringing the racer's weights back into the cache


@dataclass(frozen=True, eq=False)
class Turn:
    """What one racer did. racer: its place among the trainers. update: one step; None: there is no next one.

    error: what kept it from making the step; it is out of the race then, and the others go on.
    """

    racer: int
    update: Update | None
    error: Exception | None = None


def race(trainers: Sequence[Trainer]) -> Iterator[Turn]:
    """Train all of them, each bit for bit as if it were alone.

    It is always the turn of the one that has computed least so far (`History.seconds`), so at any moment all have had
    the same time. Who is done, diverges or fails leaves the race.
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
    except Exception as error:  # of one racer; whoever drives the race tells of it
        return Turn(racer, None, error)
