"""Returns freed memory to the operating system."""

from __future__ import annotations

import ctypes
import sys


def give_back_freed() -> None:
    """Have the C library return freed memory; does nothing if the library cannot.

    Reading a file allocates and frees in turn, and glibc keeps the gaps: most of the file's size, for as long as the
    program runs. So does copying weights. Takes a few milliseconds and does not block other threads.
    """
    if sys.platform != "linux":
        return
    try:
        trim = ctypes.CDLL("libc.so.6").malloc_trim
    except (OSError, AttributeError):  # another C library
        return
    trim(0)
