"""Unroll's engine: sequences, recurrent networks and their training, in plain NumPy.

    dataset = engine.load_sample("names")
    model = engine.build_model(engine.ModelConfig(cell="gru"), dataset)
    for update in engine.Trainer(model, dataset, engine.TrainingConfig(epochs=3)):
        ...
    model.generate(count=5, label="female")

Each question to a network is a method named after its verb. A network that has another verb refuses with a clear
message:

    generate (count, label, prefix, temperature, …) → texts         sequences, stream, labelled: one to many
    predict (text)          → {next symbol or label: probability}   one to one
    classify (source)       → {label: probability}                  labelled, labelled-series: many to one
    tag (text)              → a tag for each token                  tagged: many to many
    translate (text)        → texts, best first                     pairs: encoder–decoder
    rate (text)             → Rating(value, deviation)              rated: many to one
    forecast (values, steps, draws, seed) → Forecast(mean, deviation, lower, upper, draws)   series: many to many
    transcribe (frames)     → texts, best first                     speech: encoder–decoder
    caption (picture)       → texts, best first                     pictures: one to many

Numbers are arrays in the data's own units: of a series or a sound (steps, columns), of a picture (height, width,
channels); a network that was trained on files also takes the path of one. See docs/numbers.md.

Letters in the shapes of all docstrings:

    T steps          B sequences of a batch        N rows: symbols of all sequences of a batch, without padding
    D input size     H hidden size                 G gates
    V vocabulary     K classes a softmax chooses from        S steps of the source       E size of an encoder's state
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.config import ModelConfig, TrainingConfig
    from engine.data.codec import Codec
    from engine.data.data_config import DataConfig
    from engine.data.dataset import Dataset, make_dataset
    from engine.data.examples import Example, Examples
    from engine.data.load import load_dataset
    from engine.data.load_sample import load_sample
    from engine.data.samples import SAMPLES
    from engine.errors import ConfigError, DataError, StorageError, UnrollError
    from engine.export.html_report import export_report
    from engine.export.onnx_export import export_onnx
    from engine.export.pytorch import export_pytorch
    from engine.export.script import export_script
    from engine.export.tables import export_curves, export_predictions
    from engine.inspection.gradient_flow import GradientFlow, gradient_flow, spectral_radius
    from engine.inspection.memory import Memory, memory
    from engine.inspection.trace import Trace, trace
    from engine.models import Model, build_model, count_parameters, trainable
    from engine.models.answer_types import Forecast, Generated, Rating, Tagged, Translation
    from engine.models.snapshot import Snapshot
    from engine.runs.opening import import_pytorch, is_run, load_run, open_run
    from engine.runs.run import Run
    from engine.runs.run_file import save_run, write_run
    from engine.training.evaluation import Metrics, evaluate
    from engine.training.memory_estimate import MemoryEstimate, estimate_memory, require_memory
    from engine.training.trainer import Trainer
    from engine.training.update import Update

__all__ = [
    "SAMPLES",
    "Codec",
    "ConfigError",
    "DataConfig",
    "DataError",
    "Dataset",
    "Example",
    "Examples",
    "Forecast",
    "Generated",
    "GradientFlow",
    "Memory",
    "MemoryEstimate",
    "Metrics",
    "Model",
    "ModelConfig",
    "Rating",
    "Run",
    "Snapshot",
    "StorageError",
    "Tagged",
    "Trace",
    "Trainer",
    "TrainingConfig",
    "Translation",
    "UnrollError",
    "Update",
    "build_model",
    "count_parameters",
    "estimate_memory",
    "evaluate",
    "export_curves",
    "export_onnx",
    "export_predictions",
    "export_pytorch",
    "export_report",
    "export_script",
    "gradient_flow",
    "import_pytorch",
    "is_run",
    "load_dataset",
    "load_run",
    "load_sample",
    "make_dataset",
    "memory",
    "open_run",
    "require_memory",
    "save_run",
    "spectral_radius",
    "trace",
    "trainable",
    "write_run",
]

# Imported on first use: nothing that is done with the engine needs all of it.
_MODULES = {
    "engine.config": "ModelConfig TrainingConfig",
    "engine.data.codec": "Codec",
    "engine.data.data_config": "DataConfig",
    "engine.data.dataset": "Dataset make_dataset",
    "engine.data.examples": "Example Examples",
    "engine.data.load": "load_dataset",
    "engine.data.load_sample": "load_sample",
    "engine.data.samples": "SAMPLES",
    "engine.errors": "ConfigError DataError StorageError UnrollError",
    "engine.export.html_report": "export_report",
    "engine.export.onnx_export": "export_onnx",
    "engine.export.pytorch": "export_pytorch",
    "engine.export.script": "export_script",
    "engine.export.tables": "export_curves export_predictions",
    "engine.inspection.gradient_flow": "GradientFlow gradient_flow spectral_radius",
    "engine.inspection.memory": "Memory memory",
    "engine.inspection.trace": "Trace trace",
    "engine.models": "Model build_model count_parameters trainable",
    "engine.models.answer_types": "Forecast Generated Rating Tagged Translation",
    "engine.models.snapshot": "Snapshot",
    "engine.runs.opening": "import_pytorch is_run load_run open_run",
    "engine.runs.run": "Run",
    "engine.runs.run_file": "save_run write_run",
    "engine.training.evaluation": "Metrics evaluate",
    "engine.training.memory_estimate": "MemoryEstimate estimate_memory require_memory",
    "engine.training.trainer": "Trainer",
    "engine.training.update": "Update",
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names.split()}

if not TYPE_CHECKING:  # a type checker is to find names that do not exist

    def __getattr__(name: str) -> Any:
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_MODULE_OF[name]), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULE_OF})
