"""Scores of written answers, against values counted by hand and against slow references."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.models import answer_scores
from engine.models.answer_scores import edit_distances, padded_edit_distances, right_answers, translation_scores
from engine.models.metrics import metric_in_words
from tests.engine.small import Case

SYMBOLS = st.lists(st.integers(0, 3), max_size=6)


def slow_distance(a: list[int], b: list[int]) -> int:
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return slow_distance(a[1:], b[1:])
    return 1 + min(slow_distance(a[1:], b), slow_distance(a, b[1:]), slow_distance(a[1:], b[1:]))


@given(st.lists(st.tuples(SYMBOLS, SYMBOLS), min_size=1, max_size=5))
def test_all_edit_distances_at_once_are_those_of_the_recursion(pairs: list[tuple[list[int], list[int]]]) -> None:
    first, second = ([np.array(pair[k], np.int64) for pair in pairs] for k in (0, 1))
    assert edit_distances(first, second).tolist() == [slow_distance(a, b) for a, b in pairs]


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("abc", "abc", 0), ("abc", "ca", 3), ("flaw", "lawn", 2)],
)
def test_one_sequence_is_compared_with_every_row_of_a_table(a: str, b: str, distance: int) -> None:
    texts = [b, "filler text", ""]
    table = np.full((3, 11), -1, np.int32)
    for row, text in zip(table, texts, strict=True):
        row[: len(text)] = [ord(c) for c in text]
    lengths = np.array([len(text) for text in texts], np.int32)
    ours = np.array([[ord(c) for c in a]], np.int32)
    found = padded_edit_distances(ours, np.array([len(a)]), table, lengths)
    assert found[0] == distance
    assert found[2] == len(a)


def translator(words: bool = False) -> tuple[engine.Model, engine.Dataset]:
    unit: Any = "word" if words else "character"
    rows = [("a b", "x y"), ("a b", "y x"), ("a b", "x y"), ("b", "z"), ("c a", "y")]
    dataset = engine.make_dataset(rows * 4, "pairs", unit=unit, target_unit=unit, validation=rows)
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=8)
    return engine.build_model(config, dataset, seed=1), dataset


def test_every_target_of_the_same_source_is_a_right_answer() -> None:
    _, dataset = translator()
    assert [sorted(group) for group in right_answers(dataset.validation)] == [[0, 1], [0, 1], [0, 1, 2], [3], [4]]


def test_any_of_several_right_answers_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    model, dataset = translator(words=True)
    target = dataset.codec.target
    assert target is not None
    said = {("a", "b"): "y x", ("b",): "z z", ("c", "a"): "y"}
    answers = {source: target.encode(answer.split()) for source, answer in said.items()}
    monkeypatch.setattr(model, "greedy", lambda part: [answers[example.source] for example in part])
    found = engine.evaluate(model, dataset.validation)
    assert found.exact_match == pytest.approx(4 / 5)
    assert found.error_rate == pytest.approx(1 / (2 + 2 + 2 + 1 + 1))
    sacrebleu: Any = pytest.importorskip("sacrebleu")
    written = ["y x", "y x", "y x", "z z", "y"]
    references = [["x y", "y x", "x y", "z", "y"], ["y x", "x y", "y x", None, None]]
    assert found.chrf == pytest.approx(sacrebleu.corpus_chrf(written, references).score)
    assert found.bleu == pytest.approx(sacrebleu.corpus_bleu(written, references).score)


def test_what_a_missing_package_would_count_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    model, dataset = translator(words=True)
    monkeypatch.setattr("engine.models.text_decoder.has_sacrebleu", lambda: False)
    found = engine.evaluate(model, dataset.validation)
    assert "bleu" not in found.values
    assert found.not_measured == (answer_scores.SACREBLEU_MISSING,)
    letters, pairs = translator()
    assert engine.evaluate(letters, pairs.validation).not_measured == ()


def test_the_error_rate_of_right_answers_is_zero_and_of_none_one() -> None:
    case = Case("encoder-decoder", "pairs", "gru")
    model, examples = case.model(), case.dataset.train[:6]
    answers = [engine.Example(e.source, model.translate(e.source, 1)[0].tokens) for e in examples]
    assert engine.evaluate(model, answers).error_rate == 0
    model.parameters["output.weight"][:] = 0
    model.parameters["output.bias"][:] = [0, 9, *([0] * (len(model.choices) - 2))]
    assert engine.evaluate(model, examples).error_rate == 1


def test_a_bleu_of_zero_for_short_answers_says_why_it_is_zero() -> None:
    pytest.importorskip("sacrebleu")
    short = ["il est froid", "je suis ici"]
    found = translation_scores(short, [[text] for text in short])
    assert found["chrf"] == pytest.approx(100), "they are right"
    told = metric_in_words("bleu", found["bleu"])
    assert told == "BLEU 0.00 (no four words in a row match; for short answers, look at chrF)"
    assert metric_in_words("bleu", 23.1) == "BLEU 23.1"


def test_texts_that_are_already_tokenised_are_scored_without_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    pytest.importorskip("sacrebleu")
    texts = [f"the soup number {i} was warm , and good ." for i in range(120)]
    assert translation_scores(texts, [[text] for text in texts])["bleu"] == pytest.approx(100)
    assert not caplog.records
