"""The same weights and the same ragged batch give what PyTorch gives: loss, gradients, a hundred steps of training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from engine.config import TrainingConfig
from engine.training.trainer import Trainer
from tests.engine.small import Case, batch_of, exact_cases

torch = pytest.importorskip("torch")
if TYPE_CHECKING:
    from torch import Tensor

from tests.engine.network.torch_reference import Reference, has_layer, relative_error  # noqa: E402

torch.set_num_threads(1)

STEPS = 100
CASES = [case for case in exact_cases() if has_layer(case.cell)]
LARGE = [replace(case, large=True) for case in CASES if not case.changes and case.kind != "stream"]


def compare(case: Case, dtype: str, loss_limit: float, gradient_limit: float) -> None:
    model, batch = case.model(dtype), batch_of(case.dataset)
    reference = Reference(model, getattr(torch, dtype))
    theirs = reference.loss(batch)
    theirs.backward()  # type: ignore[no-untyped-call]
    ours = model.loss_and_gradient(batch)
    assert ours == pytest.approx(theirs.item(), rel=loss_limit)
    gradients = reference.gradients()
    assert gradients.keys() == model.gradients.keys()
    for name, gradient in gradients.items():
        assert relative_error(model.gradients[name], gradient) <= gradient_limit, name


@pytest.mark.parametrize("case", [*CASES, *LARGE], ids=str)
def test_loss_and_gradients_are_pytorchs_in_double_precision(case: Case) -> None:
    compare(case, "float64", 1e-10, 1e-10)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_loss_and_gradients_are_pytorchs_in_single_precision(case: Case) -> None:
    compare(case, "float32", 1e-5, 1e-4)


MOMENTUM, DECAY = 0.8, 0.05
OPTIMIZERS: dict[str, tuple[float, Callable[[Any, float], Any]]] = {
    "sgd": (0.5, lambda p, rate: torch.optim.SGD(p, rate)),
    "momentum": (0.1, lambda p, rate: torch.optim.SGD(p, rate, momentum=MOMENTUM)),
    "nesterov": (0.1, lambda p, rate: torch.optim.SGD(p, rate, momentum=MOMENTUM, nesterov=True)),
    "rmsprop": (0.005, lambda p, rate: torch.optim.RMSprop(p, rate)),
    "adam": (0.01, lambda p, rate: torch.optim.Adam(p, rate)),
    "adamw": (0.01, lambda p, rate: torch.optim.AdamW(p, rate, weight_decay=DECAY)),
}


def weights_by_pace(reference: Reference, rate: float) -> list[dict[str, Any]]:
    """All weights at this rate, but for the matrix of attention's scores, at the rate divided by the root of its
    width."""
    slower = [weight for name, weight in reference.others.items() if name == "attention/score"]
    others = [weight for weight in reference.parameters() if not any(weight is slow for slow in slower)]
    return [{"params": others}, *({"params": [weight], "lr": rate / weight.shape[1] ** 0.5} for weight in slower)]


def losses_of_both(
    case: Case, optimizer: str, dtype: str, clip: float, steps: int = STEPS
) -> tuple[list[float], list[float], list[bool]]:
    """The losses of the same steps here and there, and where the gradient was clipped."""
    rate, make = OPTIMIZERS[optimizer]
    model = case.model(dtype, hidden_size=12)
    reference = Reference(model, getattr(torch, dtype))
    training = TrainingConfig(
        optimizer=optimizer,
        learning_rate=rate,
        momentum=MOMENTUM,
        weight_decay=DECAY,
        clip_norm=clip,
        batch_size=8,
        epochs=STEPS,
    )
    trainer = Trainer(model, case.dataset, training)
    theirs, ours, clipped = [], [], []
    their_optimizer = make(weights_by_pace(reference, rate), rate)
    for step in range(steps):
        their_optimizer.zero_grad()
        loss: Tensor = reference.loss(trainer.batches.batch(step))
        loss.backward()  # type: ignore[no-untyped-call]
        if clip:
            torch.nn.utils.clip_grad_norm_(reference.parameters(), clip)
        their_optimizer.step()
        theirs.append(loss.item())
        update = next(trainer)
        ours.append(update.loss)
        clipped.append(update.clipped)
    return ours, theirs, clipped


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_hundred_steps_of_training_are_pytorchs(optimizer: str) -> None:
    case = Case("many-to-one", "labelled", "lstm", {"bidirectional": True})
    ours, theirs, clipped = losses_of_both(case, optimizer, "float32", 0.5)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)
    assert ours[-1] < 0.8 * ours[0]
    assert any(clipped)
    assert not all(clipped)
    exact, exact_theirs, _ = losses_of_both(case, optimizer, "float64", 0.5, steps=30)
    np.testing.assert_allclose(exact, exact_theirs, rtol=1e-12)


@pytest.mark.parametrize(
    "case",
    [
        Case("one-to-many", "labelled", "gru"),
        Case("one-to-many", "sequences", "rnn", {"num_layers": 2}),
        Case("many-to-many", "tagged", "lstm", {"embedding_size": 4}),
        Case("encoder-decoder", "pairs", "gru", {"attention": True, "bidirectional": True}),
    ],
    ids=str,
)
def test_a_hundred_steps_of_every_shape_are_pytorchs_without_clipping(case: Case) -> None:
    ours, theirs, clipped = losses_of_both(case, "adam", "float32", 0.0)
    np.testing.assert_allclose(ours, theirs, rtol=1e-3)
    assert not any(clipped)
