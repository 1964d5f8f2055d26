"""How a call of the program without a window ends."""

from __future__ import annotations

STOPPED, DIVERGED, WRONG = 130, 1, 2  # exit statuses
STATUSES = (
    "exit status: 0 done; 1 training diverged, the run is saved; 2 a mistake on the command line or in a file, told in "
    "one line; 130 stopped by Ctrl+C, a request to end or a closed terminal, the run is saved"
)


class StopRequested(BaseException):
    """The user or the system wants the program to end."""
