"""Imports the classes that a registry names, when they are first needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def lazy_class(name: str) -> Any:
    """The class with this full name, imported now if it has not been imported before."""
    module, _, class_name = name.rpartition(".")
    return getattr(import_module(module), class_name)
