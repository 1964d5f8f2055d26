"""A run as a Python script that repeats it with the engine."""

from __future__ import annotations

import dataclasses
import os

from engine.data.data_config import AUTO
from engine.errors import StorageError
from engine.options import Config
from engine.runs.atomic_write import write_text
from engine.runs.data_source import DataSource, file_name
from engine.runs.run import Run
from engine.training.setting_change import SettingChange

_SCRIPT = '''\
"""Repeats the run {title} with Unroll's engine: the same data, the same seed, the same weights.

Settings that were changed during training have their last values here, so such a run comes out differently.
{where}"""

{head}
dataset = {data}
if dataset.fingerprint != {fingerprint!r}:
    raise SystemExit("This is not the data of the run, or it has changed.")

config = {model}
{changed}training = {training}

model = engine.build_model(config, dataset, seed=training.seed)
trainer = engine.Trainer(model, dataset, training, workers={workers})
for update in trainer:
    if update.validation is not None:
        print(update.step, update.validation.loss)
    if update.step == {step}:  # where the run stopped
        break
engine.save_run("run.unroll", trainer)
'''
_FILES = """\
import sys
from pathlib import Path

import engine

FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent


def file(name):
    if not (FOLDER / name).exists():
        raise SystemExit(f"There is no {{name}} in {{FOLDER}}; pass its folder: python {{sys.argv[0]}} FOLDER")
    return str(FOLDER / name)


"""
_WHERE = """
The files of the run are expected beside this script, or in a folder that you pass: python SCRIPT FOLDER
"""
_FILE_SETTINGS = ("validation_file", "test_file", "vectors")  # which a script must not follow to wherever they lead


def export_script(run: Run, path: str | os.PathLike[str]) -> None:
    """Write the script. StorageError if it cannot be written, or if the data are neither a sample nor in files."""
    files = bool(run.files)
    source = _SCRIPT.format(
        where=_WHERE if files else "",
        head=_FILES.format() if files else "import engine\n",
        title=ascii(run.data.name).replace("\\", "/").replace('"', "'"),
        data=_data(run.data, path),
        fingerprint=run.data.fingerprint,
        model=_call("engine.ModelConfig", run.snapshot.config),
        changed="".join(map(_changed, filter(lambda change: change.step < run.progress.step, run.changes))),
        training=_call("engine.TrainingConfig", run.used_training),
        workers=run.progress.workers,
        step=run.progress.step,
    )
    write_text(path, source)


def _changed(change: SettingChange) -> str:
    return f"# {change.setting} was {change.before!r} up to step {change.step:,}.\n"


def _data(data: DataSource, path: str | os.PathLike[str]) -> str:
    changes = _changes(data.config)
    if data.sample:
        if data.config.unit == AUTO:
            changes.pop("unit", None)
        return f"engine.load_sample({_listed([ascii(data.sample)], changes)})"
    if not data.paths:
        raise StorageError(f"{path}: not written, because the data {data.name!r} is neither a sample nor in files.")
    names = ", ".join(map(_beside, data.paths))
    return f"engine.load_dataset({_listed([f'[{names}]' if data.together else names], changes)})"


def _changes(config: Config) -> dict[str, str]:
    """Settings that differ from their defaults, as source code. `ascii` quotes, so no text of a run becomes code."""
    values = ((field.name, getattr(config, field.name), field.default) for field in dataclasses.fields(config))
    return {name: _code(name, value) for name, value, default in values if value != default}


def _call(name: str, config: Config) -> str:
    values = {field.name: _code(field.name, getattr(config, field.name)) for field in dataclasses.fields(config)}
    return f"{name}({_listed([], values)})"


def _code(name: str, value: object) -> str:
    return _beside(str(value)) if name in _FILE_SETTINGS and value else ascii(value)


def _beside(path: str) -> str:
    """A file of the run by its bare name, because its folder existed only on the machine that saved the run."""
    return f"file({file_name(path)!a})"


def _listed(first: list[str], named: dict[str, str]) -> str:
    items = [*first, *(f"{name}={value}" for name, value in named.items())]
    return "".join(f"\n    {item}," for item in items) + "\n"
