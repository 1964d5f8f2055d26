"""Where the picture has been scrolled to, which stays in sight while the picture gets longer and shorter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QScrollBar


class ScrollAnchor:
    """A place or the end, as last chosen. Not forgotten while there is nothing to scroll: an answer gets shorter and
    longer while the network learns to give it, and the picture is folded."""

    def __init__(self, bar: QScrollBar) -> None:
        self._bar, self._listens = bar, True
        self._place: int | None = 0  # None: the end
        self._kept: int | None = 0
        bar.valueChanged.connect(self._moved)

    def begin(self, *, at_end: bool) -> None:
        """Another text is about to be shown, from its beginning or with its end in sight."""
        self._place = None if at_end else 0

    def go(self, value: int) -> None:
        """Scroll to a place. Where everything is in sight, that is the beginning, unless it was the end."""
        if self._bar.maximum() == 0 and self._place is not None:
            self._place = 0
        self._bar.setValue(value)

    def keep(self) -> None:
        """Remember this place to go back there."""
        self._kept = self._place

    def go_back(self) -> None:
        """Scroll to the place that was remembered."""
        self._bar.setValue(self._bar.maximum() if self._kept is None else self._kept)
        self._place = self._kept  # however far the bar goes now

    @contextmanager
    def settling(self, *, unrolled: bool) -> Iterator[None]:
        """Around a change of the bar's length; what is scrolled while folded is another picture."""
        self._listens = False
        try:
            yield
        finally:
            if unrolled:
                self._bar.setValue(self._bar.maximum() if self._place is None else self._place)
            self._listens = unrolled

    def _moved(self, value: int) -> None:
        if self._listens:
            self._place = None if value == self._bar.maximum() else value
