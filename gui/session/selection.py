"""Which cell of the unrolled network is looked into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Selection:
    """One step (from 0, in the order of the text) of one layer (from 0) and direction of one part of the network."""

    part: str  # "" or "encoder" or "decoder"
    layer: int
    direction: str  # "forward" or "backward"
    step: int
