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

from engine.data.dataset import Dataset
from engine.errors import StorageError
from engine.export.obstacles import pytorch_obstacle
from engine.export.pytorch.assembly import assembled, script
from engine.export.pytorch.data_file import examples_of, spells
from engine.export.pytorch.settings import settings_of, template_of, vocabulary_of
from engine.export.untied import untied
from engine.models import Model
from engine.runs.atomic_write import replacing, write_text
from engine.runs.data_source import DataSource
from engine.runs.pytorch_folder import CONFIG, VOCABULARY, WEIGHTS, is_exported
from engine.runs.run import Run
from engine.runs.tensor_file import write_tensors
from engine.runs.torch_tensors import tensors_of

_ALWAYS, _WITH_DATA = (WEIGHTS, CONFIG, VOCABULARY, "model.py"), ("data.safetensors", "train.py", "examples.py")


def export_pytorch(
    model: Model, folder: str | os.PathLike[str], run: Run | None = None, dataset: Dataset | None = None
) -> None:
    """Write model.py, config.json, vocabulary.json, weights.safetensors and a small program to a folder, creating it if
    necessary; with a data set also its examples as data.safetensors, and train.py, which trains further on them.

    run: the run of the network, whose settings train.py uses. StorageError if something cannot be written, if PyTorch
    does not have the network's cell, or if files of something else would be replaced.
    """
    if obstacle := pytorch_obstacle(model):
        raise StorageError(f"{folder}: not written, because {obstacle}.")
    check_folder(folder, model)
    model = untied(model)
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder}: cannot be created ({error.strerror}).") from None
    with replacing(Path(folder) / "weights.safetensors") as temporary:
        tensors = {tensor.name: tensor.of(model.parameters) for tensor in tensors_of(model)}
        write_tensors(temporary, tensors, {"step": str(0 if run is None else run.weights_step)})
    source = None if run is None else run.data
    source = source if dataset is None else DataSource.of(dataset)
    others = dataset.codec.source.extra if dataset is not None and spells(model) else ()
    write_text(Path(folder) / "config.json", _json(settings_of(model, run, source)))
    write_text(Path(folder) / "vocabulary.json", _json(vocabulary_of(model, others)))
    write_text(Path(folder) / "model.py", assembled(template_of(model)))
    write_text(Path(folder) / f"{model.verb}.py", script(model.verb))
    if dataset is not None:
        with replacing(Path(folder) / "data.safetensors") as temporary:
            write_tensors(temporary, examples_of(model, dataset), {"fingerprint": dataset.fingerprint})
        for name in ("train", "examples"):
            write_text(Path(folder) / f"{name}.py", script(name))


def check_folder(folder: str | os.PathLike[str], model: Model) -> None:
    """StorageError if the folder has a file of a name that is to be written, but is not an exported network."""
    if is_exported(Path(folder)):
        return
    names = (*_ALWAYS, *_WITH_DATA, f"{model.verb}.py")
    if theirs := next((name for name in names if (Path(folder) / name).exists()), None):
        raise StorageError(
            f"{folder}: not written, because its {theirs} belongs to something else; name another folder."
        )


def _json(values: dict[str, Any]) -> str:
    text = json.dumps(values, ensure_ascii=False, indent=1)
    # A damaged text may contain half a surrogate pair, which UTF-8 cannot encode.
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found.group()):04x}", text) + "\n"
