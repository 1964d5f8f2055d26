"""The other side of a channel, for its tests: says what it is told, and what it finds there."""

from __future__ import annotations

import os

import numpy as np

from engine.processes.child_process import parent


def serve() -> None:
    """Answer until there is nobody any more."""
    channel = parent()
    os.write(1, b"what a library prints")
    kept: list[object] = []
    try:
        while True:
            match channel.receive():
                case "same", value, other:
                    channel.send(value is other)
                case "keep", value:
                    kept.append(value)
                    channel.send(len(kept))
                case "give":
                    channel.send(kept[-1])
                case "known":
                    channel.send(sorted(channel._known))
                case "large", size:
                    channel.send(np.zeros(size, np.uint8))
                case value:
                    channel.send(value)
    except (EOFError, BrokenPipeError):
        return
