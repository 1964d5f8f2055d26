"""What the views show, held against an LSTM written out here in plain NumPy from the six equations of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import engine
from gui.panels.confusion import ConfusionPanel
from gui.panels.gates import GatesPanel
from gui.panels.gradient import GradientPanel
from gui.panels.hidden_state import HiddenStatePanel
from gui.panels.memory import MemoryPanel
from gui.panels.mistakes import LOSS, MistakesPanel
from gui.panels.trajectory import TrajectoryPanel
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from tests.gui.conftest import Person
from tests.gui.panels.open_views import dataset_of, model_of, open_view, settle, train_a_little

Array = NDArray[np.float64]
SIZE, TEXT = 6, "sophia"
TINY = 1e-6  # a step of numeric differentiation, in float64


def sigmoid(a: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-a)))


def log_softmax(a: Array) -> Array:
    return np.asarray(a - a.max() - np.log(np.exp(a - a.max()).sum()))


@dataclass
class PlainLSTM:
    """Symbols enter one-hot; nudges: step → added to c there; scales: factor on each input."""

    weights: dict[str, Array]

    def run(self, ids: Sequence[int], nudges: dict[int, Array] | None = None, scales: Array | None = None) -> Reading:
        w, u, b = (self.weights[f"network.0.{name}"] for name in ("weight_ih", "weight_hh", "bias"))
        h = c = np.zeros(SIZE)
        found = Reading()
        for t, k in enumerate(ids):
            i, f, g, o = (w[gate, k] * (1.0 if scales is None else scales[t]) + h @ u[gate] + b[gate]
                          for gate in range(4))  # fmt: skip
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g) + (0.0 if nudges is None else nudges.get(t, 0.0))
            h = sigmoid(o) * np.tanh(c)
            found.states.append(h)
            found.gates.append([sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)])
            found.predicted.append(log_softmax(self.weights["output.weight"] @ h + self.weights["output.bias"]))
        return found


@dataclass
class Reading:
    states: list[Array] = field(default_factory=list)
    gates: list[list[Array]] = field(default_factory=list)
    predicted: list[Array] = field(default_factory=list)  # log-probabilities of the next symbol


@pytest.fixture
def small(person: Person) -> Person:
    """A small LSTM over names that has learned a little, looking at a name."""
    person.session.set_model(cell="lstm", hidden_size=SIZE, embedding_size=0, num_layers=1)
    person.wait_ready()
    train_a_little(person, 20)
    person.session.probe.set(TEXT, "female")
    return person


def plain(person: Person) -> tuple[PlainLSTM, list[int], tuple[str, ...]]:
    """The same weights in float64, and what enters: the label, whose row stands behind those of the symbols."""
    weights: dict[str, Any] = {name: np.array(w, np.float64) for name, w in model_of(person).parameters.items()}
    dataset = dataset_of(person)
    symbols = dataset.codec.source.symbols
    ids = [len(symbols) + list(dataset.labels).index("female"), *map(symbols.index, TEXT)]
    return PlainLSTM(weights), ids, symbols


def shown_of(person: Person, name: str, kind: type[Any]) -> Any:
    view = open_view(person, name, kind)
    settle(person)
    person.wait_until(lambda: getattr(view, "found", view) is not None)
    settle(person)
    return view


def check_states_gates_and_predictions(small: Person) -> None:
    lstm, ids, symbols = plain(small)
    found = lstm.run(ids)
    heat = shown_of(small, "hidden_state", HiddenStatePanel).heat_map.heat
    np.testing.assert_allclose(heat.values, np.array(found.states).T, atol=1e-5)
    cells = {cell.gate: cell.heat_map.heat.values for cell in shown_of(small, "gates", GatesPanel).cells}
    for number, gate in enumerate(("input", "forget", "candidate", "output")):
        np.testing.assert_allclose(cells[gate], np.array([gates[number] for gates in found.gates]).T, atol=1e-5)
    columns = small.window.panels["unrolled"]
    assert isinstance(columns, UnrolledPanel)
    rows = list(columns.table())[1:]
    right = [symbols.index(symbol) for symbol in TEXT]
    for step, predicted in enumerate(found.predicted):
        best = int(predicted.argmax())
        assert rows[step][3] == symbols[best]
        assert float(str(rows[step][4])) == pytest.approx(np.exp(predicted[best]), abs=1e-5)
        if step < len(right):
            assert rows[step][5] == symbols[right[step]]
            assert float(str(rows[step][6])) == pytest.approx(-predicted[right[step]], abs=1e-4)


def check_gradient_and_memory(small: Person) -> None:
    lstm, ids, _ = plain(small)
    last = int(lstm.run(ids).predicted[-1].argmax())  # of a text that is typed, the end is the network's own answer
    norms = []
    for step in range(len(ids)):
        ends = [
            [-lstm.run(ids, {step: sign * TINY * unit}).predicted[-1][last] for sign in (1, -1)]
            for unit in np.eye(SIZE)
        ]
        norms.append(np.linalg.norm([(up - down) / (2 * TINY) for up, down in ends]))
    bars = shown_of(small, "gradient", GradientPanel).bars.values
    np.testing.assert_allclose([bar.value for bar in bars], norms, rtol=1e-3)
    pulls = []
    for step in range(len(ids)):
        more, less = (lstm.run(ids, scales=1 + sign * TINY * np.eye(len(ids))[step]).states[-1] for sign in (1, -1))
        pulls.append(np.linalg.norm((more - less) / (2 * TINY)))
    shares = shown_of(small, "memory", MemoryPanel).found.shares
    assert "add up to 100 %; each is shown rounded" in MemoryPanel.HELP
    np.testing.assert_allclose(shares, np.array(pulls) / sum(pulls), rtol=1e-3)


def check_trajectory(small: Person) -> None:
    lstm, ids, _ = plain(small)
    states = np.array([np.zeros(SIZE), *lstm.run(ids).states])
    vectors = np.linalg.eigh(np.cov(states.T))[1]
    cloud = shown_of(small, "trajectory", TrajectoryPanel).scatter.cloud
    shown = np.vstack([cloud.start, cloud.points])
    for axis in range(2):
        expected = (states - states.mean(axis=0)) @ vectors[:, -1 - axis]
        np.testing.assert_allclose(shown[:, axis], np.sign(expected @ shown[:, axis]) * expected, atol=1e-4)


def check_worst_names(small: Person) -> None:
    lstm, _, symbols = plain(small)
    dataset = dataset_of(small)

    def loss(example: engine.Example) -> float:
        label = len(symbols) + list(dataset.labels).index(example.target[0])
        written = [symbols.index(symbol) if symbol in symbols else 0 for symbol in example.source]
        predicted = lstm.run([label, *written]).predicted
        return float(-np.mean([row[k] for row, k in zip(predicted, [*written, symbols.index("</s>")], strict=True)]))

    worst = sorted(map(loss, dataset.validation), reverse=True)
    rows = list(shown_of(small, "mistakes", MistakesPanel).table())[1:]
    assert len(rows) > 20
    np.testing.assert_allclose([float(str(row[LOSS])) for row in rows], worst[: len(rows)], rtol=1e-4)


def test_what_the_views_show_follows_from_the_equations(small: Person) -> None:
    check_states_gates_and_predictions(small)
    check_gradient_and_memory(small)
    check_trajectory(small)
    check_worst_names(small)


@pytest.mark.sample("order")
def test_confusions_are_counted_one_answer_at_a_time(person: Person) -> None:
    train_a_little(person, 5)
    view = shown_of(person, "confusion", ConfusionPanel)
    model, labels = model_of(person), view.found.counts.labels
    counts = np.zeros((len(labels), len(labels)), int)
    for example in dataset_of(person).validation:
        answer = max(model.classify(list(example.source)).items(), key=lambda item: item[1])[0]
        counts[labels.index(example.target[0]), labels.index(answer)] += 1
    np.testing.assert_array_equal(view.found.counts.counts, counts)
    assert [list(row[1:]) for row in list(view.table())[1:]] == counts.tolist()
