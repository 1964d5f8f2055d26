"""Decides when a run is validated: often enough to draw curves, rarely enough to be cheap."""

from __future__ import annotations

import math

from engine.data.dataset import Dataset
from engine.models import Model
from engine.training.work import weights_at_work

_STEPS_BETWEEN = 250  # within a long epoch, validation happens at equal distances of at most this many steps
_SHARE = 0.1  # largest share of the training time that validation may take


class ValidationPlan:
    """The steps of a run after which it is validated: at the end of each epoch, also within a long one, or only after
    every few epochs where the validation examples are many compared with what is trained on.

    It depends only on numbers of symbols, not on measured times, so a run can be reproduced.
    """

    def __init__(self, model: Model, dataset: Dataset, steps_per_epoch: int, limit: int) -> None:
        """limit: examples of each validation; 0 takes all."""
        train, held_out = dataset.train, dataset.validation
        symbols = model.symbols_read(held_out) if len(held_out) else 0
        slower = weights_at_work(model, training=False) / weights_at_work(model)
        covered = min(1.0, limit / max(1, len(held_out))) if limit else 1.0
        # in epochs of training
        cost = model.validation_cost * slower * symbols * covered / max(1, model.symbols_read(train))
        affordable = _SHARE / cost if cost else math.inf  # validations per epoch
        parts = min(-(-steps_per_epoch // _STEPS_BETWEEN), max(1, int(min(affordable, 1e9))))
        self._every = 1 if affordable >= 1 else min(math.ceil(1 / affordable), 1000)
        self._steps_per_epoch = steps_per_epoch
        self._within = {round(steps_per_epoch * (k + 1) / parts) for k in range(parts)}

    def includes(self, step: int) -> bool:
        """Whether the run is validated after this step. It always is after its last step."""
        epoch, place = divmod(step - 1, self._steps_per_epoch)
        return place + 1 in self._within and (epoch + 1) % self._every == 0
