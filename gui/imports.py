"""What is imported when: how imports beside Qt stay quick, and what only later clicks need."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

AFTER_MS: Final = 1000  # by then the window has been painted with its data
LATER_LIBRARIES: Final = ("psutil",)  # measures the free memory before a race
LATER_ROOMS: Final = (
    "gui.docking", "gui.panels", "gui.plots", "gui.saving", "gui.unrolled_view", "gui.widgets",
    "engine.data", "engine.inspection", "engine.runs", "engine.sweeps", "engine.training",
)  # fmt: skip


@contextmanager
def without_collecting() -> Iterator[None]:
    """Import without looking for garbage: imports leave hardly any, and looking for it again and again would take a
    tenth of the start. What has been imported is not looked through later either.

    Whether Python collects by itself is left to the session, which begins meanwhile and turns that off.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(0)
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*thresholds)


def skip_source_search() -> None:
    """Keep PySide6 from reading the source of every module that is imported after it, and from keeping it.

    It looks for its own name there, to know who may ask for Qt's names in snake case (`from __feature__ import
    snake_case`). Nobody here does, and the search takes about a fourteenth of the start. It has no switch; a PySide6
    without this search is left as it is.
    """
    import_module("shiboken6")  # which brings the other
    feature = import_module("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        vars(feature)["_mod_uses_pyside"] = lambda module: False


@contextmanager
def sharing_qt() -> Iterator[None]:
    """Import pyqtgraph with PySide6's modules in place of its own copies of them.

    PySide6 makes a class when its name is first asked for. Copying its modules asks for all of them: 700 classes with
    400 enumerations, most of which nobody uses, and a fifteenth of the start.
    """
    modules = [import_module(f"PySide6.{name}") for name in ("QtCore", "QtGui", "QtWidgets")]
    sys.modules |= {module.__name__.replace("PySide6", "pyqtgraph.Qt"): module for module in modules}
    lists = [(vars(module), vars(module).pop("__dir__")) for module in modules if "__dir__" in vars(module)]
    try:
        yield
    finally:
        for names, all_names in lists:
            names["__dir__"] = all_names


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
