"""Writing: greedy and drawn; every probability is the model's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cells import CELLS
from engine.config import ModelConfig
from engine.data.dataset import make_dataset
from engine.data.examples import Example
from engine.errors import ConfigError, DataError
from engine.models import EncoderDecoder, Model, build_model
from engine.models.decoding import mix_inputs, sample
from engine.models.encoder_decoder import EncoderDecoderPass
from engine.models.next_symbol import NextSymbolPass
from engine.network.packing import Packing
from engine.types import FloatArray
from tests.engine.reference import log_softmax, run
from tests.engine.small import Case, batch_of

END = 1


# Drawing one symbol ---------------------------------------------------------------------------------------------------


def logits_of(*probabilities: float, rows: int = 1) -> FloatArray:
    return np.tile(np.log(np.array(probabilities))[:, None], rows)


def shares(logits: FloatArray, temperature: float = 1.0, top_k: int = 0, top_p: float = 1.0) -> list[float]:
    """How often each symbol is drawn in 20,000 draws."""
    many = np.tile(logits[:, :1], 20_000)
    drawn = sample(many, temperature, top_k, top_p, np.random.default_rng(0))
    return [count / many.shape[1] for count in np.bincount(drawn, minlength=len(logits)).tolist()]


def test_symbols_are_drawn_as_often_as_they_are_probable() -> None:
    assert shares(logits_of(0.5, 0.2, 0.3)) == pytest.approx([0.5, 0.2, 0.3], abs=0.02)


def test_temperature_sharpens_and_flattens() -> None:
    powers = np.array([0.5, 0.2, 0.3]) ** 2
    assert shares(logits_of(0.5, 0.2, 0.3), temperature=0.5) == pytest.approx(
        (powers / powers.sum()).tolist(), abs=0.02
    )
    assert shares(logits_of(0.5, 0.2, 0.3), temperature=1000.0) == pytest.approx([1 / 3] * 3, abs=0.02)
    assert shares(logits_of(0.5, 0.2, 0.3), temperature=0.0) == [1, 0, 0]
    assert shares(logits_of(0.5, 0.2, 0.3), temperature=1e-3) == [1, 0, 0]


def test_top_k_draws_among_the_k_most_probable_only() -> None:
    assert shares(logits_of(0.1, 0.4, 0.2, 0.3), top_k=2) == pytest.approx([0, 4 / 7, 0, 3 / 7], abs=0.02)
    assert shares(logits_of(0.1, 0.4, 0.2, 0.3), top_k=1) == [0, 1, 0, 0]
    assert shares(logits_of(0.1, 0.4, 0.2, 0.3), top_k=99) == pytest.approx([0.1, 0.4, 0.2, 0.3], abs=0.02)


@pytest.mark.parametrize(
    ("top_p", "kept"), [(0.0, {1}), (0.3, {1}), (0.39, {1}), (0.41, {1, 3}), (0.69, {1, 3}), (0.71, {1, 2, 3})]
)
def test_top_p_draws_among_the_fewest_that_reach_p(top_p: float, kept: set[int]) -> None:
    found = shares(logits_of(0.1, 0.4, 0.2, 0.3), top_p=top_p)
    assert {k for k, share in enumerate(found) if share} == kept


@given(
    st.lists(st.floats(-8, 8), min_size=3, max_size=8),
    st.floats(0.05, 3),
    st.integers(0, 9),
    st.floats(0, 1),
    st.integers(0, 2),
)
def test_no_setting_draws_outside_what_it_allows(
    values: list[float], temperature: float, top_k: int, top_p: float, never: int
) -> None:
    logits = np.tile(np.array(values)[:, None], 50)
    drawn = set(sample(logits, temperature, top_k, top_p, np.random.default_rng(1), [never]).tolist())
    allowed = [k for k in range(len(values)) if k != never]
    ranked = sorted(allowed, key=lambda k: -values[k])
    assert drawn <= set(allowed)
    if top_k:
        lowest = values[ranked[min(top_k, len(ranked)) - 1]]
        assert all(values[k] >= lowest for k in drawn)


def test_extreme_logits_can_be_drawn_from() -> None:
    drawn = sample(np.array([[1e4], [-1e4], [0.0]]), 1.0, 0, 1.0, np.random.default_rng(0))
    assert drawn.tolist() == [0]


# Generating -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("changes", [{}, {"num_layers": 2, "embedding_size": 4}], ids=["plain", "deep"])
def test_log_probabilities_of_generated_texts_are_the_models_own(cell: str, changes: dict[str, int]) -> None:
    model = Case("one-to-many", "labelled", cell, changes).model()
    whole = 0
    for text in model.generate(30, label="y", seed=1):
        assert text.text == "".join(text.tokens)
        assert text.log_probability == pytest.approx(sum(text.token_log_probabilities))
        if len(text.token_log_probabilities) == len(text.tokens) + 1:  # it wrote the end
            whole += 1
            nats, _ = model.loss([Example(text.tokens, ("y",))])
            assert text.log_probability == pytest.approx(-nats, rel=1e-9)
    assert whole > 5


def test_a_given_beginning_is_kept_and_not_counted() -> None:
    model = Case("one-to-many", "sequences", "lstm").model()
    for text in model.generate(20, prefix="fa", seed=3):
        assert text.text.startswith("fa")
        losses = [loss.real for loss in run(model, Example(text.tokens)).losses()]
        own = losses[2 : 2 + len(text.token_log_probabilities)]
        np.testing.assert_allclose(text.token_log_probabilities, [-nats for nats in own], rtol=1e-9)


def test_running_text_is_written_to_the_length_asked_for_and_without_end() -> None:
    model = Case("one-to-many", "stream", "gru").model()
    (text,) = model.generate(1, prefix="ab", length=57, seed=0)
    assert len(text.tokens) == 2 + 57
    losses = [loss.real for loss in run(model, Example(text.tokens)).losses()]
    assert set(text.tokens) <= set(model.codec.source.symbols[2:])
    np.testing.assert_allclose(text.token_log_probabilities, [-nats for nats in losses[1:]], rtol=1e-9)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("kind", ["sequences", "labelled", "stream"])
def test_hundreds_at_once_are_what_each_is_alone(cell: str, kind: str) -> None:
    model = Case("one-to-many", kind, cell, {"num_layers": 2}).model()
    together = model.generate(300, temperature=0, length=12)
    (alone,) = model.generate(1, temperature=0, length=12)
    assert {text.tokens for text in together} == {alone.tokens}
    assert together[299].log_probability == pytest.approx(alone.log_probability, rel=1e-12)


def test_greedy_takes_the_most_probable_symbol_each_time() -> None:
    model = Case("one-to-many", "labelled", "gru").model()
    (text,) = model.generate(1, label="z", temperature=0)
    for k in range(len(text.tokens)):
        chances = model.next_symbols("".join(text.tokens[:k]), "z")
        del chances["<unk>"]
        assert max(chances, key=lambda symbol: chances[symbol]) == text.tokens[k]


def test_a_seed_gives_the_same_texts_again_and_another_seed_others() -> None:
    model = Case("one-to-many", "sequences", "lstm").model("float32")
    first, again, other = (model.generate(20, seed=seed) for seed in (4, 4, 5))
    assert first == again
    assert first != other
    assert len({text.text for text in first}) > 5


def test_the_unknown_symbol_is_never_written() -> None:
    model = Case("one-to-many", "sequences", "lstm").model()
    model.parameters["output.bias"][0] = 50
    assert all("<unk>" not in text.tokens for text in model.generate(50, seed=0))
    pairs = Case("encoder-decoder", "pairs", "lstm").model()
    pairs.parameters["output.bias"][0] = 50
    assert all("<unk>" not in answer.tokens for answer in pairs.translate("abc"))


def test_none_at_all_may_be_asked_for() -> None:
    assert Case("one-to-many", "sequences", "lstm").model().generate(0) == []


def test_fewer_than_none_is_refused_in_words() -> None:
    with pytest.raises(ConfigError, match="is -3; it must be 0 or more"):
        Case("one-to-many", "sequences", "lstm").model().generate(-3)


@pytest.mark.parametrize(
    ("name", "value"), [("temperature", -1.0), ("temperature", np.nan), ("top_k", -3), ("top_p", 2.0)]
)
def test_impossible_ways_of_drawing_are_refused_with_what_is_expected(name: str, value: float) -> None:
    with pytest.raises(ConfigError, match=f"^{name} is .*; expected "):
        Case("one-to-many", "sequences", "lstm").model().generate(1, **{name: value})


def test_a_beam_has_room_for_at_least_one() -> None:
    with pytest.raises(ConfigError, match=r"^beam_size is 0; expected 1 to 1000"):
        Case("encoder-decoder", "pairs", "lstm").model().translate("abc", beam_size=0)


def test_next_symbols_are_probabilities_of_what_follows() -> None:
    model = Case("one-to-many", "labelled", "lstm").model()
    chances = model.next_symbols("ab", "x")
    assert sum(chances.values()) == pytest.approx(1)
    assert list(chances.values()) == sorted(chances.values(), reverse=True)
    logits = run(model, Example(tuple("ab"), ("x",))).logits[-1]
    for symbol, log_probability in zip(model.codec.source.symbols, log_softmax(logits).real, strict=True):
        assert chances[symbol] == pytest.approx(np.exp(log_probability))


@pytest.mark.parametrize("kind", ["sequences", "stream"])
def test_one_to_one_predicts_from_the_last_symbol_alone(kind: str) -> None:
    model = Case("one-to-one", kind, "gru").model()
    assert model.predict("fgab") == model.predict("b") != model.predict("a")
    logits = run(model, Example(("b", "a"))).logits[0 if kind == "stream" else 1]
    assert list(model.predict("b").values()) == pytest.approx(sorted(np.exp(log_softmax(logits).real), reverse=True))


def test_a_wrong_label_and_a_verb_of_another_shape_are_refused_in_words() -> None:
    writer, tagger = Case("one-to-many", "labelled", "rnn").model(), Case("many-to-many", "tagged", "rnn").model()
    with pytest.raises(DataError, match="no label 'q'"):
        writer.generate(1, label="q")
    for verb in (writer.classify, writer.tag, writer.translate, writer.predict, tagger.next_symbols):
        with pytest.raises(ConfigError, match="This network cannot"):
            verb("abc")
    with pytest.raises(ConfigError, match="This network cannot generate: it is many to many on tokens with a tag each"):
        tagger.generate()


# Own inputs while training --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [0.0, 0.25, 1.0])
def test_as_many_true_inputs_are_kept_as_teacher_forcing_says(ratio: float) -> None:
    packing = Packing(np.arange(1, 200))
    true = np.full(packing.rows, 7)
    mixed = mix_inputs(packing, true, ratio, np.random.default_rng(0), lambda ids: np.full(len(ids), 3))
    assert (mixed[: packing.batch] == 7).all(), "the first input is always given"
    later = mixed[packing.batch :]
    assert set(later.tolist()) <= {3, 7}
    assert (later == 7).mean() == pytest.approx(ratio, abs=0.02)
    assert (true == 7).all()


def test_own_inputs_follow_from_what_was_read_before() -> None:
    packing = Packing(np.array([4, 2, 3]))
    start = np.array([10, 20, 30])
    true = np.concatenate((start, np.full(packing.rows - 3, 99)))
    mixed = mix_inputs(packing, true, 0.0, np.random.default_rng(0), lambda ids: ids + 1)
    rows = [mixed[packing.rows_of(b)].tolist() for b in range(3)]
    assert rows == [[10, 11, 12, 13], [20, 21, 22], [30, 31]]


@pytest.mark.parametrize("attention", [False, True])
def test_without_teacher_forcing_a_decoder_reads_its_own_greedy_answer(attention: bool) -> None:
    case = Case("encoder-decoder", "pairs", "lstm", {"attention": attention, "bidirectional": True})
    model, examples = case.model(), case.dataset.train[:9]
    assert isinstance(model, EncoderDecoder)
    model.parameters["output.bias"][0] -= 50  # greedy answers never hold the unknown symbol
    model.parameters["output.bias"][END] -= 50  # and these never end
    answers = model.greedy(examples)
    done = model.forward(examples, np.random.default_rng(0), None, teacher_forcing=0.0)
    assert isinstance(done, EncoderDecoderPass)
    for b in range(len(examples)):
        read = done.decoder.ids[done.packing.rows_of(b)]
        assert read[0] == model.start_id
        np.testing.assert_array_equal(read[1:], answers[done.packing.order[b]][: len(read) - 1])


@pytest.mark.parametrize("kind", ["labelled", "sequences", "stream"])
def test_without_teacher_forcing_a_generator_reads_what_it_would_have_written(kind: str) -> None:
    case = Case("one-to-many", kind, "lstm")
    done = case.model().forward(batch_of(case.dataset, 9), np.random.default_rng(0), None, teacher_forcing=0.0)
    assert isinstance(done, NextSymbolPass)
    written = done.logits.argmax(axis=0)
    for b in range(done.packing.batch):
        rows = done.packing.rows_of(b)
        np.testing.assert_array_equal(done.body.ids[rows][1:], written[rows][:-1])


# Reading --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "b", "abca", "a¤"])
def test_a_classifier_gives_the_probability_of_every_label(text: str) -> None:
    case = Case("many-to-one", "labelled", "lstm", {"bidirectional": True})
    model = case.model()
    chances = model.classify(text)
    assert set(chances) == set(case.dataset.labels)
    assert sum(chances.values()) == pytest.approx(1)
    for label, chance in chances.items():
        nats, _ = model.loss([Example(tuple(text), (label,))])
        assert chance == pytest.approx(np.exp(-nats), rel=1e-9)


def test_a_tagger_gives_the_probability_of_its_answer() -> None:
    model = Case("many-to-many", "tagged", "gru", {"bidirectional": True}).model()
    tagged = model.tag(["a", "b", "unseen"])
    assert [one.token for one in tagged] == ["a", "b", "unseen"]
    nats, _ = model.loss([Example(("a", "b", "unseen"), tuple(one.tag for one in tagged))])
    assert sum(np.log(one.probability) for one in tagged) == pytest.approx(-nats)
    assert all(one.probability >= 0.5 for one in tagged)  # of two tags
    assert model.tag([]) == []
    assert [one.token for one in model.tag("a b")] == ["a", "b"]


def test_an_answer_may_be_as_long_as_the_longest_of_the_data() -> None:
    dataset = make_dataset([("a", "xy" * 12), ("b", "yx" * 12), ("c", "xy")], "pairs", unit="character")
    model = build_model(ModelConfig(architecture="encoder-decoder", hidden_size=4), dataset)
    assert isinstance(model, EncoderDecoder)
    model.parameters.flat[:] = 0
    model.parameters["output.bias"][END] = -50  # never ends by itself
    assert len(model.translate("a", beam_size=1)[0].tokens) >= 24
    assert len(model.greedy(dataset.train[:1])[0]) >= 24


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_diverged_network_still_answers(value: float) -> None:
    def diverged(architecture: str, kind: str) -> Model:
        model = Case(architecture, kind, "lstm").model("float32")
        model.parameters.flat[:] = value
        return model

    with np.errstate(all="ignore"):
        for kind in ("sequences", "labelled", "stream"):
            assert len(diverged("one-to-many", kind).generate(3, length=5)) == 3
            assert len(diverged("one-to-many", kind).generate(3, length=5, top_k=2, top_p=0.5, seed=0)) == 3
        assert diverged("one-to-one", "sequences").predict("a")
        assert diverged("many-to-one", "labelled").classify("ab")
        assert len(diverged("many-to-many", "tagged").tag(["a", "b"])) == 2
        assert diverged("encoder-decoder", "pairs").translate("ab")
