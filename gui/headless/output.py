"""Output of the program without a window, which may lose its reader at any time."""

from __future__ import annotations

import io
import os
from typing import TextIO

from gui.headless.status import StopRequested


def escape_unprintable(*streams: TextIO | None) -> None:
    """Write characters that a console cannot show as escapes, such as \\xd7, instead of failing."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class Output:
    """A stream that may be closed at the other end: a pipe (`| head`), or a terminal that is gone.

    When this is first noticed, the program is asked to stop, as by a signal; after that, writing does nothing.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._gone = False

    def isatty(self) -> bool:
        """Whether the output is a terminal."""
        return self._stream.isatty()

    def write(self, text: str) -> None:
        """Write and flush."""
        if self._gone:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._gone = True
            self._drop_the_rest()
            raise StopRequested from None

    def _drop_the_rest(self) -> None:
        """Discard what is still buffered; otherwise Python would fail to flush it at exit."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)
