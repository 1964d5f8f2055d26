"""The progress of a training run: everything a run file keeps of its trainer besides arrays."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainingProgress:
    """The numbers that a run continues from.

    step: steps taken. plateau_factor, validations_since_best, epoch_of_best: the decisions of validation so far.
    steps_planned: steps of the whole run, if it is not simply its epochs; otherwise 0. cooling_from: the step at which
    patience began to lower the rate, which was then cooling_factor times the configured one; 0 if it has not.
    seconds_spent: of a time budget. optimizer_steps: steps since the optimizer's moments were last zero.
    validation_limit: examples of each validation. workers: processes that compute each gradient, 1 or 2; this affects
    the last bits. steps_per_epoch: with the data of the run; 0 in files of earlier versions.
    untimed_steps: those taken elsewhere, for which no seconds were counted.
    """

    step: int = 0
    finished: bool = False
    plateau_factor: float = 1.0
    validations_since_best: int = 0
    epoch_of_best: int = 0
    steps_planned: int = 0
    cooling_from: int = 0
    cooling_factor: float = 1.0
    seconds_spent: float = 0.0
    validation_limit: int = 1000
    optimizer_steps: int = 0
    workers: int = 1
    steps_per_epoch: int = 0
    untimed_steps: int = 0

    def __post_init__(self) -> None:
        if self.workers not in (1, 2):
            raise ValueError(f"workers is {self.workers}; expected 1 or 2")

    @property
    def last_epoch(self) -> int:
        """The epoch of the last step, counted from 1; 0 before the first step, or if unknown."""
        return -(-self.step // self.steps_per_epoch) if self.steps_per_epoch else 0
