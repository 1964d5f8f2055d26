"""Many runs on the same data with different settings, on all cores or on a cluster.

sweep = read_sweep("sweep.toml")
dataset, sample = sweep.load()
folder = SweepFolder(Path("results"), sweep, dataset.fingerprint)
for progress in run_sweep(sweep, folder, executor_for(dataset, sample, scheduler="", processes=2)):
    ...
"""

from engine.sweeps.executors import Executor, executor_for, has_dask
from engine.sweeps.one_run import OutcomeStatus, RunOutcome
from engine.sweeps.plan import NumberRange, PlannedRun, Sweep, read_sweep, sweep_of
from engine.sweeps.queue import SweepProgress, refuse_impossible, run_sweep
from engine.sweeps.ranking import Ranked, ranked
from engine.sweeps.results import SweepFolder, sweep_in

__all__ = [
    "Executor",
    "NumberRange",
    "OutcomeStatus",
    "PlannedRun",
    "Ranked",
    "RunOutcome",
    "Sweep",
    "SweepFolder",
    "SweepProgress",
    "executor_for",
    "has_dask",
    "ranked",
    "read_sweep",
    "refuse_impossible",
    "run_sweep",
    "sweep_in",
    "sweep_of",
]
