"""Imports in the background, once the window is there, what the first clicks would otherwise wait for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

AFTER_MS: Final = 1000  # by then the window has been painted with its data
LIBRARIES: Final = ("psutil",)  # measures the free memory before a race
ROOMS: Final = (
    "gui.docking", "gui.panels", "gui.plots", "gui.saving", "gui.unrolled_view", "gui.widgets",
    "engine.data", "engine.inspection", "engine.runs", "engine.sweeps", "engine.training",
)  # fmt: skip


def start_importing() -> threading.Thread:
    """The thread that imports everything in these rooms. Python's lock changes hands often enough for the window not to
    notice."""
    thread = threading.Thread(target=_import_all, name="unroll-imports", daemon=True)
    thread.start()
    return thread


def _import_all() -> None:
    for name in (*LIBRARIES, *_modules()):
        import_module(name)


def _modules() -> Iterator[str]:
    for room in ROOMS:
        yield from (found.name for found in walk_packages(import_module(room).__path__, f"{room}."))
