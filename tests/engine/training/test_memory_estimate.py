"""The memory a run will take is known before it is taken, and refused in words where there is too little."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine import ConfigError, ModelConfig, TrainingConfig, make_dataset
from engine.training.memory_estimate import estimate_memory, free_memory, require_memory
from tests.engine.small import data

ROOT = Path(__file__).parents[3]
TOLERANCE = 0.25

# Measures in a process of its own, whose peak is the training's and nothing else's: prints the estimate and the growth.
PROGRAM = """
import dataclasses, json, sys
from pathlib import Path
import numpy as np
import engine
from engine.processes.split_batch import keep_blas_to_one_thread
from engine.training.memory_estimate import estimate_memory

def peak():
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))

def words(count):
    return [f"w{k}" for k in rng.integers(0, 3000, count)]

kind, model_config, training_config = json.loads(sys.argv[1])
keep_blas_to_one_thread()
rng = np.random.default_rng(0)
rows = {
    "sequences": lambda: ["".join(rng.choice(list("abcdefgh"), 150)) for _ in range(200)],
    "stream": lambda: "".join(rng.choice(list("abcdefgh "), 60_000)),
    "labelled": lambda: [(" ".join(words(80)), "ab"[k % 2]) for k in range(200)],
    "tagged": lambda: [(words(60), list("ab" * 30)) for _ in range(200)],
    "pairs": lambda: [(" ".join(words(40)), " ".join(words(40))) for _ in range(200)],
}[kind]()
dataset = engine.make_dataset(rows, kind)
config, training = engine.ModelConfig(**model_config), engine.TrainingConfig(**training_config)

def train(config, training):
    trainer = engine.Trainer(engine.build_model(config, dataset), dataset, training)
    for _ in range(3):
        next(trainer)
        trainer.snapshot()
    trainer.best = trainer.snapshot()  # as large as the best weights, which the end of an epoch would keep
    engine.evaluate(trainer.model, dataset.validation)


train(dataclasses.replace(config, hidden_size=2), dataclasses.replace(training, batch_size=2))
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
before = peak()
train(config, training)
print(json.dumps([estimate_memory(config, training, dataset).training, peak() - before]))
"""
QUICK = [
    ("stream", {"architecture": "one-to-many", "cell": "lstm", "hidden_size": 512}, {"batch_size": 64}),
    (
        "pairs",
        {
            "architecture": "encoder-decoder", "cell": "gru", "hidden_size": 256, "embedding_size": 128,
            "attention": True, "bidirectional": True,
        },
        {"batch_size": 64},
    ),
]  # fmt: skip
MORE = [
    ("sequences", {"architecture": "one-to-many", "cell": "lstm", "hidden_size": 512}, {"batch_size": 64}),
    (
        "sequences",
        {"architecture": "one-to-many", "cell": "gru", "hidden_size": 1024, "num_layers": 2},
        {"batch_size": 16, "optimizer": "sgd"},
    ),
    (
        "sequences",
        {"architecture": "one-to-many", "cell": "rnn", "hidden_size": 256, "embedding_size": 64},
        {"batch_size": 128},
    ),
    (
        "labelled",
        {"architecture": "many-to-one", "hidden_size": 256, "embedding_size": 128, "bidirectional": True},
        {"batch_size": 64},
    ),
    (
        "tagged",
        {
            "architecture": "many-to-many", "cell": "gru", "hidden_size": 256, "embedding_size": 128,
            "bidirectional": True, "num_layers": 2, "dropout": 0.3,
        },
        {"batch_size": 64},
    ),
    ("labelled", {"architecture": "one-to-one", "hidden_size": 128}, {"batch_size": 64}),
]  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process its peak and lets it begin anew")
@pytest.mark.parametrize(
    ("kind", "model", "training"), [*QUICK, *(pytest.param(*case, marks=pytest.mark.slow) for case in MORE)]
)
def test_the_estimate_is_within_a_quarter_of_the_measured_peak(
    kind: str, model: dict[str, object], training: dict[str, object]
) -> None:
    command = [sys.executable, "-c", PROGRAM, json.dumps([kind, model, training])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    estimate, measured = json.loads(done.stdout)
    assert abs(estimate / measured - 1) < TOLERANCE, f"{estimate:,} bytes estimated, {measured:,} measured"


def test_more_of_anything_takes_more_memory() -> None:
    config, training = ModelConfig(hidden_size=32), TrainingConfig()
    least = estimate_memory(config, training, data("sequences"))
    for larger in (ModelConfig(hidden_size=64), ModelConfig(hidden_size=32, num_layers=2)):
        more = estimate_memory(larger, training, data("sequences"))
        assert more.weights > least.weights
        assert more.total > least.total
    assert estimate_memory(config, TrainingConfig(batch_size=2), data("sequences")).step < least.step
    assert estimate_memory(config, TrainingConfig(optimizer="sgd"), data("sequences")).training < least.training


def test_a_sampled_softmax_takes_less_memory_for_scores() -> None:
    dataset = make_dataset([" ".join(f"w{40 * i + j}" for j in range(40)) for i in range(50)], "sequences", unit="word")
    training = TrainingConfig(batch_size=1)
    exact, sampled = (
        estimate_memory(ModelConfig(hidden_size=8, sampled_words=drawn), training, dataset).step for drawn in (0, 100)
    )
    assert sampled < exact / 2


def test_what_does_not_fit_is_refused_with_what_would() -> None:
    config, training = ModelConfig(hidden_size=4096, num_layers=8), TrainingConfig()
    with pytest.raises(ConfigError, match=r"needs about .* GB .* 1\.8 GB is free\. 512 hidden units would fit\."):
        require_memory(config, training, data("sequences"), free=2_000_000_000)
    fits = ModelConfig(hidden_size=512, num_layers=8)
    require_memory(fits, training, data("sequences"), free=2_000_000_000)
    with pytest.raises(ConfigError, match="Close other programs"):
        require_memory(ModelConfig(), training, data("sequences"), free=0)


def test_long_texts_are_answered_with_smaller_batches() -> None:
    config, training = ModelConfig(hidden_size=64), TrainingConfig(batch_size=8192, window=4096)
    needed = estimate_memory(config, training, data("stream", large=True))
    with pytest.raises(ConfigError, match=r"[Bb]atches of"):
        require_memory(config, training, data("stream", large=True), free=needed.total // 2)


def test_data_of_which_no_rows_are_there_take_no_step() -> None:
    full = data("pairs")
    empty = dataclasses.replace(full, train=full.train[:0], validation=full.validation[:0])
    config = ModelConfig(architecture="encoder-decoder", attention=True, hidden_size=8)
    estimate = estimate_memory(config, TrainingConfig(), empty)
    assert 0 < estimate.step < estimate_memory(config, TrainingConfig(), full).step


def test_the_free_memory_is_that_of_this_machine() -> None:
    assert 10_000_000 < free_memory() < 10**14


def test_a_container_that_allows_less_than_the_machine_has_counts(tmp_path: Path) -> None:
    limit, used = tmp_path / "limit", tmp_path / "used"
    used.write_text("1000000\n")
    for written, free in (("3000000\n", 2_000_000), ("500000\n", 0)):
        limit.write_text(written)
        assert free_memory([(limit, used)]) == free
    for written in ("max\n", str(2**63 - 1)):  # no limit, in version 2 and 1
        limit.write_text(written)
        assert free_memory([(limit, used)]) > 2_000_000
    assert free_memory([(tmp_path / "none", used)]) > 2_000_000
