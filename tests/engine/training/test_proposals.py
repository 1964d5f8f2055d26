"""What is proposed for a file of one's own."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.training import defaults, proposals
from engine.training.reasons import reasons

NAMES = ["".join(np.random.default_rng(i).choice(list("abcdefgh"), 6)) for i in range(60)]
WORDS = ["the cat sat", "a dog ran off", "the bird flew", "a fish swam by", "cats and dogs", "birds and fish"]
SENTENCES = [WORDS[i % 6] + " " + WORDS[i // 6 % 6] + f" {i % 7}" for i in range(60)]
DATA = {  # kind and unit → rows
    ("sequences", "character"): NAMES,
    ("sequences", "word"): SENTENCES,
    ("stream", "character"): [" ".join(SENTENCES)],
    ("stream", "word"): [" ".join(SENTENCES)],
    ("labelled", "character"): [(name, name[0]) for name in NAMES],
    ("labelled", "word"): [(text, text[0]) for text in SENTENCES],
    ("tagged", "word"): [(text.split(), [word[0] for word in text.split()]) for text in SENTENCES],
    ("pairs", "character"): [(name, name[::-1]) for name in NAMES],
    ("pairs", "word"): [(text, text) for text in SENTENCES],
}


def made(kind: str, unit: str, times: int = 1) -> engine.Dataset:
    return engine.make_dataset(DATA[kind, unit] * times, kind, unit=unit)


@pytest.mark.parametrize(("kind", "unit"), DATA)
def test_every_proposal_trains_and_keeps_the_best_weights(kind: str, unit: str) -> None:
    dataset = made(kind, unit, 10 if (kind, unit) == ("pairs", "character") else 1)
    model_config, training = defaults.settings_for(dataset, None, {}, {})
    assert training.patience > 0
    trainer = engine.Trainer(engine.build_model(model_config, dataset, 0), dataset, training)
    trainer.change(epochs=2)
    updates = list(trainer)
    assert np.isfinite([update.loss for update in updates]).all()
    losses = [update.validation.loss for update in updates if update.validation is not None]
    assert engine.evaluate(trainer.model, dataset.validation).loss == pytest.approx(min(losses), rel=1e-4)


@pytest.mark.parametrize(("kind", "unit"), [key for key in DATA if key[0] != "stream"])
def test_more_data_take_fewer_passes(kind: str, unit: str) -> None:
    few = proposals.proposed(made(kind, unit))["epochs"]
    many = proposals.proposed(made(kind, unit, 200))["epochs"]
    assert many < few


def test_rare_words_meet_far_more_restraint_than_letters() -> None:
    letters, words = (proposals.proposed(made("labelled", unit)) for unit in ("character", "word"))
    assert words["dropout"] > letters["dropout"]
    assert words["word_dropout"] > 0
    assert words["word_counts"]
    rated = engine.make_dataset([(f"film {k} is good", float(k)) for k in range(20)], "rated", unit="word")
    assert not proposals.proposed(rated)["word_counts"]
    assert words["weight_decay"] > 0
    assert "weight_decay" not in letters


def test_unknown_words_of_a_tagger_are_read_by_their_spelling() -> None:
    assert proposals.proposed(made("tagged", "word"))["spelling"] == "both"
    characters = [(list(name), [letter.upper() for letter in name]) for name in NAMES]
    assert proposals.proposed(engine.make_dataset(characters, "tagged"))["spelling"] == "none"


def test_a_translator_of_letters_reads_both_ways_and_looks_back() -> None:
    settings = proposals.proposed(made("pairs", "character"))
    assert settings["bidirectional"]
    assert settings["attention"]


def test_a_translator_of_words_writes_with_the_vectors_it_reads_its_own_words_with() -> None:
    rows = [(name, f"{name} {name}a {name}b") for name in NAMES]
    pairs = engine.make_dataset(rows, "pairs", unit="word", target_unit="word")
    settings = proposals.proposed(pairs)
    assert settings["tied"]
    assert settings["embedding_size"] == settings["hidden_size"]
    why = reasons(pairs, None, *defaults.settings_for(pairs, None, {}, {}))["tied"]
    words = {word for row in pairs.train for word in row.target} - {"</s>"}
    assert f"for {len(words)} words, read and written" in why
    assert not proposals.proposed(made("pairs", "character"))["tied"]


def test_a_target_that_repeats_its_source_may_be_copied() -> None:
    assert proposals.proposed(made("pairs", "character"))["copying"]
    sounds = [(name, name.translate(str.maketrans("abcdefgh", "ABCDEFGH"))) for name in NAMES]
    assert not proposals.proposed(engine.make_dataset(sounds, "pairs", unit="character"))["copying"]
    assert not proposals.proposed(made("pairs", "word"))["copying"]


def test_word_forms_with_endings_longer_than_the_word_may_be_copied_too() -> None:
    forms = [(name, f"{name}qqxxzzvvwwyyqqxx", "N;ABL;PL;PSS2P") for name in NAMES]
    rows = [(f"{lemma} + {features}", form) for lemma, form, features in forms]
    settings = proposals.proposed(engine.make_dataset(rows, "pairs", unit="mixed", target_unit="character"))
    assert settings["copying"]
    assert settings["made_up"] > 0


def test_few_tagged_sentences_are_learned_at_a_rate_that_falls_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    few = made("tagged", "word")
    settings = proposals.proposed(few)
    assert (settings["schedule"], settings["patience"]) == ("cosine", settings["epochs"] // 3)
    assert settings["epochs"] >= 30
    monkeypatch.setattr(proposals, "FEW_SENTENCES", len(few.train))
    assert proposals.proposed(few)["schedule"] == "adaptive"


def test_small_data_take_small_batches_and_as_many_steps_as_large_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "FEW_SENTENCES", 0)
    small, large = made("tagged", "word"), made("tagged", "word", 100)
    found = [proposals.proposed(dataset) for dataset in (small, large)]
    steps = [-(-len(d.train) // f["batch_size"]) * f["epochs"] for d, f in zip((small, large), found, strict=True)]
    assert found[0]["batch_size"] < found[1]["batch_size"]
    assert steps[0] == pytest.approx(steps[1], rel=0.1)
    assert min(f["epochs"] for f in found) >= 8


def test_many_rows_are_given_a_wider_network() -> None:
    rng = np.random.default_rng(0)
    names = ["".join(row) for row in rng.choice(list("abcdefgh"), (26_000, 7)).tolist()]
    many = engine.make_dataset(names, "sequences", unit="character")
    assert (
        proposals.proposed(many)["hidden_size"] == 2 * proposals.proposed(made("sequences", "character"))["hidden_size"]
    )
    sentences = [(f"a{name} b{name}", f"c{name} d{name}") for name in names[:12_000]]
    for unit, wide in (("word", True), ("character", False)):  # numbers and single words are learned by smaller ones
        pairs = engine.make_dataset(sentences, "pairs", unit=unit, target_unit=unit)  # type: ignore[arg-type]
        settings = proposals.proposed(pairs)
        assert (settings["hidden_size"] == proposals.WIDE) == wide
        assert (settings["schedule"] == "cosine") == wide


def test_the_sounds_of_many_words_are_learned_at_a_rate_that_falls_from_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sounds = engine.make_dataset([(name, " ".join(name.upper())) for name in NAMES], "pairs")
    assert (sounds.codec.unit, sounds.codec.target_unit) == ("character", "token")
    assert proposals.proposed(sounds)["schedule"] == "adaptive"
    monkeypatch.setattr(proposals, "MANY_SPELLINGS", len(sounds.train))
    many = proposals.proposed(sounds)
    assert (many["schedule"], many["hidden_size"]) == ("cosine", proposals.WIDE)
    assert many["patience"] >= many["epochs"] // 3


def test_a_book_is_read_letter_by_letter_by_a_very_wide_network(monkeypatch: pytest.MonkeyPatch) -> None:
    page = made("stream", "character")
    assert proposals.proposed(page)["hidden_size"] == 128
    monkeypatch.setattr(proposals, "LITTLE", 10)
    monkeypatch.setattr(proposals, "MUCH", 20)
    book = proposals.proposed(page)
    assert (book["hidden_size"], book["schedule"]) == (2 * proposals.WIDE, "cosine")
    assert proposals.proposed(made("stream", "word"))["hidden_size"] == proposals.WIDE
    monkeypatch.setattr(proposals, "BOOKS", 20)
    assert proposals.proposed(page)["hidden_size"] == proposals.WIDE


def test_of_very_many_words_a_sample_is_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    few = made("sequences", "word")
    assert proposals.proposed(few)["sampled_words"] == 0
    monkeypatch.setattr(proposals, "MANY_WORDS", len(few.codec.source))
    assert proposals.proposed(few)["sampled_words"] == proposals.SAMPLED
    units = proposals.proposed(few)["hidden_size"]
    monkeypatch.setattr(proposals, "LONG_TEXT", 10)
    assert proposals.proposed(few)["hidden_size"] == proposals.WIDER > units
    model, training = defaults.settings_for(few, None, {}, {})
    assert "drawn anew each time" in reasons(few, None, model, training)["sampled_words"]


def test_entities_are_tagged_together_and_judged_as_entities() -> None:
    rows = [(text.split(), ["B-X" if k == 0 else "O" for k, _ in enumerate(text.split())]) for text in SENTENCES]
    found = proposals.proposed(engine.make_dataset(rows, "tagged"))
    assert (found["read_out"], found["best_by"], found["spelling"]) == ("crf", "entity_f1", "affixes")
    assert proposals.proposed(made("tagged", "word"))["read_out"] == "softmax"


def test_what_cannot_be_learned_is_not_learned_by_heart() -> None:
    rng = np.random.default_rng(0)
    rows = [(text, str(rng.integers(2))) for text in SENTENCES * 3]
    dataset = engine.make_dataset(rows, "labelled", unit="word", seed=1)
    model_config, training = defaults.settings_for(dataset, None, {}, {})
    trainer = engine.Trainer(engine.build_model(model_config, dataset, 0), dataset, training)
    for _ in trainer:
        pass
    assert engine.evaluate(trainer.model, dataset.validation).loss < 0.75  # ln 2 is 0.693


def series(name: str) -> np.ndarray:
    """Two hundred values with a season of twelve: round a level, or growing as their swings do, or a random walk."""
    t, rng = np.arange(200), np.random.default_rng(1)
    season = np.sin(t * np.pi / 6) + 0.1 * rng.normal(size=200)
    return {"level": season, "growing": np.exp(t / 80) * (4 + season), "walk": rng.normal(size=200).cumsum() + t}[name]


@pytest.mark.parametrize(("name", "lag"), [("level", 0), ("growing", 12), ("walk", 1)])
def test_what_the_next_value_counts_from_is_found_by_rehearsal(name: str, lag: int) -> None:
    dataset = engine.make_dataset([series(name)], "series")
    assert proposals.proposed(dataset)["lag"] == lag


def test_the_rehearsal_looks_at_what_validates_where_that_goes_on_from_the_training_values() -> None:
    wild = np.append(series("level")[:160], np.arange(40.0) ** 2)
    assert proposals.proposed(engine.make_dataset([wild], "series"))["lag"] == 1
    assert proposals.proposed(engine.make_dataset([wild[:160]], "series", validation=[wild[160:]]))["lag"] == 0


@pytest.mark.parametrize("columns", [1, 3])
def test_a_series_of_the_fewest_values_has_a_proposal(columns: int) -> None:
    values = np.random.default_rng(0).normal(size=(10, columns))
    assert proposals.proposed(engine.make_dataset([values], "series"))["lag"] in (0, 1)
