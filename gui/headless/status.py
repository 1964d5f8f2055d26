"""How a call of the program without a window ends."""

from __future__ import annotations

STOPPED, DIVERGED, WRONG = 130, 1, 2  # exit statuses
STATUSES = (
    "exit status: 0 done; 1 training diverged, the run is saved; 2 a wrong argument or file, reported on one "
    "line; 130 interrupted (Ctrl+C, SIGTERM or a closed terminal), the run is saved"
)


class StopRequested(BaseException):
    """The user or the system wants the program to end."""
