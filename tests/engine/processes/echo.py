"""The other side of a channel, for its tests: says what it is told, and what it finds there."""

from __future__ import annotations

import os
import sys

import numpy as np

from engine.network.blas import libraries
from engine.processes.child_process import parent


def serve() -> None:
    """Answer until there is nobody any more."""
    channel = parent()
    os.write(1, b"what a library prints")
    kept: dict[str, object] = {}
    try:
        while True:
            match channel.receive(kept.__getitem__):
                case "keep", str(name), value:
                    kept[name] = value
                    channel.send(len(kept))
                case "same", str(name), value:
                    channel.send(kept[name] is value)
                case "give", str(name):
                    channel.send(kept[name], {id(kept[name]): (name, kept[name])})
                case "large", size:
                    channel.send(np.zeros(size, np.uint8))
                case "folder":
                    channel.send((os.getcwd(), sys.path))
                case "threads":
                    channel.send({library.num_threads for library in libraries()})
                case "end":
                    return
                case value:
                    channel.send(value)
    except (EOFError, BrokenPipeError):
        return
