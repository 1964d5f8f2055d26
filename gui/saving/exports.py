"""The export formats of a run, one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import engine
from engine.export.obstacles import onnx_obstacle, pytorch_obstacle
from engine.export.untied import UNTIED, unties

# Writes a run and its data to a file or folder; returns what is to be said of it, if anything.
Write = Callable[["engine.Run", "engine.Dataset | None", Path], str | None]
NO_TRAINING = "It has no train.py, because that needs the data of the run."


@dataclass(frozen=True)
class Export:
    """A format: its name in the menu, a sentence on its use, and the ending of its files ("" for a folder).

    obstacle: why a network cannot be written in it, as the end of a sentence; "" if it can.
    weights_step: the step of the weights that the file is about; None for a file without weights or answers.
    """

    label: str
    help: str
    suffix: str
    write: Write
    obstacle: Callable[[engine.Model], str] = lambda model: ""
    weights_step: Callable[[engine.Run], int | None] = lambda run: run.weights_step
    added: str = ""  # to the name of the data, so that the file proposed is not the one that was read


def _onnx(run: engine.Run, dataset: engine.Dataset | None, path: Path) -> None:
    engine.export_onnx(run.snapshot.model(), path)


def _pytorch(run: engine.Run, dataset: engine.Dataset | None, path: Path) -> str | None:
    model = run.snapshot.model()
    engine.export_pytorch(model, path, run, dataset)
    remarks = [NO_TRAINING] * (dataset is None) + [UNTIED] * unties(model)
    return " ".join(remarks) or None


def _predictions(run: engine.Run, dataset: engine.Dataset | None, path: Path) -> None:
    if dataset is None:
        raise engine.StorageError(
            f"{path.name}: not saved; exporting answers needs the data of the run, which is missing."
        )
    engine.export_predictions(run.snapshot.model(), dataset, path)


def _curves(run: engine.Run, dataset: engine.Dataset | None, path: Path) -> None:
    engine.export_curves(run.history, path)


def _report(run: engine.Run, dataset: engine.Dataset | None, path: Path) -> None:
    engine.export_report(run, path, dataset)


def _no_step(run: engine.Run) -> None:
    return None


def _script(run: engine.Run, dataset: engine.Dataset | None, path: Path) -> None:
    engine.export_script(run, path)


EXPORTS: dict[str, Export] = {
    "onnx": Export("Network as ONNX…", "For other programs and languages", "onnx", _onnx, onnx_obstacle),
    "pytorch": Export(
        "Network as PyTorch folder…",
        "A module, its weights, and programs to use and to train it",
        "",
        _pytorch,
        pytorch_obstacle,
    ),
    "curves": Export(
        "Curves as CSV…", "Loss and metrics at every step", "csv", _curves, weights_step=_no_step, added="-curves"
    ),
    "predictions": Export(
        "Answers as CSV…", "The network’s answer to each validation example", "csv", _predictions, added="-answers"
    ),
    "report": Export("Report as web page…", "Settings, curves and results on one page", "html", _report),
    "script": Export("Python script…", "Repeats this run with Unroll’s engine", "py", _script, weights_step=_no_step),
}
