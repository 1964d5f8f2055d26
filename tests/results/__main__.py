"""`python -m tests.results --list` names the experiments; `python -m tests.results NAME…` runs them.

With several seeds, the row gives the mean, the standard deviation and each figure.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from statistics import mean, stdev

from engine import ModelConfig, TrainingConfig
from engine.options import Config
from tests.results.catalogue import EXPERIMENTS
from tests.results.experiment import Experiment, Outcome, run, run_as_proposed


def settings(config: Config) -> str:
    """What differs from the defaults."""
    changed = {
        name: getattr(config, name)
        for name in config.options()
        if name != "seed" and getattr(config, name) != config.default(name)
    }
    return ", ".join(f"{name} {value}" for name, value in changed.items())


def with_spread(values: Sequence[float]) -> str:
    """The mean, and of several seeds its standard deviation and each of them."""
    if len(values) == 1:
        return f"{values[0]:.4f}"
    return f"{mean(values):.4f} ± {stdev(values):.4f} ({', '.join(f'{value:.4f}' for value in values)})"


def reached(experiment: Experiment, outcomes: Sequence[Outcome]) -> bool:
    """Whether these runs reach the target on average, in time."""
    figures = [outcome.figures[experiment.figure] for outcome in outcomes]
    return experiment.reached(mean(figures), mean(outcome.minutes for outcome in outcomes))


def row(experiment: Experiment, outcomes: Sequence[Outcome], seeds: Sequence[int]) -> str:
    """A line of the table in docs/results.md."""
    parts = (settings(experiment.model), settings(experiment.training), f"{outcomes[0].steps} steps")
    figures = {name: [outcome.figures[name] for outcome in outcomes] for name in outcomes[0].figures}
    others = [f"{name} {mean(values):.4f}" for name, values in figures.items() if name != experiment.figure]
    sign = "≤" if experiment.smaller_is_better else "≥"
    figure = f"{experiment.figure} {with_spread(figures[experiment.figure])}"
    minutes = mean(outcome.minutes for outcome in outcomes)
    cells = (
        f"`{experiment.name}`",
        experiment.task,
        "; ".join(part for part in parts if part),
        ", ".join(map(str, seeds)),
        f"{minutes:.2f}",
        f"**{figure}**" if reached(experiment, outcomes) else f"{figure} (missed)",
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
    parser.add_argument("--seeds", nargs="+", type=int, default=[0], metavar="SEED", help="one run for each")
    parser.add_argument("--proposed", action="store_true", help="with the settings that the window proposes")
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
        outcomes = []
        for seed in arguments.seeds:
            experiment = changed(experiment, [f"seed={seed}"])
            if arguments.proposed:
                experiment, outcome = run_as_proposed(experiment)
            else:
                outcome = run(experiment)
            outcomes.append(outcome)
        print(row(experiment, outcomes, arguments.seeds), flush=True)
        for label, texts in outcomes[0].texts.items():
            print(f"  {label}: {', '.join(texts)}", flush=True)
        all_reached &= reached(experiment, outcomes)
    return 0 if all_reached else 1


if __name__ == "__main__":
    sys.exit(main())
