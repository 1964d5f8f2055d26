"""How a child process is started: by Python itself, or by a bundled program that starts itself once more."""

from __future__ import annotations

import importlib
import multiprocessing
import sys
from collections.abc import Sequence

from engine.network.blas import import_with_one_thread

# Argument for the executable of a bundled program (PyInstaller and the like), which does not understand Python's `-c`.
_SERVE = "--serve-as-child"


def child_command(module: str) -> list[str]:
    """The command line of a process that runs `serve` of a module."""
    if getattr(sys, "frozen", False):
        return [sys.executable, _SERVE, module]
    # -P: no file in the working folder takes the place of a module; they are found where this process finds them.
    code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve({module!r})"
    return [sys.executable, "-P", "-c", code]


def serve(module: str) -> None:
    """Run `serve` of a module, as a child: one of several processes, each of which takes one core."""
    import_with_one_thread()
    importlib.import_module(module).serve()


def serve_if_asked(arguments: Sequence[str]) -> None:
    """Run as a child if this bundled program was started as one; otherwise return at once.

    arguments: the command line, with the program's name first. Must be called before anything else.
    """
    if getattr(sys, "frozen", False):
        multiprocessing.freeze_support()  # the tracker of shared memory is a child of this kind too
        if len(arguments) == 3 and arguments[1] == _SERVE:
            serve(arguments[2])
            sys.exit()
