"""What --export-… writes: refused before training where that is known to fail, and one by one after it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os.path import abspath, exists, isdir
from pathlib import Path
from typing import Final

import engine
from engine.data.files.recognition import Recognition
from engine.export.obstacles import onnx_obstacle, pytorch_obstacle
from engine.export.pytorch import check_folder
from engine.export.untied import UNTIED, unties
from engine.runs.kept_files import is_kept
from gui.headless.output import Output

NO_TRAINING = "It has neither the data of the run nor train.py, which needs them: --from-data DATA says where they are."


class ExportedFiles:
    """The files and folders that one call of the program asks for."""

    def __init__(self, options: argparse.Namespace) -> None:
        given = ((name, getattr(options, f"export_{name}")) for name in _EXPORTERS)
        self.paths: dict[str, str] = {name: path for name, path in given if path}

    @property
    def need_data(self) -> bool:
        """Whether one of them cannot be written without the data of the run."""
        return any(_EXPORTERS[name].needs_data for name in self.paths)

    def check(self, model: engine.Model, output: Path | None, files: Sequence[str], like: Recognition | None) -> None:
        """Refuse what cannot be written, or would take the place of something else. ConfigError or StorageError.

        output: where the run is saved, if it is. files: those that its data are read from, in the form `like`.
        """
        taken = {} if output is None else {abspath(output): "--output"}
        for name, path in self.paths.items():
            exporter, option, folder = _EXPORTERS[name], f"--export-{name}", Path(path).absolute().parent
            if obstacle := exporter.obstacle(model):
                raise engine.ConfigError(f"{option} is not possible: {obstacle}.")
            if exporter.is_folder:  # which is made where there is none
                place = Path(path).absolute()
                folder = next(each for each in (place, *place.parents) if exists(each))
            if not isdir(folder):
                raise engine.StorageError(f"{path} cannot be written: there is no folder {folder}.")
            if not exporter.is_folder and isdir(path):
                raise engine.StorageError(f"{path} cannot be written: it is a folder.")
            exporter.check(path, model)
            other = taken.setdefault(abspath(path), option)
            if other != option:
                raise engine.ConfigError(f"{other} and {option} cannot both write {path}.")
        written = [*self.paths.values()] if output is None else [str(output), *self.paths.values()]
        for path in written:
            if is_kept(path, files, like):
                raise engine.StorageError(f"{path} is not replaced, because it holds data of this run.")

    def write(self, run: engine.Run, dataset: engine.Dataset | None, out: Output, errors: Output) -> bool:
        """Write all of them, and tell of each; returns whether none failed."""
        failed = False
        for name, path in self.paths.items():
            try:
                remark = _EXPORTERS[name].write(run, dataset, path)
            except engine.UnrollError as error:
                errors.write(f"{error}\n")
                failed = True
            else:
                out.write(f"Written: {path}\n{remark}")
        return not failed


@dataclass(frozen=True)
class _Exporter:
    """How a run and its data are written to a path, which returns lines about it; why a network cannot be, "" if it
    can. check: StorageError if what is there already would be replaced."""

    write: Callable[[engine.Run, engine.Dataset | None, str], str]
    obstacle: Callable[[engine.Model], str] = lambda model: ""
    is_folder: bool = False
    check: Callable[[str, engine.Model], None] = lambda path, model: None
    needs_data: bool = False


def _onnx(run: engine.Run, dataset: engine.Dataset | None, path: str) -> str:
    engine.export_onnx(run.snapshot.model(), path)
    return ""


def _pytorch(run: engine.Run, dataset: engine.Dataset | None, path: str) -> str:
    model = run.snapshot.model()
    engine.export_pytorch(model, path, run, dataset)
    remarks = [NO_TRAINING] * (dataset is None) + [UNTIED] * unties(model)
    return "".join(f"{path}: {remark}\n" for remark in remarks)


def _curves(run: engine.Run, dataset: engine.Dataset | None, path: str) -> str:
    engine.export_curves(run.history, path)
    return ""


def _predictions(run: engine.Run, dataset: engine.Dataset | None, path: str) -> str:
    assert dataset is not None, "it is needed"
    engine.export_predictions(run.snapshot.model(), dataset, path)
    return ""


def _report(run: engine.Run, dataset: engine.Dataset | None, path: str) -> str:
    engine.export_report(run, path, dataset)
    return ""


def _script(run: engine.Run, dataset: engine.Dataset | None, path: str) -> str:
    engine.export_script(run, path)
    return ""


# By the end of the option's name.
_EXPORTERS: Final = {
    "onnx": _Exporter(_onnx, onnx_obstacle),
    "pytorch": _Exporter(_pytorch, pytorch_obstacle, is_folder=True, check=check_folder),
    "curves": _Exporter(_curves),
    "predictions": _Exporter(_predictions, needs_data=True),
    "report": _Exporter(_report),
    "script": _Exporter(_script),
}
