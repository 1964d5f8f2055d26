"""How the sizes of gradients are written while an example is played."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from engine.number_text import SMALL_LOSS, in_figures, with_minus
from gui.unrolled_view.diagram import CellPlace

if TYPE_CHECKING:
    from engine.inspection.one_step import OneStep
    from gui.unrolled_view.playing import Playing

SIGN = "∂ "
LARGE = 1e4  # larger ones are written as a power of ten


def gradient_texts(size: float) -> tuple[str, ...]:
    """The size of a gradient, from long to short: "0.0021", "0.002", "2e−3". Tiny ones are powers of ten, as losses
    are."""
    power = 0 < size < SMALL_LOSS or size >= LARGE
    texts = (with_minus(f"{size:.{n - 1}e}") if power else in_figures(size, n) for n in (2, 1))
    return (*texts, with_minus(f"{size:.0e}"))


def gradient_text(size: float, fits: Callable[[str], bool], *, signed: bool) -> str:
    """The longest text that fits, "" if none does, since a cut number is another number. signed: with "∂"."""
    return next(filter(fits, (f"{SIGN * signed}{text}" for text in gradient_texts(size))), "")


@lru_cache(maxsize=2)
def _longest_of(step: OneStep) -> frozenset[str]:
    """How the gradients at all cells are written where there is room."""
    return frozenset(f"{SIGN}{gradient_texts(float(size))[0]}" for norms in step.gradients for size in norms)


class GradientTexts:
    """The gradients at the cells of an example that is played: with their sign if all of them fit with it, as figures
    are worth more."""

    def __init__(self, playing: Playing, fits: Callable[[str], bool]) -> None:
        self._playing, self._fits = playing, fits

    @cached_property
    def _signed(self) -> bool:
        return all(map(self._fits, _longest_of(self._playing.step)))

    def at(self, place: CellPlace) -> str:
        """The gradient at a cell, in two figures if they have room."""
        return gradient_text(self._playing.gradient(place), self._fits, signed=self._signed)
