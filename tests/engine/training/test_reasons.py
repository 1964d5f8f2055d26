"""The sentence beside each proposed setting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.cells import CELLS
from engine.data.sound.wav import wav_bytes
from engine.training import defaults
from engine.training.reasons import OF_SAMPLE, reasons
from tests.engine.small import data

DATASET = engine.make_dataset([("anna", "annas"), ("otto", "ottos")] * 5, "pairs")
OTHERS = sorted(CELLS.keys() - {engine.ModelConfig.default("cell")})


@pytest.mark.parametrize("name", OTHERS)
def test_a_proposed_cell_gives_its_own_reason(name: str) -> None:
    found = reasons(DATASET, None, engine.ModelConfig(cell=name), engine.TrainingConfig())
    assert found["cell"] == CELLS[name].merit


def test_no_two_cells_give_the_same_reason() -> None:
    merits = [cell.merit for cell in CELLS.values()]
    assert len(set(merits)) == len(merits)
    assert all(merit.endswith(".") for merit in merits)


def test_the_settings_of_a_sample_were_chosen_for_it() -> None:
    found = reasons(DATASET, engine.SAMPLES["names"], engine.ModelConfig(cell="gru"), engine.TrainingConfig())
    assert found == {"cell": OF_SAMPLE}


# A vocabulary of ten letters and two special symbols.
LETTERS = engine.make_dataset(["abcdefghij", "jihgfedcba"] * 5, "sequences", unit="character")


@pytest.mark.parametrize(("size", "shorter"), [(11, True), (12, False), (200, False)])
def test_a_learned_vector_is_called_shorter_than_a_one_hot_row_only_where_it_is(size: int, shorter: bool) -> None:
    config = engine.ModelConfig(architecture="one-to-many", embedding_size=size)
    why = reasons(LETTERS, None, config, engine.TrainingConfig())["embedding_size"]
    assert why.startswith("10 different characters: a learned vector for each lets those that are used alike be alike")
    assert ("shorter than a one-hot row" in why) == shorter


def test_special_symbols_are_not_counted_among_those_of_the_data() -> None:
    config = engine.ModelConfig(architecture="one-to-many", embedding_size=8, tied=True, sampled_words=4)
    found = reasons(LETTERS, None, config, engine.TrainingConfig())
    assert found["tied"].startswith("One table of vectors for 10 characters,")
    assert found["sampled_words"].startswith("Scoring 10 characters takes")


def test_what_a_network_spells_a_sound_with_are_the_letters_of_the_answers() -> None:
    config = engine.ModelConfig(architecture="encoder-decoder", embedding_size=3)
    why = reasons(data("speech"), None, config, engine.TrainingConfig())["embedding_size"]
    assert why.startswith("7 different characters: ")


def test_sounds_and_series_are_not_called_texts(tmp_path: Path) -> None:
    for label in ("high", "low"):
        for k in range(4):
            wave = np.sin(np.arange(4_000) * (0.3 + 0.1 * k) * (1 + (label == "high"))).astype(np.float32)
            path = tmp_path / "tones" / label / f"{k}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wav_bytes(wave, 8_000))
    sounds = engine.load_dataset(tmp_path / "tones")
    model, training = defaults.settings_for(sounds, None, {}, {})
    found = reasons(sounds, None, model, training)
    assert found["bidirectional"].startswith("The whole sound is known")
    assert not [why for why in found.values() if "text" in why]
    assert found["dropout"].startswith("Little data (")
    assert "strong" not in found["dropout"]  # 0.2
    series = reasons(data("labelled-series"), None, model, training)
    assert series["bidirectional"].startswith("The whole sequence is known")
    pictures = reasons(data("pictures"), None, model, training)
    assert pictures["dropout"].startswith(f"Little data ({len(data('pictures').train)} pictures to train on)")
    letters = reasons(LETTERS, None, replace(model, dropout=0.5), training)
    assert letters["bidirectional"].startswith("The whole text is known")
    assert letters["dropout"].startswith("Little text (")
    assert "strong dropout" in letters["dropout"]


@pytest.mark.parametrize(("rare", "said"), [
    (0, "A word that never occurs in training is still read by its spelling."),
    (9, "9 of 13 different words occur fewer than 3 times: their spelling hints at what they are."),
])  # fmt: skip
def test_words_are_called_rare_only_where_they_are(rare: int, said: str) -> None:
    rows = [(text, label) for text, label in (("good film", "yes"), ("poor play", "no")) for _ in range(20)]
    rows += [(f"good {chr(97 + i)}", "yes") for i in range(rare)]
    dataset = engine.make_dataset(rows, "labelled", unit="word", validation=rows[:1])
    config = engine.ModelConfig(architecture="many-to-one", spelling="affixes")
    assert reasons(dataset, None, config, engine.TrainingConfig())["spelling"] == said


def test_little_text_is_not_called_a_lot_in_the_next_line() -> None:
    pairs = [(f"the {a} {b} is here", f"le {b} {a} est ici") for a in "abcdefgh" for b in "klmnopqr"]
    dataset = engine.make_dataset(pairs, "pairs", unit="word")
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=256, dropout=0.5)
    found = reasons(dataset, None, config, engine.TrainingConfig())
    assert found["dropout"].startswith("Little text (")
    assert found["hidden_size"] == "Wide enough for a file of this size, and still quick to train."


def test_running_text_has_places_and_no_rows() -> None:
    dataset = engine.make_dataset("to be or not to be. " * 9000, "stream")
    training = engine.TrainingConfig(batch_size=64)
    found = reasons(dataset, None, engine.ModelConfig(architecture="one-to-many"), training)
    assert found["batch_size"].startswith("64 places of the text are read at once")


def test_seasons_are_named_only_where_one_was_found() -> None:
    steps = np.arange(400)
    rng = np.random.default_rng(0)
    for values, said in (
        (np.sin(steps * 2 * np.pi / 12), "about 4 seasons of 12 steps"),
        (np.tile(rng.normal(size=130), 4), "a part of a season of 130 steps"),
        (rng.normal(size=400), "No season"),
    ):
        dataset = engine.make_dataset([values[:, None]], "series")
        model, training = defaults.settings_for(dataset, None, {}, {})
        found = reasons(dataset, None, model, training)
        assert said in found["window"]
