"""Classes that a registry names, and that are imported only when they are needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def late_class(name: str) -> Any:
    """The class of that full name, imported now if nobody has imported it before."""
    module, _, class_name = name.rpartition(".")
    return getattr(import_module(module), class_name)
