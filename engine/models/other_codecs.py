"""Examples of another data set: whether a network can read them."""

from __future__ import annotations

from engine.data.codec import Codec
from engine.data.data_config import UNIT_CHOICES
from engine.data.examples import Example
from engine.errors import ConfigError


def means_the_same(own: Codec, other: Codec) -> bool:
    """Whether ids of another codec mean the same to a network with its own; if not, examples must be encoded again.

    ConfigError if the network cannot read the other codec's symbols at all.
    """
    if other is own:
        return True
    if other.kind != own.kind:
        raise ConfigError(f"The network reads {own.kind.in_words}; these examples are {other.kind.in_words}.")
    wanted, given = (0 if codec.frames is None else codec.frames.size for codec in (own, other))
    if wanted != given:
        raise ConfigError(f"The network reads {wanted} numbers at each step; these examples have {given}.")
    sides = [] if own.kind.reads_numbers else [(own.unit, other.unit, "text")]
    if own.kind.writes_text:
        sides.append((own.target_unit, other.target_unit, "target"))
    for unit, found, side in sides:
        if unit != found:
            raise ConfigError(
                f"The network reads the {side} as {UNIT_CHOICES[unit]}; these examples hold {UNIT_CHOICES[found]}."
            )
    same = other.source == own.source and other.target == own.target
    return same and other.frames == own.frames and other.values == own.values


def in_own_case(own: Codec, example: Example) -> Example:
    """The example with its symbols in lower case if those of the network's training data were."""
    if not own.lowercase:
        return example
    source, target = example.source, example.target
    if not own.kind.reads_numbers:
        source = tuple(symbol.lower() for symbol in source)
    return Example(source, tuple(symbol.lower() for symbol in target) if own.kind.writes_text else target)
