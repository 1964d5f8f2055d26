"""Every way to a figure gives the same figure: a part of the data set, bare examples, a saved run, a test file, and the
answers of the network's verb."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.codec import Codec
from engine.data.examples_file import load_examples
from engine.models import MODELS, model_class

WORDS = ["walked", "talked", "baked", "walking", "talking", "baking", "quickly", "slowly", "Rome", "Paris"]
NEIGHBOURS = "neighbours"  # where another row says how words are spelled
STRANGE = ["jumped", "jumping", "gladly", "Vienna"]  # in the validation rows only


def rows_of(kind: str, words: list[str], count: int, seed: int) -> list[object]:
    """Rows in which the ending of a word says what the answer is."""
    rng = np.random.default_rng(seed)
    rows: list[object] = []
    for _ in range(count):
        chosen = [str(word) for word in rng.choice(words, rng.integers(2, 6))]
        text = " ".join(chosen)
        rows.append({
            "sequences": text,
            "stream": text,
            "labelled": (text, chosen[-1][-2:] if chosen[-1][-2:] in ("ed", "ng") else "other"),
            "tagged": (chosen, ["B-" + word[-1:] if word.islower() else "O" for word in chosen]),
            "pairs": (text, " ".join(word[-2:] for word in chosen)),
            "rated": (text, len(chosen) + 0.5 * chosen[-1].islower()),
            "series": rng.normal(len(words), 1, size=(12 + len(text), 2)).cumsum(axis=0),
            "labelled-series": (rng.normal(len(words), len(chosen), size=(len(text), 2)), "ab"[len(chosen) // 4]),
            "speech": (rng.normal(len(words), len(chosen), size=(len(text), 2)), text),
            "pictures": (rng.random((2, 3, 1)), text),
        }[kind])  # fmt: skip
    return rows


def dataset_of(kind: str, lowercase: bool = False) -> engine.Dataset:
    held_out = rows_of(kind, WORDS + STRANGE, 30, 1)
    rows = rows_of(kind, WORDS, 80, 0)
    return engine.make_dataset(rows, kind, unit="word", target_unit="word", validation=held_out, lowercase=lowercase)


CASES = [
    (architecture, str(kind), spelling)
    for architecture, models in MODELS.items()
    for model in models
    for kind in model.kinds
    for spelling in ("none", *(() if "spelling" in model.unused else ("affixes", "characters", "both", NEIGHBOURS)))
]


def trained(architecture: str, dataset: engine.Dataset, spelling: str = "none", epochs: int = 6) -> engine.Trainer:
    unused = model_class(architecture, dataset.kind).unused
    read = {"neighbours": True} if spelling == NEIGHBOURS else {"spelling": spelling}
    settings = {} if "embedding_size" in unused else {"embedding_size": 8, **read}
    config = engine.ModelConfig(architecture=architecture, hidden_size=16, **settings)
    training = engine.TrainingConfig(epochs=epochs, batch_size=8, learning_rate=0.02)
    trainer = engine.Trainer(engine.build_model(config, dataset, seed=1), dataset, training)
    for _ in trainer:
        pass
    return trainer


def assert_same(found: engine.Metrics, wanted: engine.Metrics) -> None:
    assert found.loss == pytest.approx(wanted.loss, rel=1e-5)
    assert found.values == pytest.approx(dict(wanted.values), rel=1e-5)


@pytest.mark.parametrize(("architecture", "kind", "spelling"), CASES)
def test_the_same_examples_give_the_same_figures(tmp_path: Path, architecture: str, kind: str, spelling: str) -> None:
    dataset = dataset_of(kind)
    trainer = trained(architecture, dataset, spelling)
    model, examples = trainer.model, dataset.validation
    wanted = engine.evaluate(model, examples)
    assert_same(engine.evaluate(model, list(examples)), wanted)
    engine.save_run(tmp_path / "run", trainer)
    opened = engine.open_run(tmp_path / "run").snapshot.model()
    assert_same(engine.evaluate(opened, examples), wanted)
    assert_same(engine.evaluate(opened, list(examples)), wanted)


@pytest.mark.parametrize(("architecture", "kind", "spelling"), CASES)
def test_examples_encoded_by_another_vocabulary_are_encoded_anew(architecture: str, kind: str, spelling: str) -> None:
    dataset = dataset_of(kind)
    model = trained(architecture, dataset, spelling, epochs=2).model
    turned = rows_of(kind, WORDS[::-1] * 2 + STRANGE, 80, 7)  # other counts, so other ids
    other = engine.make_dataset(turned, kind, unit="word", target_unit="word", validation=rows_of(kind, WORDS, 30, 2))
    assert (other.codec.source.symbols, other.codec.frames) != (dataset.codec.source.symbols, dataset.codec.frames)
    assert_same(engine.evaluate(model, other.validation), engine.evaluate(model, list(other.validation)))


ANSWERS: dict[str, tuple[str, Callable[[engine.Model, engine.Example], tuple[int, int]]]] = {
    "many-to-one": ("accuracy", lambda m, e: (int(next(iter(m.classify(e.source))) == e.target[0]), 1)),
    "one-to-one": ("accuracy", lambda m, e: (int(next(iter(m.predict(e.source))) == e.target[0]), 1)),
    "many-to-many": (
        "accuracy",
        lambda m, e: (
            sum(a.tag == b for a, b in zip(m.tag(e.source), e.target, strict=True)),
            len(e.target),
        ),
    ),
    "encoder-decoder": ("exact_match", lambda m, e: (int(m.translate(e.source, 1)[0].tokens == e.target), 1)),
}


@pytest.mark.parametrize(
    ("architecture", "kind", "spelling"),
    [case for case in CASES if case[0] in ANSWERS and case[1] in ("labelled", "tagged", "pairs")],
)
def test_a_share_is_that_of_the_answers_that_a_user_gets(architecture: str, kind: str, spelling: str) -> None:
    dataset = dataset_of(kind)
    model = trained(architecture, dataset, spelling).model
    name, judge = ANSWERS[architecture]
    judged = [judge(model, example) for example in dataset.validation]
    share = sum(right for right, _ in judged) / sum(of for _, of in judged)
    assert engine.evaluate(model, dataset.validation).values[name] == pytest.approx(share)
    assert share > 0


@pytest.mark.parametrize("spelling", ["none", "affixes", "characters", "both", NEIGHBOURS])
def test_a_test_file_gives_the_figure_of_the_same_rows_as_validation(tmp_path: Path, spelling: str) -> None:
    train, held_out = (rows_of("tagged", words, 60, seed) for words, seed in ((WORDS, 0), (WORDS + STRANGE, 1)))
    paths = [tmp_path / "train.conll", tmp_path / "test.conll"]
    for path, rows in zip(paths, (train, held_out), strict=True):
        texts = ("".join(f"{w}\t{t}\n" for w, t in zip(*row, strict=True)) for row in rows)  # type: ignore[call-overload]
        path.write_text("\n".join(texts), "utf-8")
    dataset = engine.load_dataset(paths[0], validation=paths[1])
    model = trained("many-to-many", dataset, spelling).model
    found = load_examples(paths[1], dataset.codec, dataset.config, dataset.recognition)
    assert_same(engine.evaluate(model, found.examples), engine.evaluate(model, dataset.validation))


def test_capital_letters_of_bare_examples_are_read_as_those_of_the_data() -> None:
    dataset = dataset_of("labelled", lowercase=True)
    model = trained("many-to-one", dataset, "affixes").model
    shouted = [engine.Example(tuple(s.upper() for s in e.source), e.target) for e in dataset.validation]
    assert_same(engine.evaluate(model, shouted), engine.evaluate(model, dataset.validation))


def test_data_that_the_network_cannot_read_are_refused() -> None:
    model = trained("many-to-one", dataset_of("labelled"), epochs=1).model
    with pytest.raises(engine.ConfigError, match="reads texts with a label each; these examples are tokens"):
        engine.evaluate(model, dataset_of("tagged").validation)
    letters = engine.make_dataset(rows_of("labelled", WORDS, 40, 0), "labelled", unit="character")
    with pytest.raises(engine.ConfigError, match="reads the text as words; these examples hold characters"):
        engine.evaluate(model, letters.validation)
    renamed = engine.make_dataset(
        [(f"walked {k}", "new" if k % 2 else "old") for k in range(40)], "labelled", unit="word"
    )
    with pytest.raises(engine.DataError, match="There is no label"):
        engine.evaluate(model, renamed.validation)


def test_the_ids_of_an_equal_vocabulary_are_taken_as_they_are() -> None:
    dataset = dataset_of("tagged")
    model = trained("many-to-many", dataset, epochs=1).model
    codec = Codec.from_json(dataset.codec.to_json())
    examples = engine.Examples.of(codec, dataset.train)
    assert model.examples(examples) is examples
