"""The text that the window showed the network reading, kept with a run so that it is there again when it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

from engine.runs.json_fields import Fields

MOST_CHARACTERS: Final = 100_000  # what is longer is not kept


@dataclass(frozen=True)
class LookedAt:
    """A text, and the label that the network started from; "" if it starts from none."""

    text: str
    label: str = ""

    @classmethod
    def of(cls, text: str, label: str) -> Self | None:
        """None for a text that is too long to be kept."""
        return cls(text, label) if len(text) + len(label) <= MOST_CHARACTERS else None

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {"text": self.text, "label": self.label}

    @classmethod
    def from_json(cls, values: object) -> Self | None:
        """From the output of `to_json`; ValueError for anything else."""
        fields = Fields(values, "looked_at")
        return cls.of(fields.text("text"), fields.text("label"))
