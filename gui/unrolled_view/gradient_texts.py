"""How the sizes of gradients are written while an example is played: in all cells alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING

from engine.number_text import with_minus
from gui.unrolled_view.diagram import CellPlace

if TYPE_CHECKING:
    from engine.inspection.one_step import OneStep
    from gui.unrolled_view.playing import Playing

FORMS = "∂ {:.2g}", "∂ {:.1g}", "{:.1g}", "{:.0e}"  # from long to short


def gradient_text(size: float, form: str) -> str:
    """The size of a gradient in one of the FORMS, such as "∂ 0.0021" or "2e−3"."""
    return with_minus(form.format(size))


def common_form(texts: Callable[[str], Iterable[str]], fits: Callable[[str], bool]) -> str:
    """The longest form in which all of these texts fit, else the shortest. texts: form → texts."""
    return next((form for form in FORMS if all(map(fits, texts(form)))), FORMS[-1])


@lru_cache(maxsize=2 * len(FORMS))
def _texts_of(step: OneStep, form: str) -> frozenset[str]:
    """How the gradients at all cells are written in a form."""
    return frozenset(gradient_text(float(size), form) for norms in step.gradients for size in norms)


class GradientTexts:
    """The gradients at the cells of an example that is played, in the one form in which all of them fit."""

    def __init__(self, playing: Playing, fits: Callable[[str], bool]) -> None:
        self._playing, self._fits = playing, fits

    @cached_property
    def _form(self) -> str:
        return common_form(partial(_texts_of, self._playing.step), self._fits)

    def at(self, place: CellPlace) -> str:
        """The gradient at a cell; "" if not even the shortest form fits, since a cut number is another number."""
        text = gradient_text(self._playing.gradient(place), self._form)
        return text if self._fits(text) else ""
