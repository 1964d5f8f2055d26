"""Many runs on the same data with different settings, on all cores or on a cluster.

sweep = read_sweep("sweep.toml")
dataset, sample = sweep.load()
folder = SweepFolder(Path("results"), sweep, dataset.fingerprint)
for progress in run_sweep(sweep, folder, executor_for(dataset, sample, scheduler="", processes=2)):
    ...
"""
