"""The files of an exported folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from torch import Tensor


def read_json(path: Path) -> dict[str, Any]:
    """The values of a JSON file."""
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values


def read_folder(folder: Path) -> tuple[dict[str, Any], dict[str, Any], dict[str, Tensor]]:
    """What makes the network (config.json), the symbols it knows (vocabulary.json) and its weights."""
    return (
        read_json(folder / "config.json"),
        read_json(folder / "vocabulary.json"),
        load_file(folder / "weights.safetensors"),
    )
