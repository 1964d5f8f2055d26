"""Searching: the beam finds what it should, and every score is the model's own."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from engine.cells import CELLS
from engine.config import ModelConfig
from engine.data.dataset import make_dataset
from engine.data.examples import Example
from engine.models import EncoderDecoder, build_model
from engine.models.beam import Answer, beam_search, length_penalty
from engine.types import FloatArray, IntArray
from tests.engine.reference import run
from tests.engine.small import Case

END = 1


def translator(cell: str, **changes: object) -> EncoderDecoder:
    return _as_translator(Case("encoder-decoder", "pairs", cell, changes).model())


def _as_translator(model: object) -> EncoderDecoder:
    assert isinstance(model, EncoderDecoder)
    return model


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("changes", [{}, {"attention": True, "bidirectional": True}], ids=["plain", "attention"])
def test_log_probabilities_of_translations_are_the_models_own(cell: str, changes: dict[str, bool]) -> None:
    model = translator(cell, **changes)
    model.parameters["output.bias"][END] += 1.5
    for answer in model.translate("abcd", beam_size=5):
        result = run(model, Example(tuple("abcd"), answer.tokens))
        assert answer.log_probability == pytest.approx(-sum(result.losses()).real, rel=1e-9)
        if "attention" in changes:
            assert answer.attention is not None
            np.testing.assert_allclose(answer.attention, np.stack([row.real for row in result.attention]), rtol=1e-9)
            np.testing.assert_allclose(answer.attention.sum(axis=1), 1)
        else:
            assert answer.attention is None


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("attention", [False, True])
def test_a_beam_of_one_is_greedy_and_many_at_once_are_what_each_is_alone(cell: str, attention: bool) -> None:
    case = Case("encoder-decoder", "pairs", cell, {"attention": attention, "num_layers": 2})
    for seed in range(4):
        config = ModelConfig(architecture="encoder-decoder", cell=cell, hidden_size=6, **case.changes)
        model = _as_translator(build_model(config, case.dataset, seed=seed, dtype="float64"))
        model.parameters.flat[:] *= 3
        model.parameters["output.bias"][END] += 0.7
        examples = case.dataset.train[:12]
        together = model.greedy(examples)
        for example, ids in zip(examples, together, strict=True):
            (one,) = model.translate(example.source, beam_size=1)
            assert model.codec.target is not None
            assert one.tokens == model.codec.target.decode(ids)


@pytest.mark.parametrize("cell", CELLS)
def test_a_beam_as_wide_as_all_sequences_finds_what_exhaustive_search_finds(cell: str) -> None:
    rows = [(a, b) for a, b in itertools.product("abcd", "xy")]
    config = ModelConfig(architecture="encoder-decoder", cell=cell, hidden_size=4, attention=True)
    model = _as_translator(build_model(config, make_dataset(rows, "pairs", unit="character"), seed=1, dtype="float64"))
    model.parameters.flat[:] *= 4
    limit = 2 * 1 + 5  # symbols after which an answer is cut off, where all texts have one
    everything = [t for n in range(limit) for t in itertools.product("xy", repeat=n)]
    ended = {t: -model.loss([Example(("a",), t)])[0] for t in everything}
    scores = {t: score / ((5 + len(t) + 1) / 6) for t, score in ended.items()}
    found = model.translate("a", beam_size=2 ** (limit + 1))
    whole = [answer for answer in found if len(answer.tokens) < limit]
    ranked = sorted(scores, key=lambda t: -scores[t])
    assert {answer.tokens for answer in whole} == set(ranked)
    assert [scores[answer.tokens] for answer in whole] == pytest.approx([scores[tokens] for tokens in ranked])
    np.testing.assert_allclose([a.log_probability for a in whole], [ended[a.tokens] for a in whole], rtol=1e-9)


def _score(answer: Answer) -> float:
    """What answers are ranked by."""
    return answer.log_probability / length_penalty(len(answer.ids) + 1)


def table_search(table: dict[tuple[int, ...], list[float]], beam_size: int, limit: int) -> list[Answer]:
    """Beam search in a language given by the probabilities of the next symbol after each beginning."""
    beginnings: list[tuple[int, ...]] = [()]

    def advance(ids: IntArray, parents: IntArray) -> tuple[FloatArray, FloatArray | None]:
        nonlocal beginnings
        started = int(ids[0]) != -1
        beginnings = [(*beginnings[p], int(i)) for p, i in zip(parents, ids, strict=True)] if started else [()]
        with np.errstate(divide="ignore"):
            return np.log(np.array([table[b] for b in beginnings]).T), None

    return list(beam_search(advance, -1, END, beam_size, limit).answers)


GARDEN_PATH = {  # symbols 0, end, 2: greedy goes for 0, the best sequence begins with 2
    (): [0.6, 0.0, 0.4],
    (0,): [0.35, 0.3, 0.35],
    (2,): [0.05, 0.9, 0.05],
} | {b: [0.1, 0.8, 0.1] for b in itertools.product((0, 2), repeat=2)}


def test_a_wider_beam_finds_what_greedy_search_misses() -> None:
    (greedy,) = table_search(GARDEN_PATH, 1, 3)
    assert greedy.ids == (0, 0)
    assert greedy.log_probability == pytest.approx(np.log(0.6 * 0.35 * 0.8))
    wide = table_search(GARDEN_PATH, 3, 3)
    assert wide[0].ids == (2,)
    assert wide[0].log_probability == pytest.approx(np.log(0.4 * 0.9))


class _RandomLanguage(dict[tuple[int, ...], list[float]]):
    """Probabilities of eight next symbols, drawn when a beginning is first looked at."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._rng = np.random.default_rng(seed)

    def __missing__(self, beginning: tuple[int, ...]) -> list[float]:
        self[beginning] = list(self._rng.dirichlet(np.full(8, 0.4)))
        return self[beginning]


def test_no_beam_is_worse_than_greedy() -> None:
    better = 0
    for seed in range(200):
        language = _RandomLanguage(seed)
        (greedy,) = table_search(language, 1, 8)
        for beam_size in (2, 3, 4):
            found = table_search(language, beam_size, 8)[0]
            assert _score(found) >= _score(greedy) - 1e-12
            better += _score(found) > _score(greedy)
    assert better


def test_impossible_sequences_are_no_answers() -> None:
    certain = {(): [0.0, 0.0, 1.0], (2,): [0.0, 1.0, 0.0]}
    answers = table_search(certain, 4, 5)
    assert [(a.ids, a.log_probability) for a in answers] == [((2,), 0.0)]


def test_what_reaches_the_limit_is_an_answer_without_end() -> None:
    endless = {b: [0.4, 0.0, 0.6] for n in range(4) for b in itertools.product((0, 2), repeat=n)}
    answers = table_search(endless, 2, 4)
    assert [len(a.ids) for a in answers] == [4, 4]
    assert answers[0].ids == (2, 2, 2, 2)


def test_at_forced_steps_the_search_looks_at_the_best_others_but_does_not_follow_them() -> None:
    def advance(ids: IntArray, parents: IntArray) -> tuple[FloatArray, None]:
        return np.log(np.tile(np.array([[0.1], [0.2], [0.3], [0.4]]), (1, len(ids)))), None

    found = beam_search(advance, -1, END, 2, 3, forced=[0])
    first = [node for node in found.nodes if node.step == 0]
    assert [(node.symbol, node.kept) for node in first] == [(0, True), (3, False), (2, False), (1, False)]
    assert all(answer.ids[0] == 0 for answer in found.answers)
    dropped = {place for place, node in enumerate(found.nodes) if not node.kept}
    assert not {node.parent for node in found.nodes} & dropped
