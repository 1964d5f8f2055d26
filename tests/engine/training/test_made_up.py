"""Word forms with made-up stems."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import engine
from engine.training import defaults
from engine.training.batches import batches_of
from engine.training.proposals import LITTLE
from engine.training.reasons import reasons

STEMS = ["walk", "jump", "talk", "bark", "climb", "paint", "clean", "cook", "help", "laugh", "pull", "rest"]
FORMS = [(f"{stem} + V;{tense}", stem + end) for stem in STEMS for tense, end in (("PST", "ed"), ("PRS", "s"))]


@pytest.fixture(scope="module")
def dataset() -> engine.Dataset:
    return engine.make_dataset(FORMS, "pairs", unit="mixed", target_unit="character")


def read(dataset: engine.Dataset, share: float, steps: int = 6) -> list[tuple[str, str]]:
    """All sources and targets of the first steps."""
    made = batches_of(dataset, engine.TrainingConfig(batch_size=8, made_up=share))
    return [("".join(e.source), "".join(e.target)) for step in range(steps) for e in made.batch(step)]


def test_endings_and_features_stay_and_both_sides_have_the_same_new_stem(dataset: engine.Dataset) -> None:
    lemmas = []
    for source, target in read(dataset, 1.0, 40):
        lemma, features = source.split(" + ")
        assert target == lemma + {"VPST": "ed", "VPRS": "s"}[features]
        assert lemma[-1] in {stem[-1] for stem in STEMS}
        lemmas.append(lemma)
    assert np.mean([lemma in STEMS for lemma in lemmas]) < 0.02  # by chance
    assert {len(lemma) for lemma in lemmas} == set(range(4, 14)), "up to eight letters more"


def test_a_letter_follows_another_as_often_as_in_the_training_words() -> None:
    words = [f"{a}{v}{b}{v}{c}" for v in "äö" for a in "ktp" for b in "ktp" for c in "mn"]
    words += [f"{a}{v}{b}{v}{c}" for v in "uo" for a in "slr" for b in "slr" for c in "mn"]
    forms = [(f"{word} + N;PL", f"{word}t") for word in words]
    made = read(engine.make_dataset(forms, "pairs", unit="mixed", target_unit="character"), 1.0, 100)
    pairs = [pair for source, _ in made for pair in pairwise(source.split(" + ")[0])]
    mixed = [a + b for a, b in pairs if (a in "ktp" and b in "uo") or (a in "slr" and b in "äö")]
    assert len(pairs) > 1000
    assert len(mixed) < 0.02 * len(pairs)


def test_only_the_chosen_share_is_made_up(dataset: engine.Dataset) -> None:
    real = [source.split(" + ")[0] in STEMS for source, _ in read(dataset, 0.5, 60)]
    assert 0.35 < np.mean(real) < 0.65
    assert all(source.split(" + ")[0] in STEMS for source, _ in read(dataset, 0.0))


def test_each_step_makes_up_other_words_and_the_same_ones_when_repeated(dataset: engine.Dataset) -> None:
    assert read(dataset, 1.0) == read(dataset, 1.0)
    assert len({source for source, _ in read(dataset, 1.0)}) > len(STEMS) * 2


def test_marks_are_kept_with_the_ending_and_letters_are_replaced() -> None:
    roots = ["كتب", "درس", "شرب", "لعب", "فتح", "سمع", "عمل", "ذهب", "جلس", "ركب", "طلب", "قرأ"]
    lemmas = ["".join(f"{letter}\u064e" for letter in root) for root in roots]  # a fatha on each letter
    forms = [(f"{lemma} + V;PST;1;SG", f"{lemma[:-1]}\u0652ت\u064f") for lemma in lemmas]
    made = read(engine.make_dataset(forms, "pairs", unit="mixed", target_unit="character"), 1.0)
    for source, target in made:
        lemma = source.split(" + ")[0]
        assert lemma[-5::2] == "\u064e" * 3
        assert target == f"{lemma[:-1]}\u0652ت\u064f"
    assert sum(source.split(" + ")[0] in lemmas for source, _ in made) < len(made) / 4


def test_words_that_are_not_spelled_out_are_left_alone() -> None:
    sentences = engine.make_dataset([(f"we {stem} now", f"we {stem} here") for stem in STEMS], "pairs", unit="word")
    assert read(sentences, 1.0) == read(sentences, 0.0)


def test_few_word_forms_are_proposed_with_made_up_stems(dataset: engine.Dataset) -> None:
    assert defaults.settings_for(dataset, None, {}, {})[1].made_up > 0
    sounds = [(stem, "-".join(str(ord(letter) % 10) for letter in stem)) for stem in STEMS]
    nothing_alike = engine.make_dataset(sounds, "pairs", unit="character", target_unit="character")
    assert defaults.settings_for(nothing_alike, None, {}, {})[1].made_up == 0


def test_few_held_out_forms_do_not_say_when_to_stop_and_many_do(dataset: engine.Dataset) -> None:
    few = defaults.settings_for(dataset, None, {}, {})
    assert few[1].patience == 0
    assert few[1].epochs * -(-len(dataset.train) // few[1].batch_size) == pytest.approx(3000, rel=0.01)
    assert "too few to say when to stop" in reasons(dataset, None, *few)["epochs"]
    many = engine.make_dataset(FORMS * 700, "pairs", unit="mixed", target_unit="character")
    model, training = defaults.settings_for(many, None, {}, {})
    assert len(many.train.source.packed) > LITTLE
    assert model.dropout == few[0].dropout
    assert (training.best_by, training.made_up) == ("exact_match", 0)
    assert training.patience >= 6
    assert (training.optimizer, training.weight_decay) == ("adamw", 0.05)
    assert "ends when it no longer improves" in reasons(many, None, model, training)["epochs"]
