"""What is imported when: the engine before Qt, and what only later clicks need once the window is there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

# Between them these import everything without Qt that the first window needs.
FIRST: Final = (
    "engine.cells.graph", "engine.data.load_sample", "engine.data.music.midi", "engine.data.music.synthesis",
    "engine.data.music.tune",
    "engine.export.csv_writer", "engine.export.obstacles", "engine.export.untied",
    "engine.inspection.gradient_flow", "engine.inspection.membership", "engine.inspection.memory",
    "engine.inspection.text_search", "engine.name_list", "engine.processes.freed_memory",
    "engine.runs.data_source", "engine.runs.safetensors_container",
    "engine.training.baselines", "engine.training.history", "engine.training.memory_estimate",
    "engine.training.reasons", "engine.training.training_progress", "engine.training.weight_history",
    "gui.training.worker", "numpy.random",
)  # fmt: skip
AFTER_MS: Final = 1000  # by then the window has been painted with its data
LATER_LIBRARIES: Final = ("psutil",)  # measures the free memory before a race
LATER_ROOMS: Final = (
    "gui.docking", "gui.panels", "gui.plots", "gui.saving", "gui.unrolled_view", "gui.widgets",
    "engine.data", "engine.inspection", "engine.runs", "engine.sweeps", "engine.training",
)  # fmt: skip


def import_before_qt() -> None:
    """Import what needs no Qt. Once PySide6 is there, it reads the source of every module that is imported, to see
    whether it asks for names in snake case, which takes longer than importing it."""
    for name in FIRST:
        import_module(name)


def import_later() -> threading.Thread:
    """The thread that imports the rest of these rooms. Python's lock changes hands often enough for the window not to
    notice."""
    thread = threading.Thread(target=_import_rest, name="unroll-imports", daemon=True)
    thread.start()
    return thread


def _import_rest() -> None:
    for name in (*LATER_LIBRARIES, *_modules()):
        import_module(name)


def _modules() -> Iterator[str]:
    for room in LATER_ROOMS:
        yield from (found.name for found in walk_packages(import_module(room).__path__, f"{room}."))
