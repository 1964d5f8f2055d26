"""How a call of the program without a window ends."""

from __future__ import annotations

STOPPED, DIVERGED, WRONG = 130, 1, 2  # exit statuses


class StopRequested(BaseException):
    """The user or the system wants the program to end."""
