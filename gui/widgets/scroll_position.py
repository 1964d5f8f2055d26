"""How far an area was scrolled before its picture was zoomed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QAbstractScrollArea


class ScrollPosition:
    """Kept when a picture leaves its natural size, to go back there with a reset.

    The area may get its room back only some time after the reset, so `settling` goes back each time, until it is
    scrolled otherwise.
    """

    def __init__(self, area: QAbstractScrollArea) -> None:
        self._bars = area.horizontalScrollBar(), area.verticalScrollBar()
        self._kept: tuple[int, ...] | None = None
        self._reset = self._settling = False
        for bar in self._bars:
            bar.valueChanged.connect(self._scrolled)

    @property
    def known(self) -> bool:
        """Whether a place is remembered."""
        return self._kept is not None

    def keep(self) -> None:
        """Remember the place."""
        self._kept, self._reset = tuple(bar.value() for bar in self._bars), False

    def forget(self) -> None:
        """What is shown is something else."""
        self._kept = None

    def reset(self) -> None:
        """The picture has its natural size again."""
        self._reset = True

    @contextmanager
    def settling(self) -> Iterator[None]:
        """Around a change of the bars' lengths."""
        settling, self._settling = self._settling, True
        try:
            yield
            if self._reset and self._kept is not None:
                for bar, value in zip(self._bars, self._kept, strict=True):
                    bar.setValue(value)
        finally:
            self._settling = settling

    def _scrolled(self) -> None:
        if self._reset and not self._settling:
            self._kept = None
