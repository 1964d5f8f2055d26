"""A second Python with this package, at the other end of two pipes.

Two processes share no lock: where both compute, neither waits for the other. The child reads from its standard input,
answers on its standard output, and learns from the end of its input that the program on the other side has ended,
however it ended. What is unpickled comes from a process that this program has started, over a pipe nobody else has.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import signal
import struct
import subprocess
import sys
import weakref
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import numpy as np

from engine.processes.shared_memory import at, place_of

_ROOT = Path(__file__).parents[2]  # where a Python started anew finds this package
_PROTOCOL = 5  # the first that keeps large arrays apart from the rest
_COUNT = struct.Struct("<Q")


class _Pickler(pickle.Pickler):
    """Writes the name of what the other side has already."""

    def __init__(self, file: io.BytesIO, names: Mapping[int, str], arrays: list[pickle.PickleBuffer]) -> None:
        super().__init__(file, _PROTOCOL, buffer_callback=arrays.append)
        self._names = names

    def persistent_id(self, value: object) -> str | None:
        return self._names.get(id(value))

    def reducer_override(self, value: object) -> Any:
        """Read-only dictionaries, which pickle does not know, and arrays that the other process can look into."""
        if isinstance(value, MappingProxyType):
            return _read_only, (dict(value),)
        place = place_of(value) if isinstance(value, np.ndarray) else None
        return NotImplemented if place is None else (at, (place,))


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


class _Unpickler(pickle.Unpickler):
    """Finds what is here already by its name."""

    def __init__(self, data: bytes, arrays: list[bytes], known: Mapping[str, object]) -> None:
        super().__init__(io.BytesIO(data), buffers=arrays)
        self._known = known

    def persistent_load(self, name: str) -> object:
        return self._known[name]


class Channel:
    """Messages to and from another process. One thread at a time may send, another one receive.

    Arrays arrive read-only; those in shared memory (`engine.processes.shared_memory`) stay there. Large things that are
    sent again and again are introduced once, and are the same object in every later message, in both directions.
    """

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source, self._sink = source, sink
        self._known: dict[str, object] = {}
        self._names: dict[int, str] = {}  # id of what is known → its name

    def send(self, message: object) -> None:
        """Raises BrokenPipeError where the other process has ended."""
        self._write(None, message)

    def introduce(self, name: str, value: object, instead_of: str = "") -> None:
        """Send this once; from now on its name goes over the pipe.

        instead_of: what the other side lets go of for it. It may have been named in messages that are still on their
        way here, so this side keeps it until it is told to `forget` it.
        """
        self._write((name, instead_of), value)
        self._keep(name, value)

    def receive(self) -> Any:
        """The next message; raises EOFError where there will be none."""
        while True:
            names, message = self._read()
            if names is None:
                return message
            self.forget(names[1])
            self._keep(names[0], message)

    def forget(self, name: str) -> None:
        """Let go of something on this side."""
        self._names.pop(id(self._known.pop(name, None)), None)

    def close(self) -> None:
        """Close both pipes."""
        for pipe in (self._sink, self._source):
            with contextlib.suppress(BrokenPipeError):  # the other process has ended before
                pipe.close()

    def _keep(self, name: str, value: object) -> None:
        self._known[name] = value
        self._names[id(value)] = name

    def _write(self, names: tuple[str, str] | None, value: object) -> None:
        data, arrays = io.BytesIO(), list[pickle.PickleBuffer]()
        _Pickler(data, self._names, arrays).dump((names, value))
        parts = [data.getbuffer(), *(array.raw() for array in arrays)]
        self._sink.write(_COUNT.pack(len(parts)))
        for part in parts:
            self._sink.write(_COUNT.pack(part.nbytes))
            self._sink.write(part)
        self._sink.flush()

    def _read(self) -> tuple[tuple[str, str] | None, Any]:
        data, *arrays = [self._exactly(self._number()) for _ in range(self._number())]
        names, message = _Unpickler(data, arrays, self._known).load()
        return names, message

    def _number(self) -> int:
        (number,) = _COUNT.unpack(self._exactly(_COUNT.size))
        return int(number)

    def _exactly(self, count: int) -> bytes:
        data = self._source.read(count)
        if len(data) < count:
            raise EOFError
        return data


class Child:
    """The other process, seen from this one; it is ended when nobody refers to this any more."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        """module: its `serve` is called there. environment: variables it has besides those of this process."""
        (its_input, to_it), (from_it, its_output) = os.pipe(), os.pipe()
        process = subprocess.Popen(
            [sys.executable, "-c", f"from {module} import serve; serve()"],
            cwd=_ROOT,
            env={**os.environ, **environment},
            stdin=its_input,
            stdout=its_output,
        )
        os.close(its_input)
        os.close(its_output)
        self.channel = Channel(os.fdopen(from_it, "rb"), os.fdopen(to_it, "wb"))
        self.process_id = process.pid
        self._process = process
        self._end = weakref.finalize(self, _end, process, self.channel)

    def wait(self) -> int:
        """Wait until the process ends by itself; its status, negative for the signal that ended it."""
        return self._process.wait()

    def close(self) -> None:
        """End the process at once, in the middle of whatever it does."""
        self._end()


def _end(process: subprocess.Popen[bytes], channel: Channel) -> None:
    process.kill()
    process.wait()
    channel.close()


def parent() -> Channel:
    """The program that started this process; to be called once, first of all."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program that started this one
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints does not get between the messages
    return Channel(source, sink)
