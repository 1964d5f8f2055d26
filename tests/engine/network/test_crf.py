"""The conditional random field against all sequences one by one, against PyTorch, and as a read-out of a tagger."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import engine
from engine.inspection.mistakes import confusion, mistakes
from engine.inspection.tag_transitions import tag_transitions
from engine.models.entity_f1 import possible
from engine.network.crf import Allowed, ConditionalRandomField
from engine.network.packing import Packing
from engine.network.parameters import Parameters
from engine.network.workspace import Workspace
from tests.engine.network.test_gradients import check
from tests.engine.runs.test_continuing import check as check_continuing
from tests.engine.small import Case, batch_of, small_training

Array = NDArray[Any]
CRF = {"read_out": "crf"}
CASES = [
    Case("many-to-many", "tagged", cell, CRF | changes, large=large)
    for cell in ("gru", "lstm")
    for large in (False, True)
    for changes in ({}, {"bidirectional": True, "embedding_size": 4, "spelling": "affixes", "dropout": 0.2})
]


def chain(tags: int, lengths: list[int], scale: float = 1.0) -> tuple[Any, Workspace, Array, Array, Packing]:
    """A field with random weights, and random scores of some texts with random tags."""
    rng = np.random.default_rng(len(lengths) + tags)
    anything = Allowed(np.ones((tags, tags), bool), np.ones(tags, bool), np.ones(tags, bool))
    field = ConditionalRandomField(tags, anything)
    parameters = Parameters(field.shapes(), np.float64)
    parameters.flat[:] = rng.normal(0, scale, parameters.flat.shape)
    packing = Packing(np.array(lengths))
    scores = rng.normal(0, scale, (tags, packing.rows))
    return field, Workspace(parameters), scores, rng.integers(0, tags, packing.rows), packing


def score(parameters: Parameters, rows: Array, tags: tuple[int, ...]) -> float:
    """rows: (K, T) of one text."""
    total = parameters["crf.start"][tags[0]] + parameters["crf.end"][tags[-1]]
    total += sum(rows[tag, t] for t, tag in enumerate(tags))
    return float(total + sum(parameters["crf.transitions"][pair] for pair in itertools.pairwise(tags)))


def every(parameters: Parameters, rows: Array) -> dict[tuple[int, ...], float]:
    """The probability of each of the K^T sequences of one text."""
    sequences = list(itertools.product(range(rows.shape[0]), repeat=rows.shape[1]))
    scores = np.array([score(parameters, rows, tags) for tags in sequences])
    chances = np.exp(scores - scores.max())
    return dict(zip(sequences, (chances / chances.sum()).tolist(), strict=True))


@pytest.mark.parametrize(("tags", "lengths"), [(3, [4, 1, 3, 2]), (2, [5, 5, 5]), (4, [1]), (1, [3, 2])])
def test_loss_marginals_and_best_sequence_are_those_of_all_sequences(tags: int, lengths: list[int]) -> None:
    field, work, scores, targets, packing = chain(tags, lengths)
    parameters = work.parameters
    nats = field.nats(parameters, scores, targets, packing)
    marginals = field.probabilities(parameters, scores, packing)
    best = field.best(parameters, scores, packing)
    total = 0.0
    for b in range(packing.batch):
        rows = packing.rows_of(b)
        chances = every(parameters, scores[:, rows])
        truth = tuple(targets[rows].tolist())
        assert nats[rows].sum() == pytest.approx(-np.log(chances[truth]))
        for t in range(len(rows)):
            so_far = sum(p for tags_, p in chances.items() if tags_[: t + 1] == truth[: t + 1])
            before = sum(p for tags_, p in chances.items() if tags_[:t] == truth[:t])
            assert nats[rows[t]] == pytest.approx(-np.log(so_far / before))
            for k in range(tags):
                assert marginals[k, rows[t]] == pytest.approx(sum(p for y, p in chances.items() if y[t] == k))
        assert tuple(best[rows].tolist()) == max(chances, key=chances.__getitem__)
        total += float(nats[rows].sum())
    assert field.loss(parameters, scores.copy(), targets, packing) == pytest.approx(total)


def test_the_best_sequence_is_the_best_that_is_allowed() -> None:
    tags = ["O", "B-X", "I-X", "B-Y", "I-Y"]
    pairs, first, last = possible(tags)
    for seed in range(20):
        _, work, scores, _, packing = chain(5, [4, 1, 3])
        work.parameters.flat[:] = np.random.default_rng(seed).normal(0, 2, work.parameters.flat.shape)
        field = ConditionalRandomField(5, Allowed(pairs, first, last))
        best = field.best(work.parameters, scores, packing)
        for b in range(packing.batch):
            rows = packing.rows_of(b)
            chances = every(work.parameters, scores[:, rows])
            legal = {
                y: p for y, p in chances.items() if first[y[0]] and all(pairs[pair] for pair in itertools.pairwise(y))
            }
            assert tuple(best[rows].tolist()) == max(legal, key=legal.__getitem__)


def test_scores_far_apart_overflow_nothing() -> None:
    field, work, scores, targets, packing = chain(4, [30, 7], scale=150.0)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        loss = field.gradient(work, scores, targets, packing, 1.0)
    assert np.isfinite(loss)
    assert np.isfinite(work.gradients.flat).all()
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("lengths", [[4, 1, 3, 2], [6, 6], [1, 1]])
def test_loss_and_gradient_are_those_of_pytorch(lengths: list[int]) -> None:
    torch: Any = pytest.importorskip("torch")
    field, work, scores, targets, packing = chain(5, lengths)
    there = {name: torch.tensor(values, requires_grad=True) for name, values in work.parameters.items()}
    theirs = torch.tensor(scores, requires_grad=True)
    loss = torch.zeros((), dtype=torch.float64)
    for b in range(packing.batch):
        rows, tags = packing.rows_of(b).tolist(), targets[packing.rows_of(b)].tolist()
        forward = there["crf.start"] + theirs[:, rows[0]]
        right = there["crf.start"][tags[0]] + theirs[tags[0], rows[0]] + there["crf.end"][tags[-1]]
        for t in range(1, len(rows)):
            forward = torch.logsumexp(forward[:, None] + there["crf.transitions"], dim=0) + theirs[:, rows[t]]
            right = right + there["crf.transitions"][tags[t - 1], tags[t]] + theirs[tags[t], rows[t]]
        loss = loss + torch.logsumexp(forward + there["crf.end"], dim=0) - right
    loss.backward()
    assert field.gradient(work, scores, targets, packing, 1.0) == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(scores, theirs.grad.numpy(), rtol=1e-9, atol=1e-12)
    for name, tensor in there.items():
        wanted = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.numpy()
        np.testing.assert_allclose(work.gradients[name], wanted, rtol=1e-9, atol=1e-12)


# As a read-out --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_gradient_of_a_tagger_with_a_crf_equals_numeric_differentiation(case: Case) -> None:
    check(case.model(), batch_of(case.dataset, 9), case)


def test_a_run_with_a_crf_goes_on_bit_for_bit(tmp_path: Path) -> None:
    check_continuing(tmp_path, Case("many-to-many", "tagged", "gru", CRF | {"bidirectional": True}))


def test_both_halves_of_a_batch_give_the_gradient_of_the_whole() -> None:
    case = CASES[0]
    one = engine.Trainer(case.model(), case.dataset, small_training())
    two = engine.Trainer(case.model(), case.dataset, small_training(), workers=2)
    for _ in range(3):
        assert next(two).loss == pytest.approx(next(one).loss, rel=1e-12)
    np.testing.assert_allclose(two.model.parameters.flat, one.model.parameters.flat, rtol=1e-9, atol=1e-12)


def test_what_is_shown_of_a_text_is_what_the_field_says() -> None:
    case = CASES[1]
    model = case.model()
    example = max(case.dataset.validation, key=lambda e: len(e.source))
    seen = engine.trace(model, example)
    np.testing.assert_allclose(seen.probabilities.sum(axis=1), 1)
    tagged = model.tag(example.source)
    assert tuple(one.tag for one in tagged) == seen.outputs
    assert [one.probability for one in tagged] == pytest.approx(seen.output_probability.tolist())
    (worst, *_) = mistakes(model, case.dataset.validation)
    assert worst.loss == pytest.approx(model.loss([worst.example])[0] / len(worst.example.source))
    found = confusion(model, case.dataset.validation)
    right = np.trace(found.counts) / found.counts.sum()
    assert engine.evaluate(model, case.dataset.validation).accuracy == pytest.approx(right)
    assert np.isfinite(engine.gradient_flow(model, example).norms).all()


def test_what_follows_each_tag_is_the_softmax_of_its_transitions_without_the_impossible_ones() -> None:
    tags = ("O", "B-P", "I-P")
    rows = [([*"abc", str(k)], [*tags, "O"]) for k in range(9)]
    config = engine.ModelConfig(architecture="many-to-many", hidden_size=3, read_out="crf")
    dataset = engine.make_dataset(rows, "tagged")
    model = engine.build_model(config, dataset, seed=0, dtype="float64")
    model.parameters["crf.transitions"][:] = np.arange(9.0).reshape(3, 3)
    found = tag_transitions(model)
    assert found is not None
    assert found.tags == dataset.labels
    outside, inside = found.tags.index("O"), found.tags.index("I-P")
    others = [k for k in range(3) if k != inside]
    assert found.scores[outside, inside] == -np.inf
    assert found.shares[outside, inside] == 0
    odds = np.exp(model.parameters["crf.transitions"][outside, others])
    assert found.shares[outside, others] == pytest.approx(odds / odds.sum())
    assert found.shares.sum(axis=1) == pytest.approx(1)
    plain = engine.build_model(replace(config, read_out="softmax"), dataset, seed=0)
    assert tag_transitions(plain) is None


@pytest.mark.parametrize("scheme", ["IOB2", "BIOES"])
def test_impossible_sequences_never_come_out(scheme: str) -> None:
    words, marks = list("abcdef"), {"IOB2": ("O", "B-P", "I-P", "B-L", "I-L")}
    marks["BIOES"] = ("O", "B-P", "I-P", "E-P", "S-P", "B-L", "I-L", "E-L", "S-L")
    rng = np.random.default_rng(0)
    rows = [(rng.choice(words, 6).tolist(), rng.choice(marks[scheme], 6).tolist()) for _ in range(60)]
    dataset = engine.make_dataset(rows, "tagged")
    pairs, first, last = possible(dataset.labels)
    assert not pairs.all()

    def broken(read_out: str) -> int:
        config = engine.ModelConfig(architecture="many-to-many", hidden_size=16, read_out=read_out)
        model = engine.build_model(config, dataset, seed=1)
        for _ in engine.Trainer(model, dataset, engine.TrainingConfig(epochs=3, learning_rate=0.02)):
            pass
        count = 0
        for words_, _ in rows:
            ids = [dataset.labels.index(one.tag) for one in model.tag(words_)]
            legal = first[ids[0]] and last[ids[-1]] and all(pairs[pair] for pair in itertools.pairwise(ids))
            count += not legal
        return count

    assert broken("crf") == 0
    assert broken("softmax") > 0, "the data tempt it"


@pytest.mark.parametrize(
    ("tags", "before", "after", "allowed"),
    [
        ("O B-P I-P B-L I-L", "B-P", "I-P", True), ("O B-P I-P B-L I-L", "I-P", "I-P", True),
        ("O B-P I-P B-L I-L", "B-L", "I-P", False), ("O B-P I-P B-L I-L", "O", "I-P", False),
        ("O B-P I-P B-L I-L", "I-P", "B-P", True), ("O I-P I-L B-L", "O", "I-P", True), ("O B I", "O", "I", False),
        ("O B-P I-P E-P S-P", "B-P", "O", False), ("O B-P I-P E-P S-P", "S-P", "E-P", False),
        ("O B-P I-P E-P S-P", "E-P", "B-P", True), ("O B-P I-P L-P U-P", "I-P", "L-P", True),
        ("NOUN VERB", "NOUN", "VERB", True),
    ],
)  # fmt: skip
def test_which_tag_may_follow_which(tags: str, before: str, after: str, allowed: bool) -> None:
    names = tags.split()
    assert possible(names)[0][names.index(before), names.index(after)] == allowed


def test_onnx_which_has_no_such_operator_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(engine.StorageError, match="decided together by a CRF, for which ONNX has no operator"):
        engine.export_onnx(CASES[0].model("float32"), tmp_path / "a.onnx")
    assert not (tmp_path / "a.onnx").exists()


def test_tags_that_only_their_neighbours_tell_are_learned_with_a_crf() -> None:
    rows = [(["x"] * n, ["B-A", *["I-A"] * (n - 1)]) for n in (2, 3, 4, 5)] * 4
    dataset = engine.make_dataset(rows, "tagged", validation=rows)
    config = engine.ModelConfig(architecture="many-to-many", hidden_size=4, read_out="crf")
    model = engine.build_model(config, dataset, seed=1)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=80, learning_rate=0.05))
    losses = [update.loss for update in trainer]
    assert losses[-1] < 0.1 * losses[0]
    assert engine.evaluate(model, dataset.validation).entity_f1 == 1
