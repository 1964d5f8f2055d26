"""The command-line arguments for working without a window, each declared once: what it means, and for what."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import engine
from engine.models.answer_options import SearchOptions, WritingOptions
from engine.options import Config

if TYPE_CHECKING:
    from engine.processes.split_batch import WorkerCount

TRAIN: Final = "train"
SWEEP: Final = "sweep"
VERBS: Final = {  # questions to a saved run
    "evaluate": "loss and metrics on a file with the right answers; either of two parallel files",
    "generate": "write this many texts",
    "classify": "the label of each text, sound or series, in a file or a folder",
    "tag": "the tag of each token, as CoNLL columns",
    "translate": "the best answer to each text",
    "rate": "the number of each text",
    "forecast": "a forecast of each series in a file or folder, with its 90 %% band",
    "transcribe": "the transcript of a sound, or of each sound of a folder or a table",
    "caption": "the caption of a picture, or of each picture of a folder or a table",
}
WORKS: Final = (TRAIN, SWEEP, *VERBS)  # what the program can be asked to do; one at a time
WORKERS: Final[dict[str, WorkerCount]] = {"1": 1, "2": 2, "auto": "auto"}
CHANGEABLE: Final = ("epochs", "learning_rate", "clip_norm")  # when a run goes on


@dataclass(frozen=True)
class Settings:
    """A group of settings, which are declared in its Config. works: what they are for. prefix: of the names of those
    that another group has too. also: more work that some of them are for."""

    config: type[Config]
    works: tuple[str, ...]
    note: str
    prefix: str = ""
    also: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Argument:
    """An argument that is no setting.

    group: where help lists it. works: what it is for. needs: work → the arguments without which it has no effect there;
    one of them is enough. metavar: what stands for its value in help; "" for a switch, which has none. default: its
    value where it is not given.
    """

    group: str
    help: str
    works: tuple[str, ...]
    metavar: str | tuple[str, ...] = ""
    kind: type = str
    minimum: int | None = None
    choices: tuple[str, ...] = ()
    several: bool = False
    may_be_empty: bool = False
    default: Any = None
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def check(self, flag: str, value: Any) -> None:
        """ConfigError for an impossible value."""
        if not self.may_be_empty and "" in (value if self.several else (value,)):
            raise engine.ConfigError(f"{flag} is empty; expected {self.metavar[-1] if self.several else self.metavar}.")
        if self.minimum is not None and value < self.minimum:
            raise engine.ConfigError(f"{flag} is {value}; expected {self.minimum} or more.")


SETTINGS: Final = {
    "writing": Settings(WritingOptions, ("generate",), "with --generate"),
    "search": Settings(
        SearchOptions, ("translate", "transcribe", "caption"), "with --translate, --transcribe and --caption"
    ),
    "network": Settings(engine.ModelConfig, (TRAIN,), "with --train; settings left out are chosen as in the window"),
    "learning": Settings(
        engine.TrainingConfig,
        (TRAIN,),
        "with --train; settings left out are chosen as in the window",
        also={"seed": ("generate", "forecast")},
    ),
    "data": Settings(
        engine.DataConfig, (TRAIN,), "with --train; settings left out are chosen as in the window", prefix="data-"
    ),
}
_TRAINING, _MANY, _USING = "training without a window", "many runs", "using a saved run"
_GROUPS: Final = {  # title → how it is used
    _TRAINING: "python main.py --train DATA --output RUN",
    _MANY: "python main.py --sweep SWEEP.toml --output FOLDER",
    _USING: "python main.py RUN --classify FILE; - is standard input",
}
_EXPORTS: Final = {
    "export_onnx": Argument(_TRAINING, "afterwards write the network as ONNX", (TRAIN,), "FILE"),
    "export_pytorch": Argument(
        _TRAINING, "write it as a PyTorch folder, whose train.py continues training, on GPUs too", (TRAIN,), "FOLDER"
    ),
    "export_curves": Argument(_TRAINING, "afterwards write the curves as CSV", (TRAIN,), "FILE"),
    "export_predictions": Argument(_TRAINING, "afterwards write the answers on the validation data", (TRAIN,), "FILE"),
    "export_report": Argument(_TRAINING, "afterwards write a web page with plots and settings", (TRAIN,), "FILE"),
    "export_script": Argument(_TRAINING, "afterwards write a Python script that repeats the run", (TRAIN,), "FILE"),
}
ARGUMENTS: Final = {
    TRAIN: Argument(
        _TRAINING,
        "a saved run to continue, a PyTorch folder to train on here, a data file or folder, or the name of a sample; "
        "several files that belong together: the two sides of a translation (train.de train.en), one file for each "
        "label, or tunes in ABC notation",
        (TRAIN,),
        ("RUN_OR_DATA", "DATA"),
        several=True,
    ),
    "output": Argument(
        _TRAINING,
        "where to save the run; a continued run is saved to its own file by default",
        (TRAIN, SWEEP),
        "RUN",
    ),
    "overwrite": Argument(_TRAINING, "replace the output file if it exists", (TRAIN,), needs={TRAIN: ("output",)}),
    "from_data": Argument(
        _TRAINING,
        "where the data of the run is now, if it was moved; with --evaluate, where the same rows are looked for",
        (TRAIN, "evaluate"),
        "DATA",
        several=True,
    ),
    "steps": Argument(_TRAINING, "stop after this many steps; 0 only exports", (TRAIN,), "N", int, minimum=0),
    "workers": Argument(
        _TRAINING,
        "processes that compute each step; two where steps are long and there are two cores, unless said here",
        (TRAIN,),
        choices=tuple(WORKERS),
    ),
    "use_best": Argument(
        _TRAINING,
        "export the best weights instead of the last ones",
        (TRAIN, *VERBS),
        needs={TRAIN: ("export_onnx", "export_pytorch", "export_predictions", "export_report")},
    ),
    **_EXPORTS,
    SWEEP: Argument(_MANY, "train every combination of the settings in a TOML file", (SWEEP,), "FILE"),
    "processes": Argument(_MANY, "runs trained at a time; by default one for each core", (SWEEP,), "N", int, minimum=1),
    "scheduler": Argument(
        _MANY, "train on the workers of this Dask scheduler; local: a cluster here", (SWEEP,), "ADDRESS"
    ),
    **{
        verb: Argument(_USING, help, (verb,), "N", int, minimum=1)
        if verb == "generate"
        else Argument(_USING, help, (verb,), "FILE")
        for verb, help in VERBS.items()
    },
    "ahead": Argument(_USING, "with --forecast: how many steps", ("forecast",), "N", int, minimum=1, default=12),
    "label": Argument(_USING, "with --generate: the label to write for", ("generate",), "LABEL"),
    "prefix": Argument(
        _USING, "with --generate: the beginning of each text", ("generate",), "TEXT", may_be_empty=True, default=""
    ),
    "format": Argument(
        _USING, "lines of text, or JSON Lines", tuple(VERBS), choices=("plain", "jsonl"), default="plain"
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All arguments. What is not given is None, so that it can be told from what is."""
    groups = {title: parser.add_argument_group(title, use) for title, use in _GROUPS.items()}
    for name, argument in ARGUMENTS.items():
        keywords: dict[str, Any] = {"help": argument.help}
        if argument.choices:
            keywords["choices"] = argument.choices
        elif argument.metavar:
            keywords |= {"metavar": argument.metavar, "type": argument.kind}
            keywords |= {"nargs": "+"} if argument.several else {}
        else:
            keywords |= {"action": "store_const", "const": True}
        groups[argument.group].add_argument(flag_of(name), dest=name, **keywords)
    for group, given in SETTINGS.items():
        settings = parser.add_argument_group(group, given.note)
        for name, declared in given.config.options().items():
            keywords = _keywords(declared, given.config.default(name))
            settings.add_argument(flag_of(name, group), dest=f"{group}.{name}", **keywords)


def flag_of(name: str, group: str = "") -> str:
    """ "--learning-rate", "--data-seed": how an argument, or a setting of a group, is given."""
    earlier = list(SETTINGS)[: list(SETTINGS).index(group)] if group else []
    taken = any(name in SETTINGS[other].config.options() for other in earlier)
    return f"--{SETTINGS[group].prefix if taken else ''}{name}".replace("_", "-")


def _keywords(declared: Any, default: Any) -> dict[str, Any]:
    """The arguments of argparse for a setting."""
    text = f"{declared.label}: {declared.help}"
    if declared.choices is not None:
        text += f" {', '.join(repr(name) for name in declared.choices)}."
        return {"help": _plain(text), "metavar": "NAME", "type": partial(_chosen, declared.choices)}
    if isinstance(default, bool):
        return {"help": _plain(text), "action": argparse.BooleanOptionalAction}
    if declared.minimum is not None and declared.maximum is not None:
        text += f" {declared.minimum:g} to {declared.maximum:g}."
    return {"help": _plain(text), "type": type(default), "metavar": "TEXT" if isinstance(default, str) else "NUMBER"}


def _chosen(choices: Mapping[str, str], text: str) -> str:
    """The choice meant by what was typed: its value, perhaps as the help writes it (\\t), or what the window calls it
    (tab). Anything else is left as it is, for the setting to refuse."""
    meant = {label: value for value, label in choices.items()} | {repr(value)[1:-1]: value for value in choices}
    return text if text in choices else meant.get(text, text)


def _plain(text: str) -> str:
    return text.replace("%", "%%")


def given_settings(options: argparse.Namespace, group: str) -> dict[str, Any]:
    """The settings of a group that were given on the command line."""
    start = f"{group}."
    given = ((name.removeprefix(start), v) for name, v in vars(options).items() if name.startswith(start))
    return {name: value for name, value in given if value is not None}


def value_of(options: argparse.Namespace, name: str) -> Any:
    """The value of an argument: as given, or its default."""
    value = getattr(options, name)
    return ARGUMENTS[name].default if value is None else value


def one_or_all(names: list[str]) -> str | list[str]:
    """A file or folder, or files that belong together."""
    return names[0] if len(names) == 1 else names
