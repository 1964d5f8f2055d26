"""Models as PyTorch: a folder with a module, its weights, and the settings and vocabularies as JSON.

The module is assembled from the files in `templates`. Nothing is ever inserted into source code, so no label or symbol
of the data can become code.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from engine.errors import StorageError
from engine.export.obstacles import pytorch_obstacle
from engine.export.pytorch.assembly import assembled, script
from engine.export.pytorch.settings import settings_of, template_of, vocabulary_of
from engine.export.pytorch.weights import weights_of
from engine.models import Model
from engine.runs.atomic_write import replacing, write_text
from engine.runs.tensor_file import write_tensors


def export_pytorch(model: Model, folder: str | os.PathLike[str]) -> None:
    """Write model.py, config.json, vocabulary.json, weights.safetensors and a small program to a folder, creating it if
    necessary.

    StorageError if they cannot be written, or PyTorch has no such cell.
    """
    if obstacle := pytorch_obstacle(model):
        raise StorageError(f"{folder}: not written, because {obstacle}.")
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder}: cannot be created ({error.strerror}).") from None
    with replacing(Path(folder) / "weights.safetensors") as temporary:
        write_tensors(temporary, weights_of(model))
    write_text(Path(folder) / "config.json", _json(settings_of(model)))
    write_text(Path(folder) / "vocabulary.json", _json(vocabulary_of(model)))
    write_text(Path(folder) / "model.py", assembled(template_of(model)))
    write_text(Path(folder) / f"{model.verb}.py", script(model.verb))


def _json(values: dict[str, Any]) -> str:
    text = json.dumps(values, ensure_ascii=False, indent=1)
    # A damaged text may have half a surrogate pair, which UTF-8 cannot encode.
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found.group()):04x}", text) + "\n"
