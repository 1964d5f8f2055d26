"""The base of networks that predict numbers: their loss, their metrics, and the way back to their own units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.data.examples import Examples
from engine.models.forward_pass import Pass
from engine.models.model import Model
from engine.models.number_metrics import NUMBER_METRICS, number_metrics
from engine.models.rows import chunks
from engine.network.layers import Dense
from engine.network.number_scorers import NumberScorer, number_scorer
from engine.types import FloatArray

if TYPE_CHECKING:
    from engine.data.numbers.number_scaling import NumberScaling


class NumberModel(Model):
    """Predicts the numbers that `codec.values` describes."""

    numbers: NumberScaling
    judge: NumberScorer

    def _build_read_out(self, size: int) -> None:
        """The scorer, and the read-out of states of that size that it needs."""
        assert self.codec.values is not None
        self.numbers = self.codec.values
        self.judge = number_scorer(self.config.number_loss, self.numbers.size)
        self.scorer = self.judge
        self.output = Dense("output", size, self.judge.scores_needed)

    @property
    def choices(self) -> tuple[str, ...]:
        """Numbers are not chosen from a list."""
        return ()

    def numbers_of(self, done: Pass) -> tuple[FloatArray, FloatArray]:
        """Means and standard deviations (N, D), in the data's own units."""
        mean, sigma = self.judge.spread(done.logits)
        return self.numbers.restore(mean), self.numbers.restore_deviation(sigma)

    def metrics(self) -> tuple[str, ...]:
        """How far off the numbers are."""
        return NUMBER_METRICS

    def measure(self, examples: Examples, thorough: bool = True) -> dict[str, float]:
        """See `number_metrics`."""
        return number_metrics(self, self.judge, self.numbers, (part for part, _ in chunks(examples)))
