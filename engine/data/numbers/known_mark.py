"""The mark before decimals that is known before any number is read."""

from __future__ import annotations

from dataclasses import dataclass

from engine.data.data_config import AUTO, DataConfig


@dataclass(frozen=True)
class KnownMark:
    """The mark that was chosen by hand, for all numbers; or that of the training data, for those that could be read
    either way. "" if neither is known."""

    mark: str = ""
    is_chosen: bool = False

    @classmethod
    def of(cls, config: DataConfig) -> KnownMark:
        """The one that was chosen."""
        return cls() if config.decimal == AUTO else cls(config.decimal, True)
