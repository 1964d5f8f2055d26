"""The character CNN against PyTorch's convolution, word by word."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.network.letter_patterns import LetterPatterns
from engine.network.parameters import Parameters
from engine.network.workspace import Workspace

WORDS = ("a", "of", "walked", "walking", "talked", "internationalization")


def spelled() -> tuple[LetterPatterns, Workspace]:
    patterns = LetterPatterns("network", WORDS)
    work = Workspace(Parameters(patterns.shapes(), np.float64))
    work.parameters.flat[:] = np.random.default_rng(0).normal(0, 0.5, work.parameters.flat.shape)
    return patterns, work


def test_patterns_and_their_gradient_are_those_of_a_convolution() -> None:
    torch: Any = pytest.importorskip("torch")
    patterns, work = spelled()
    words = [*WORDS, "zzz", "walk-in"]
    output, tape = patterns.forward(work, words)
    there = {name: torch.tensor(values, requires_grad=True) for name, values in work.parameters.items()}
    rows = []
    for word in words:
        best = []
        for width in (2, 3, 4, 5):
            ids = [1, *(patterns.known.get(letter, 0) for letter in word), 1]
            letters = there["network.pattern_embedding.weight"][ids + [1] * (width - len(ids))]
            weight = there[f"network.patterns.{width}.weight"]
            kernel = weight.reshape(len(weight), width, -1).transpose(1, 2)
            bias = there[f"network.patterns.{width}.bias"]
            best.append(torch.nn.functional.conv1d(letters.T[None], kernel, bias)[0].max(dim=1).values)
        rows.append(torch.tanh(torch.cat(best)))
    theirs = torch.stack(rows)
    np.testing.assert_allclose(output, theirs.detach().numpy(), rtol=1e-12)
    d_rows = np.random.default_rng(1).normal(size=output.shape)
    (theirs * torch.tensor(d_rows)).sum().backward()
    patterns.backward(work, tape, d_rows)
    for name, tensor in there.items():
        assert np.abs(work.gradients[name]).max() > 0, name
        np.testing.assert_allclose(work.gradients[name], tensor.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_an_ending_is_found_behind_any_stem_and_only_at_the_end() -> None:
    patterns, work = spelled()
    work.parameters.flat[:] = 0
    table = work.parameters["network.pattern_embedding.weight"]
    for k, letter in enumerate(("e", "d")):
        table[patterns.known[letter], k] = 1.0
    table[1, 2] = 1.0  # the edge
    weight = work.parameters["network.patterns.3.weight"].reshape(-1, 3, table.shape[1])
    weight[0, 0, 0] = weight[0, 1, 1] = weight[0, 2, 2] = 1.0  # e, d, then the edge
    found, _ = patterns.forward(work, ["walked", "talked", "edit", "de"])
    ending = found[:, 32]  # the first pattern of three letters
    assert ending[0] == ending[1] == pytest.approx(np.tanh(3))
    assert (ending[2:] < np.tanh(2.5)).all()
