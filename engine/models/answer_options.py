"""How an answer is written: options of the verbs, each declared once."""

from __future__ import annotations

from dataclasses import dataclass

from engine.options import Config, option

_GREEDY = "At temperature 0 the most probable symbol is always written."


@dataclass(frozen=True)
class WritingOptions(Config):
    """How symbols are drawn when a network writes a text."""

    temperature: float = option(
        1.0,
        "Temperature",
        "How much is left to chance: 0 always writes the most probable symbol, 1 draws as the network has learned.",
        0.0,
        100.0,
    )
    top_k: int = option(
        0,
        "Top k",
        "Draw only from this many most probable symbols; 0: from all.",
        0,
        1_000_000,
        zero="all",
        needs="temperature",
        because=_GREEDY,
    )
    top_p: float = option(
        1.0,
        "Top p",
        "Draw only from the fewest symbols that together are this probable.",
        0.0,
        1.0,
        needs="temperature",
        because=_GREEDY,
    )


@dataclass(frozen=True)
class SearchOptions(Config):
    """How the best answer is searched for."""

    beam_size: int = option(
        4, "Beam", "Number of beginnings that are followed at once; 1 takes the best symbol at each step.", 1, 1000
    )
