"""A network that was trained on sound or picture files answers for a new file, and after it was saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.sound.wav import wav_bytes
from engine.errors import DataError

SOUNDS = {"sound_rate": 8_000, "sound_bands": 8, "sound_window": 32.0, "sound_hop": 16.0}


def tone(hz: float) -> bytes:
    return wav_bytes((0.5 * np.sin(2 * np.pi * hz * np.arange(800) / 8_000)).astype(np.float32), 8_000)


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    lines = ["file,label"]
    for i in range(8):
        (tmp_path / f"{i}.wav").write_bytes(tone(300 + 60 * i))
        lines.append(f"{i}.wav,{'high' if i > 3 else 'low'}")
    (tmp_path / "list.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def trained(dataset: engine.Dataset, architecture: str, epochs: int, path: Path) -> engine.Model:
    """A small network, trained, saved and opened again."""
    config = engine.ModelConfig(architecture=architecture, hidden_size=12)
    model = engine.build_model(config, dataset)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=epochs, learning_rate=0.03, batch_size=8))
    for _ in trainer:
        pass
    engine.save_run(path / "run.unroll", trainer)
    return engine.load_run(path / "run.unroll").model


def test_a_sound_file_is_classified_and_a_strange_file_refused(sounds: Path, tmp_path: Path) -> None:
    dataset = engine.load_dataset(sounds, validation=0.25, **SOUNDS)
    model = trained(dataset, "many-to-one", 20, tmp_path)
    answer = model.classify(sounds / "7.wav")
    assert next(iter(answer)) == "high"
    assert answer == model.classify(str(sounds / "7.wav"))
    with pytest.raises(DataError, match=r"list\.csv: This is not a WAV file"):
        model.classify(sounds / "list.csv")
    with pytest.raises(DataError, match=r"none\.wav: There is no such file"):
        model.classify(sounds / "none.wav")


def test_a_sound_file_is_written_down(sounds: Path, tmp_path: Path) -> None:
    dataset = engine.load_dataset(sounds / "list.csv", kind="speech", target_unit="character", **SOUNDS)
    model = trained(dataset, "encoder-decoder", 30, tmp_path)
    assert model.transcribe(sounds / "0.wav")[0].text == "low"
    assert model.transcribe(sounds / "7.wav")[0].text == "high"


def test_a_picture_file_is_captioned(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    lines = ["file,caption"]
    for i in range(8):
        shade = 255 - 5 * i  # equal pictures would all be held back
        image.new("RGB", (9, 9), ((shade, 0, 0), (0, 0, shade))[i % 2]).save(tmp_path / f"{i}.png")
        lines.append(f"{i}.png,a {('red', 'blue')[i % 2]} wall")
    (tmp_path / "captions.csv").write_text("\n".join(lines) + "\n")
    model = trained(engine.load_dataset(tmp_path, picture_side=3), "one-to-many", 30, tmp_path)
    assert model.caption(tmp_path / "0.png")[0].text == "a red wall"
    assert model.caption(tmp_path / "1.png")[0].text == "a blue wall"
