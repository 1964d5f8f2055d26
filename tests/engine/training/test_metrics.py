"""Scores against values counted by hand, and against the field's own libraries where they are installed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import ModelConfig
from engine.data.codec import split_words
from engine.data.dataset import make_dataset
from engine.data.examples import Example
from engine.models import Model, build_model
from engine.models.entity_f1 import entity_scores, is_entity_scheme, spans
from engine.models.metrics import METRICS, is_share, of_column
from engine.training.evaluation import Metrics, evaluate
from tests.engine.small import Case, data, plain_cases

TAGS = ["O", "B-PER", "I-PER", "E-PER", "S-PER", "B-LOC", "I-LOC", "E-LOC", "S-LOC"]


# Entities -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        ("", []),
        ("O O O", []),
        ("B-PER I-PER O B-LOC", [("PER", 0, 1), ("LOC", 3, 3)]),
        ("B-PER B-PER", [("PER", 0, 0), ("PER", 1, 1)]),
        ("I-PER I-PER I-LOC", [("PER", 0, 1), ("LOC", 2, 2)]),
        ("B-PER I-LOC I-LOC", [("PER", 0, 0), ("LOC", 1, 2)]),
        ("S-PER B-LOC I-LOC E-LOC", [("PER", 0, 0), ("LOC", 1, 3)]),
        ("U-PER B-LOC L-LOC O", [("PER", 0, 0), ("LOC", 1, 2)]),
        ("O I-PER", [("PER", 1, 1)]),
        ("B-WORK-OF-ART I-WORK-OF-ART", [("WORK-OF-ART", 0, 1)]),
    ],
)
def test_spans_are_read_as_the_shared_tasks_read_them(tags: str, wanted: list[tuple[str, int, int]]) -> None:
    assert spans(tags.split()) == wanted


def test_entity_scores_are_counted_over_whole_spans() -> None:
    truth = [["B-PER", "I-PER", "O", "B-LOC"], ["B-LOC", "O"]]
    answer = [["B-PER", "I-PER", "O", "O"], ["B-PER", "B-LOC"]]
    scores = entity_scores(truth, answer)
    assert scores["entity_precision"] == pytest.approx(1 / 3)
    assert scores["entity_recall"] == pytest.approx(1 / 3)
    assert scores["entity_f1"] == pytest.approx(1 / 3)
    assert entity_scores(truth, truth) == {"entity_precision": 1, "entity_recall": 1, "entity_f1": 1}
    assert entity_scores([["O"]], [["O"]]) == {"entity_precision": 0, "entity_recall": 0, "entity_f1": 0}


def test_the_same_span_in_another_sentence_is_not_found() -> None:
    assert entity_scores([["B-PER"], ["O"]], [["O"], ["B-PER"]])["entity_f1"] == 0


@given(st.lists(st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS)), max_size=8), min_size=1, max_size=5))
def test_entities_are_those_of_seqeval(sentences: list[list[tuple[str, str]]]) -> None:
    labeling: Any = pytest.importorskip("seqeval.metrics.sequence_labeling")
    truth, answer = ([[pair[k] for pair in sentence] for sentence in sentences] for k in (0, 1))
    for tags in (*truth, *answer):
        assert spans(tags) == labeling.get_entities(tags)
    ours = entity_scores(truth, answer)
    for name in ("precision", "recall", "f1"):
        score = getattr(labeling, f"{name}_score")(truth, answer, zero_division=0)
        assert ours[f"entity_{name}"] == pytest.approx(score)


@pytest.mark.parametrize(
    ("tags", "named"),
    [(["O", "B-PER"], True), (["O"], False), ([], False), (["NOUN", "VERB"], False), (["B-", "O"], False),
     (["O", "X-PER"], False), (["S-LOC", "E-LOC"], True), (["O", "B-PER", "NOUN"], False)],
)  # fmt: skip
def test_entity_tags_are_told_from_other_tags(tags: list[str], named: bool) -> None:
    assert is_entity_scheme(tags) is named


# Models ---------------------------------------------------------------------------------------------------------------


def decide(model: Model, biases: list[float]) -> Model:
    """Let the network answer the same whatever it reads."""
    model.parameters["output.weight"][:] = 0
    model.parameters["output.bias"][:] = biases
    return model


def test_accuracy_and_macro_f1_are_those_counted_by_hand() -> None:
    case = Case("many-to-one", "labelled", "rnn")
    labels = case.dataset.labels
    model = decide(case.model(), [5.0 if label == "y" else 0.0 for label in labels])
    examples = case.dataset.train
    counts = {label: sum(e.target == (label,) for e in examples) for label in labels}
    metrics = evaluate(model, examples)
    share = counts["y"] / len(examples)
    assert metrics.accuracy == pytest.approx(share)
    precision, recall = share, 1.0
    assert metrics.macro_f1 == pytest.approx(2 * precision * recall / (precision + recall) / 3)


def test_macro_f1_is_that_of_scikit_learn() -> None:
    sklearn: Any = pytest.importorskip("sklearn.metrics")
    case = Case("many-to-one", "labelled", "gru")
    for seed in range(3):
        model = case.model()
        model.parameters.flat[:] = np.random.default_rng(seed).normal(size=len(model.parameters.flat))
        examples = case.dataset.train
        truth = [example.target[0] for example in examples]
        answer = [next(iter(model.classify(example.source))) for example in examples]
        metrics = evaluate(model, examples)
        assert metrics.macro_f1 == pytest.approx(sklearn.f1_score(truth, answer, average="macro", zero_division=0))
        assert metrics.accuracy == pytest.approx(sklearn.accuracy_score(truth, answer))


def test_a_tagger_is_scored_over_tokens_and_entities() -> None:
    rows = [
        (["Ann", "saw", "Bob"], ["B-PER", "O", "B-PER"]),
        (["he", "ran"], ["O", "O"]),
        (["Bob", "sat"], ["B-PER", "O"]),
    ]
    dataset = make_dataset(rows, "tagged", validation=rows[:1])
    model = build_model(ModelConfig(architecture="many-to-many", hidden_size=4), dataset)
    decide(model, [5.0 if tag == "B-PER" else 0.0 for tag in dataset.labels])
    metrics = evaluate(model, dataset.train)
    assert metrics.accuracy == pytest.approx(3 / 7)
    assert metrics.entity_recall == 1
    assert metrics.entity_precision == pytest.approx(3 / 7)
    assert "entity_f1" not in evaluate(Case("many-to-many", "tagged", "rnn").model(), data("tagged").train).values


def test_exact_match_is_the_share_of_answers_that_are_right_as_a_whole() -> None:
    case = Case("encoder-decoder", "pairs", "rnn")
    model, examples = case.model(), case.dataset.train[:12]
    answers = [model.translate(example.source, beam_size=1)[0].tokens for example in examples]
    mixed = [
        Example(e.source, answer if k % 3 == 0 else e.target)
        for k, (e, answer) in enumerate(zip(examples, answers, strict=True))
    ]
    assert evaluate(model, mixed).exact_match == pytest.approx(4 / 12)


@pytest.mark.parametrize("case", plain_cases(), ids=str)
def test_loss_is_the_mean_over_all_predictions_and_perplexity_its_exponential(case: Case) -> None:
    model = case.model()
    metrics = evaluate(model, case.dataset.validation)
    if model.predicts.is_number:
        assert "perplexity" not in metrics.values
    else:
        assert metrics.perplexity == pytest.approx(math.exp(metrics.loss))
    assert metrics.examples == len(case.dataset.validation)
    if case.kind != "stream":
        parts = [model.loss([example]) for example in case.dataset.validation]
        assert metrics.loss == pytest.approx(sum(p[0] for p in parts) / sum(p[1] for p in parts), rel=1e-10)
    assert all(0 <= value <= 1 for name, value in metrics.values.items() if is_share(name))
    each = {of_column("mae", name) for name in case.dataset.codec.values.names} if case.kind == "series" else set()
    assert set(model.metrics()) <= set(metrics.values) <= {*METRICS, *each}
    assert metrics.predictions == model.loss(case.dataset.validation)[1] or case.kind == "stream"


@pytest.mark.parametrize("case", [c for c in plain_cases() if c.cell == "rnn"], ids=str)
def test_many_examples_are_evaluated_in_pieces_with_the_same_result(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, examples = case.model(), case.dataset.train
    whole = evaluate(model, examples)
    monkeypatch.setattr("engine.models.rows.ROWS_PER_CHUNK", 20)
    pieces = evaluate(model, examples)
    assert pieces.loss == pytest.approx(whole.loss, rel=1e-12)
    assert pieces.values == pytest.approx(dict(whole.values))


def test_a_limit_takes_examples_evenly_spaced() -> None:
    case = Case("many-to-one", "labelled", "rnn")
    model, examples = case.model(), case.dataset.train
    few = evaluate(model, examples, limit=4)
    chosen = [examples[int(k)] for k in np.linspace(0, len(examples) - 1, 4)]
    assert few.examples == 4
    assert few.loss == pytest.approx(evaluate(model, chosen).loss)
    assert evaluate(model, examples, limit=10_000).examples == len(examples)


def test_bits_per_character_count_the_letters_of_words_and_the_space_after_each() -> None:
    texts = ["the cat", "a dog sat", "the dog"]
    for unit, characters in (("character", 8 + 10 + 8), ("word", 9 + 11 + 9), ("piece", 8 + 10 + 8)):
        dataset = make_dataset(texts * 3, "sequences", unit=unit, validation=texts)  # type: ignore[arg-type]
        metrics = evaluate(build_model(ModelConfig(hidden_size=4), dataset), dataset.validation)
        assert metrics.bits_per_character == pytest.approx(
            metrics.loss / math.log(2) * metrics.predictions / characters
        )
        assert unit == "piece" or metrics.predictions == {"character": 26, "word": 10}[unit]


def test_perplexity_per_word_is_told_of_sentences_that_are_spelled() -> None:
    texts = ["the cat sat.", "a dog sat on it", "they ran off"]
    words = (4 + 1) + (5 + 1) + (3 + 1)
    for unit in ("character", "piece"):
        dataset = make_dataset(texts * 3, "sequences", unit=unit, validation=texts)  # type: ignore[arg-type]
        model = build_model(ModelConfig(hidden_size=4), dataset)
        metrics = evaluate(model, dataset.validation)
        expected = math.exp(metrics.loss * metrics.predictions / words)
        assert metrics.perplexity_per_word == pytest.approx(expected)
        assert "perplexity_per_word" not in evaluate(model, dataset.validation, thorough=False).values
    for rows, unit in ((texts, "word"), (["anna", "bea", "carl"], "character")):
        dataset = make_dataset(rows * 3, "sequences", unit=unit)  # type: ignore[arg-type]
        metrics = evaluate(build_model(ModelConfig(hidden_size=4), dataset), dataset.train)
        assert "perplexity_per_word" not in metrics.values
    stream = make_dataset([" ".join(texts) * 9], "stream", unit="character")
    metrics = evaluate(build_model(ModelConfig(hidden_size=4), stream), stream.train)
    count = len(split_words(stream.codec.join(stream.train[0].source)))
    assert metrics.perplexity_per_word == pytest.approx(math.exp(metrics.loss * metrics.predictions / count))


def test_metrics_are_read_by_name_and_say_which_there_are() -> None:
    metrics = Metrics(1.5, 3, {"accuracy": 0.25})
    assert metrics.accuracy == metrics.values["accuracy"] == 0.25
    with pytest.raises(AttributeError, match="no metric 'bleu'; there are loss, accuracy"):
        _ = metrics.bleu
