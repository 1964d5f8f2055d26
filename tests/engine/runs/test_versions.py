"""A file of every version of the format that was ever written still opens and goes on.

When the version changes, `python -m tests.engine.runs.test_versions` writes a file of the new one; the old stay.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.runs import safetensors_container

FILES = Path(__file__).parent / "files"
ROWS = [f"{a}{b}{c}" for a in "abc" for b in "xyz" for c in "mno"]


def dataset() -> engine.Dataset:
    """The data of the files."""
    return engine.make_dataset(ROWS, "sequences", unit="character", seed=1)


def write(path: Path) -> None:
    """A run of six steps."""
    model = engine.build_model(engine.ModelConfig(hidden_size=3), dataset(), seed=2)
    trainer = engine.Trainer(model, dataset(), engine.TrainingConfig(batch_size=8, epochs=5))
    moments = []
    for update in trainer:
        moments.append(trainer.snapshot())
        if update.step == 6:
            break
    engine.save_run(path, trainer, moments[::3])


@pytest.mark.parametrize("version", range(1, safetensors_container.VERSION + 1))
def test_a_file_of_every_version_opens_and_goes_on(version: int) -> None:
    run = engine.open_run(FILES / f"version-{version}.unroll")
    assert (run.snapshot.step, run.snapshot.config.hidden_size, run.training.batch_size) == (6, 3, 8)
    assert [moment.step for moment in run.timeline] == [1, 4]
    assert run.history.steps["step"].tolist() == [1, 2, 3, 4, 5, 6]
    assert run.snapshot.model().generate(seed=1)
    trainer = engine.load_run(FILES / f"version-{version}.unroll", dataset())
    assert [update.step for update in trainer][:2] == [7, 8]


if __name__ == "__main__":
    write(FILES / f"version-{safetensors_container.VERSION}.unroll")
