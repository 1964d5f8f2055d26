"""Unroll without a window: training, and using what was trained. Qt is not imported."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import engine
from gui.headless.arguments import add_arguments
from gui.headless.status import DIVERGED, STOPPED, WRONG, StopRequested
from gui.headless.training import Training

__all__ = ["DIVERGED", "STOPPED", "WRONG", "add_arguments", "main"]


def main(options: argparse.Namespace) -> int:
    """Train as the options say; the exit status: 0, 1 if training diverged, 2 for a mistake, 130 if it was stopped."""
    try:
        with _told_to_stop():
            return Training(options, sys.stdout, sys.stderr).work()
    except engine.UnrollError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """Ctrl+C and a request to end become StopRequested, so that the run is saved."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise StopRequested

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
