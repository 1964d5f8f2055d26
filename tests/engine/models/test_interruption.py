"""Whatever a network answers, it stops between two steps when nobody waits for it any more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import engine
from engine.interruption import UnwantedError, while_wanted
from engine.models import Model
from tests.engine.small import Case

# Asked before each piece of the examples and before each symbol, forwards and backwards.
LONG: dict[str, tuple[Case, Callable[[Model], object], int]] = {
    "generate": (Case("one-to-many", "labelled", "lstm"), lambda model: model.generate(count=3, seed=0), 5),
    "translate": (Case("encoder-decoder", "pairs", "gru"), lambda model: model.translate("abcdef"), 5),
    "classify": (Case("many-to-one", "labelled", "gru"), lambda model: model.classify("abc"), 3),
    "trace": (Case("many-to-many", "tagged", "rnn"), lambda model: engine.trace(model, ["a", "b"]), 3),
    "gradient": (Case("many-to-one", "labelled", "lstm"), lambda model: engine.gradient_flow(model, "abc"), 7),
    "memory": (Case("one-to-many", "sequences", "lstm"), lambda model: engine.memory(model, "abc"), 12),
}


@pytest.mark.parametrize("name", LONG)
def test_an_answer_ends_at_the_next_step_and_the_network_can_be_asked_again(name: str) -> None:
    case, ask, steps = LONG[name]
    model, asked = case.model("float32"), []

    def wanted() -> bool:
        asked.append(1)
        return len(asked) < steps

    with pytest.raises(UnwantedError), while_wanted(wanted):
        ask(model)
    assert len(asked) == steps
    ask(model)
    assert len(asked) == steps, "outside the block nobody is asked"
