"""The settings of a run that people send each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import engine


@dataclass(frozen=True)
class SharedSettings:
    """Network, training, and how to read the data. sample: its name, if the data is one that ships with the program."""

    model: engine.ModelConfig
    training: engine.TrainingConfig
    data: Mapping[str, Any] = field(default_factory=dict)
    sample: str = ""
