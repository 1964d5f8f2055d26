"""`python -m tests.results --list` names the experiments; `python -m tests.results NAME…` runs them."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

from engine import ModelConfig, TrainingConfig
from engine.options import Config
from tests.results.catalogue import EXPERIMENTS
from tests.results.experiment import Experiment, Outcome, run


def settings(config: Config) -> str:
    """What differs from the defaults."""
    changed = {
        name: getattr(config, name) for name in config.options() if getattr(config, name) != config.default(name)
    }
    return ", ".join(f"{name} {value}" for name, value in changed.items())


def row(experiment: Experiment, outcome: Outcome) -> str:
    """A line of the table in docs/results.md."""
    parts = (settings(experiment.model), settings(experiment.training), f"{outcome.steps} steps")
    others = [f"{name} {value:.4f}" for name, value in outcome.figures.items() if name != experiment.figure]
    sign = "≤" if experiment.smaller_is_better else "≥"
    figure = f"{experiment.figure} {outcome.figures[experiment.figure]:.4f}"
    cells = (
        f"`{experiment.name}`",
        experiment.task,
        "; ".join(part for part in parts if part),
        str(experiment.training.seed),
        f"{outcome.minutes:.2f}",
        f"**{figure}**" if experiment.reached(outcome) else f"{figure} (missed)",
        f"{sign} {experiment.target:g}",
        experiment.beside or "–",
        ", ".join(others) or "–",
    )
    return f"| {' | '.join(cells)} |"


def changed(experiment: Experiment, changes: list[str]) -> Experiment:
    """The experiment with settings given as name=value, the value in JSON or plain."""
    for change in changes:
        name, _, text = change.partition("=")
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        if name in ModelConfig.options():
            experiment = dataclasses.replace(experiment, model=dataclasses.replace(experiment.model, **{name: value}))
        elif name in TrainingConfig.options():
            training = dataclasses.replace(experiment.training, **{name: value})
            experiment = dataclasses.replace(experiment, training=training)
        else:
            experiment = dataclasses.replace(experiment, **{name: value})
    return experiment


def main() -> int:
    """Run what was asked for; 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.results", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true", help="name all experiments")
    parser.add_argument("--set", action="append", default=[], metavar="SETTING=VALUE", help="try another setting")
    arguments = parser.parse_args()
    if arguments.list or not arguments.names:
        for name, experiment in EXPERIMENTS.items():
            print(f"{name:24} {experiment.task}")
        return 0
    unknown = [name for name in arguments.names if name not in EXPERIMENTS]
    if unknown:
        parser.error(f"there is no experiment {', '.join(unknown)}; see --list")
    all_reached = True
    for name in arguments.names:
        experiment = changed(EXPERIMENTS[name], arguments.set)
        outcome = run(experiment)
        print(row(experiment, outcome), flush=True)
        for label, texts in outcome.texts.items():
            print(f"  {label}: {', '.join(texts)}", flush=True)
        all_reached &= experiment.reached(outcome)
    return 0 if all_reached else 1


if __name__ == "__main__":
    sys.exit(main())
