"""The results of a network on a test file, measured once, at the end."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from engine.models.metrics import metric_in_words
from engine.number_text import counted, grouped, loss_text
from engine.runs.json_fields import Fields, as_json


@dataclass(frozen=True)
class Measured:
    """Loss (nats per predicted symbol) and metrics by name, of the weights at `step` on the `examples` of a file.

    remark: why these figures tell less than they seem to; "" if they do not. predictions: how many are in the mean
    loss; 0 in runs that were saved before it was kept.
    """

    file: str
    step: int
    examples: int
    loss: float
    values: Mapping[str, float]
    remark: str = ""
    predictions: int = 0

    @property
    def in_words(self) -> str:
        """ "Test on reviews.csv (step 120, 872 examples): loss 0.421, accuracy 82.1 %" """
        figures = [metric_in_words(name, value) for name, value in self.values.items()]
        about = f"step {grouped(self.step)}, {counted(self.examples, 'example')}"
        where = f"{Path(self.file).name} ({'; '.join(filter(None, (about, self.remark)))})"
        return f"Test on {where}: {', '.join([f'loss {loss_text(self.loss)}', *figures])}"

    def to_json(self) -> dict[str, Any]:
        """Convert to a plain dictionary."""
        values = {name: as_json(value) for name, value in self.values.items()}
        return dataclasses.asdict(self) | {"loss": as_json(self.loss), "values": values}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """From the output of `to_json`; ValueError for anything else."""
        fields = Fields(values, "tested")
        metrics = fields.inner("values")
        named = {name: metrics.number(name, finite=False) for name in metrics.names}
        loss = fields.number("loss", finite=False)
        remark = fields.text("remark") if "remark" in fields.names else ""  # runs saved earlier have none
        predictions = fields.count("predictions") if "predictions" in fields.names else 0
        step, examples = fields.count("step"), fields.count("examples")
        return cls(fields.text("file"), step, examples, loss, named, remark, predictions)
