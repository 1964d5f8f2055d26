"""The command-line arguments for working without a window."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import engine
from engine.options import Config

if TYPE_CHECKING:
    from engine.processes.split_batch import WorkerCount

# group → settings, and what precedes the names of those that another group has too
GROUPS: dict[str, tuple[type[Config], str]] = {
    "network": (engine.ModelConfig, ""),
    "learning": (engine.TrainingConfig, ""),
    "data": (engine.DataConfig, "data-"),
}
WORKERS: dict[str, WorkerCount] = {"1": 1, "2": 2, "auto": "auto"}
VERBS = {  # questions to a saved run
    "evaluate": "loss and metrics on a file with the right answers; either of two parallel files",
    "generate": "write this many texts",
    "classify": "the label of each text, or of a series or a sound",
    "tag": "the tag of each token, as CoNLL columns",
    "translate": "the best answer to each text",
    "rate": "the number of each text",
    "forecast": "a forecast of the series in a file, with its 90 %% band",
    "transcribe": "a transcript of a sound file",
    "caption": "a caption for a picture",
}
CHANGEABLE = ("epochs", "learning_rate", "clip_norm")  # when a run goes on


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments for training without a window; each setting comes from its own declaration."""
    group = parser.add_argument_group("training without a window")
    group.add_argument(
        "--train",
        metavar=("RUN_OR_DATA", "DATA"),
        nargs="+",
        help="a saved run to continue, a PyTorch folder to train on here, a data file or folder, or the name of a "
        "sample; several files that belong together: the two sides of a translation (train.de train.en), or one file "
        "for each label",
    )
    group.add_argument(
        "--output", metavar="RUN", help="where to save the run; a continued run is saved to its own file by default"
    )
    group.add_argument("--overwrite", action="store_true", help="replace the output file if it exists")
    group.add_argument(
        "--from-data",
        metavar="DATA",
        nargs="+",
        help="where the data of the run is now, if it was moved; with --evaluate, where the same rows are looked for",
    )
    group.add_argument("--steps", type=int, metavar="N", help="stop after this many steps; 0 only exports")
    group.add_argument(
        "--workers",
        choices=tuple(WORKERS),
        help="processes that compute each step; two where steps are long and there are two cores, unless said here",
    )
    group.add_argument("--use-best", action="store_true", help="export the best weights instead of the last ones")
    group.add_argument("--export-onnx", metavar="FILE", help="afterwards write the network as ONNX")
    group.add_argument(
        "--export-pytorch",
        metavar="FOLDER",
        help="write it as a PyTorch folder, whose train.py continues training, on GPUs too",
    )
    group.add_argument("--export-curves", metavar="FILE", help="afterwards write the curves as CSV")
    group.add_argument(
        "--export-predictions", metavar="FILE", help="afterwards write the answers on the validation data"
    )
    group.add_argument("--export-report", metavar="FILE", help="afterwards write a web page with plots and settings")
    group.add_argument("--export-script", metavar="FILE", help="afterwards write a Python script that repeats the run")
    _add_sweep(parser)
    _add_use(parser)
    taken: set[str] = set()
    for title, (config, prefix) in GROUPS.items():
        settings = parser.add_argument_group(title, "with --train; settings left out are chosen as in the window")
        for name, declared in config.options().items():
            flag = f"--{prefix if name in taken else ''}{name.replace('_', '-')}"
            taken.add(name)
            default = config.default(name)
            settings.add_argument(flag, dest=f"{title}.{name}", **_keywords(declared, default))


def _add_sweep(parser: argparse.ArgumentParser) -> None:
    """Arguments for training many runs with one command."""
    group = parser.add_argument_group("many runs", "python main.py --sweep SWEEP.toml --output FOLDER")
    group.add_argument("--sweep", metavar="FILE", help="train every combination of the settings in a TOML file")
    group.add_argument(
        "--processes", type=int, metavar="N", help="runs trained at a time; by default one for each core"
    )
    group.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="train on the workers of this Dask scheduler; local: a cluster here",
    )


def _add_use(parser: argparse.ArgumentParser) -> None:
    """Arguments for using a saved run."""
    group = parser.add_argument_group("using a saved run", "python main.py RUN --classify FILE; - is standard input")
    for verb, help in VERBS.items():
        texts = verb == "generate"
        group.add_argument(f"--{verb}", metavar="N" if texts else "FILE", type=int if texts else str, help=help)
    group.add_argument("--ahead", type=int, default=12, metavar="N", help="with --forecast: how many steps")
    group.add_argument("--label", help="with --generate: the label to write for")
    group.add_argument("--prefix", default="", metavar="TEXT", help="with --generate: the beginning of each text")
    group.add_argument("--temperature", type=float, default=1.0, metavar="T", help="with --generate: 0 is greedy")
    group.add_argument(
        "--top-k", type=int, default=0, metavar="K", help="with --generate: sample from the K most likely; 0: all"
    )
    group.add_argument(
        "--top-p", type=float, default=1.0, metavar="P", help="with --generate: sample from the fewest that reach this"
    )
    group.add_argument(
        "--beam-size",
        type=int,
        default=4,
        metavar="N",
        help="with --translate and the like; 1 is greedy",
    )
    group.add_argument("--format", choices=("plain", "jsonl"), default="plain", help="lines of text, or JSON Lines")


def _keywords(declared: Any, default: Any) -> dict[str, Any]:
    """The arguments of argparse for a setting."""
    text = f"{declared.label}: {declared.help}"
    if declared.choices is not None:
        text += f" {', '.join(repr(name) for name in declared.choices)}."
        return {"help": _plain(text), "metavar": "NAME"}
    if isinstance(default, bool):
        return {"help": _plain(text), "action": argparse.BooleanOptionalAction}
    if declared.minimum is not None and declared.maximum is not None:
        text += f" {declared.minimum:g} to {declared.maximum:g}."
    return {"help": _plain(text), "type": type(default), "metavar": "TEXT" if isinstance(default, str) else "NUMBER"}


def _plain(text: str) -> str:
    return text.replace("%", "%%")


def given_settings(options: argparse.Namespace, group: str) -> dict[str, Any]:
    """The settings of a group that were given on the command line."""
    start = f"{group}."
    given = ((name.removeprefix(start), v) for name, v in vars(options).items() if name.startswith(start))
    return {name: value for name, value in given if value is not None}


def one_or_all(names: list[str]) -> str | list[str]:
    """A file or folder, or files that belong together."""
    return names[0] if len(names) == 1 else names
