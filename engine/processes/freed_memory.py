"""Memory that nobody needs any more goes back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back_freed() -> None:
    """Have the C library return what has been freed; does nothing where it cannot be told to.

    Reading a file allocates and frees in turn, and glibc keeps the gaps: most of the file's size, for as long as the
    program runs. So does copying weights. Takes some milliseconds, in which other threads go on.
    """
    if sys.platform != "linux":
        return
    try:
        trim = ctypes.CDLL("libc.so.6").malloc_trim
    except (OSError, AttributeError):  # another C library
        return
    trim(0)
