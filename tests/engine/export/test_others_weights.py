"""Weights of somebody else's module answer here as they do in PyTorch, or are refused in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from tests.source_files import ROOT

torch = pytest.importorskip("torch")
nn = torch.nn

WORDS = ["<pad>", "<unk>", "good", "bad", "film", "a", "<eos>", "<bos>"]
TOLERANCE = 1e-5


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Networks this small only wait for more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class Module(nn.Module):  # type: ignore[misc, name-defined]
    """What people write."""

    def __init__(self, layer: Any, answers: int, width: int = 4, words: int = len(WORDS), **settings: Any) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.linear_bias = settings.pop("linear_bias", True)
        self.emb = nn.Embedding(words, width) if width else None
        self.rnn = layer(width or words, 5, batch_first=True, **settings)
        self.fc = nn.Linear(5 * (2 if self.rnn.bidirectional else 1), answers, bias=self.linear_bias)

    def read(self, ids: list[int]) -> tuple[Any, Any]:
        """States of all steps, and the last of each direction side by side."""
        x = torch.tensor([ids])
        numbers = nn.functional.one_hot(x, self.rnn.input_size).float() if self.emb is None else self.emb(x)
        states, last = self.rnn(numbers)
        h = last[0] if isinstance(last, tuple) else last
        return states[0], torch.cat(tuple(h[-2 if self.rnn.bidirectional else -1 :, 0]))

    def chances(self, states: Any) -> np.ndarray[Any, Any]:
        """Probabilities of the answers."""
        return np.asarray(self.fc(states).softmax(dim=-1).detach())


def write(module: Module, folder: Path, **description: Any) -> Path:
    from safetensors.torch import save_file

    path = folder / "mine.safetensors"
    save_file(module.state_dict(), path)
    fields = {"source": WORDS, "layer": type(module.rnn).__name__} | description
    (folder / "mine.json").write_text(json.dumps(fields))
    return path


def opened(module: Module, folder: Path, **description: Any) -> engine.Model:
    path = write(module, folder, **description)
    assert engine.is_run(path)
    assert engine.is_run(folder)
    return engine.open_run(path).snapshot.model()


@pytest.mark.parametrize("layer", [nn.RNN, nn.LSTM, nn.GRU], ids=["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"bidirectional": True, "num_layers": 2},
        {"num_layers": 2, "bias": False, "linear_bias": False},
        {"width": 0, "bidirectional": True},
        {"width": 0, "bias": False},
    ],
    ids=str,
)
def test_a_classifier_answers_alike(tmp_path: Path, layer: Any, settings: dict[str, Any]) -> None:
    module = Module(layer, 3, **settings)
    model = opened(module, tmp_path, architecture="many-to-one", target=["x", "y", "z"])
    for text, ids in (("good film a", [2, 4, 5]), ("bad", [3]), ("good oddity", [2, 1])):
        expected = module.chances(module.read(ids)[1])
        found = model.classify(text)
        assert np.abs(np.array([found[label] for label in "xyz"]) - expected).max() < TOLERANCE
    trace = engine.trace(model, "good film a")
    assert trace.layers
    assert engine.gradient_flow(model, "good film a")


def test_pooling_relu_and_letters_are_as_described(tmp_path: Path) -> None:
    module = Module(nn.RNN, 2, nonlinearity="relu", words=3)
    fields = {"architecture": "many-to-one", "source": ["<unk>", "a", "b"], "target": ["n", "y"], "unit": "character"}
    model = opened(module, tmp_path, **fields, pooling="mean", nonlinearity="relu", lowercase=True)
    expected = module.chances(module.read([1, 2, 2])[0].mean(dim=0))
    assert [model.classify("aBB")[label] for label in "ny"] == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("layer", [nn.LSTM, nn.GRU], ids=["LSTM", "GRU"])
def test_a_tagger_answers_alike(tmp_path: Path, layer: Any) -> None:
    module = Module(layer, 2, bidirectional=True)
    model = opened(module, tmp_path, architecture="many-to-many", target=["N", "V"])
    expected = module.chances(module.read([2, 4, 1])[0])
    tagged = model.tag(["good", "film", "zebra"])
    assert [one.probability for one in tagged] == pytest.approx(expected.max(axis=1), abs=TOLERANCE)
    assert [one.tag for one in tagged] == ["NV"[k] for k in expected.argmax(axis=1)]


@pytest.mark.parametrize("width", [0, 4])
def test_a_language_model_with_a_start_and_an_end_writes_alike(tmp_path: Path, width: int) -> None:
    module = Module(nn.LSTM, len(WORDS), width, num_layers=2)
    model = opened(module, tmp_path, architecture="one-to-many", start="<bos>", end="<eos>")
    expected = module.chances(module.read([7, 2, 4])[0][-1])
    found = model.next_symbols("good film")
    own = {"<eos>": "</s>"}
    assert [found[own.get(word, word)] for word in WORDS] == pytest.approx(expected, abs=TOLERANCE)
    assert model.generate(count=1, seed=1)[0].text


def test_a_language_model_of_running_text_never_says_what_it_does_not_know(tmp_path: Path) -> None:
    letters = ["\n", "a", "b", "c"]
    module = Module(nn.GRU, 4, 0, words=4)
    model = opened(module, tmp_path, architecture="one-to-many", source=letters, unit="character")
    expected = module.chances(module.read([1, 2])[0][-1])
    found = model.next_symbols("ab")
    assert [found[letter] for letter in letters] == pytest.approx(expected, abs=TOLERANCE)
    assert found["<unk>"] < 1e-12
    assert set(model.generate(count=1, seed=1, length=50)[0].tokens) <= {*letters}


def test_the_program_on_the_page_makes_a_network_that_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "import.md", "exec"), {})
    assert set(engine.open_run(tmp_path).snapshot.model().classify("a good film")) == {"negative", "positive"}


def refused(path: Path) -> str:
    with pytest.raises(engine.StorageError) as caught:
        engine.open_run(path)
    return str(caught.value)


def test_what_does_not_fit_is_refused_with_the_tensor_and_both_shapes(tmp_path: Path) -> None:
    fields: dict[str, Any] = {"architecture": "many-to-one", "target": ["x", "y", "z"]}
    few = write(Module(nn.LSTM, 3), tmp_path, **fields | {"source": WORDS[:-1]})
    assert "emb.weight has the shape (8, 4); expected (7, 4): a row for each symbol of source" in refused(few)
    labels = write(Module(nn.LSTM, 2), tmp_path, **fields)
    assert "fc.weight has the shape (2, 5); expected (3, 5): a row for each of target" in refused(labels)
    one_hot = write(Module(nn.GRU, 3, 0, words=9), tmp_path, **fields)
    assert "rnn.weight_ih_l0 has the shape (15, 9); expected (15, 8)" in refused(one_hot)
    projected = write(Module(nn.LSTM, 3, proj_size=3), tmp_path, **fields)
    assert "rnn.weight_ih_l0 has the shape (20, 4); expected (12, 4): an nn.LSTM of 3 units" in refused(projected)
    other = write(Module(nn.LSTM, 3), tmp_path, **fields, layer="GRU")
    assert "rnn.weight_ih_l0 has the shape (20, 4); expected (15, 4): an nn.GRU of 5 units" in refused(other)
    more = Module(nn.LSTM, 3)
    more.norm = nn.LayerNorm(5)
    assert "there is no place for norm.bias" in refused(write(more, tmp_path, **fields))
    two = Module(nn.LSTM, 3)
    two.other = nn.GRU(4, 5)
    assert "found 'other.', 'rnn.'" in refused(write(two, tmp_path, **fields))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"architecture": "encoder-decoder"}, "architecture is 'encoder-decoder'; expected one of 'one-to-one'"),
        ({"source": "abc"}, "source is not a list of texts"),
        ({"source": [*WORDS[:-1], "good"]}, "source has the same text twice"),
        ({"target": None}, "target is not a list of texts"),
        ({"unknown": "<none>"}, "unknown is '<none>', which is not among the symbols of source"),
        ({"nonlinearity": "sigmoid"}, "layer is 'LSTM' with the nonlinearity 'sigmoid'"),
        ({"layer": "Linear"}, "expected one of 'RNN', 'LSTM', 'GRU'"),
        ({"pooling": "first"}, "pooling is 'first'"),
        ({"unit": "sentence"}, "not a saved codec"),
        ({"names": {"linear": "head"}}, "expected a linear layer"),
        ({"names": {"recurrent": "head"}}, "expected one recurrent layer"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    fields: dict[str, Any] = {"architecture": "many-to-one", "target": ["x", "y", "z"]}
    assert said in refused(write(Module(nn.LSTM, 3), tmp_path, **fields | change))


@settings(max_examples=80, deadline=None)
@given(place=st.floats(0, 1), new=st.binary(max_size=5), cut=st.booleans(), described=st.booleans())
def test_whatever_is_in_the_files_it_opens_or_is_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, place: float, new: bytes, cut: bool, described: bool
) -> None:
    folder = tmp_path_factory.mktemp("fuzzed")
    path = write(Module(nn.GRU, 3), folder, architecture="many-to-one", target=["x", "y", "z"])
    changed = path.with_suffix(".json") if described else path
    content = changed.read_bytes()
    at = int(place * len(content))
    changed.write_bytes(content[:at] + new + (b"" if cut else content[at + len(new) :]))
    try:
        run = engine.open_run(path)
    except engine.StorageError:
        return
    with np.errstate(all="ignore"):
        assert run.snapshot.model().classify("good film")


def test_both_directions_are_refused_where_the_future_is_to_be_predicted(tmp_path: Path) -> None:
    path = write(Module(nn.LSTM, 8, bidirectional=True), tmp_path, architecture="one-to-many")
    assert "bidirectional is True in a network that is one to many" in refused(path)


def test_weights_alone_are_refused_with_what_is_missing(tmp_path: Path) -> None:
    path = write(Module(nn.LSTM, 3), tmp_path)
    (tmp_path / "mine.json").unlink()
    assert not engine.is_run(tmp_path)
    assert "no description of a network beside these weights" in refused(path)
    torch.save(Module(nn.LSTM, 3).state_dict(), path)
    (tmp_path / "vocabulary.json").write_text("{}")
    assert "not a safetensors file" in refused(path)
