"""Why a network cannot be exported in some form, known before the user is asked for a file name."""

from __future__ import annotations

from importlib.util import find_spec

from engine.cells import CELLS
from engine.models import Model


def onnx_obstacle(model: Model) -> str:
    """Why a network cannot be written as ONNX, as the end of a sentence; "" if it can."""
    cell = CELLS[model.config.cell]
    if obstacle := _obstacle(model, "ONNX"):
        return obstacle
    if model.scorer.no_onnx:
        return model.scorer.no_onnx
    if cell.onnx is None and model.networks():
        return f"ONNX has no operator for the {cell.title}"
    if not _installed("onnx"):
        return 'that needs the package onnx: pip install "onnx>=1.17,<2"'
    return ""


def pytorch_obstacle(model: Model) -> str:
    """Why a network cannot be written for PyTorch, as the end of a sentence; "" if it can."""
    cell = CELLS[model.config.cell]
    if obstacle := _obstacle(model, "PyTorch"):
        return obstacle
    if model.codec.frames is not None or model.codec.values is not None:
        return "only networks that read and predict symbols can be written for PyTorch; this one can be written as ONNX"
    if cell.torch is None and model.networks():
        return f"PyTorch has no {cell.title}"
    return ""


def _obstacle(model: Model, form: str) -> str:
    """Why it cannot be written in any form."""
    if model.export_form is None:
        return f"there is no {form} form of a network that {model.task}"
    if model.config.copying and "copying" not in model.unused:
        return "exported networks cannot copy from the source; one that was trained without Copying can be exported"
    return ""


def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ValueError:  # it has been replaced by something without a __spec__
        return False
