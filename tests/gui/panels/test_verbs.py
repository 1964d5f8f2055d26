"""Every verb of a network has its method, a view that asks for it, an answer in Compare and a command-line option."""

from __future__ import annotations

import pytest

from engine.data.codec import Kind
from engine.models import MODELS, Model, Verb
from gui.headless.arguments import VERBS
from gui.panels.compare.answer_lines import ANSWERS
from gui.panels.try_it.try_it_panel import VIEWS, VIEWS_OF_NUMBERS

NETWORKS = list(dict.fromkeys(network for networks in MODELS.values() for network in networks))
NO_OPTION = {Verb.PREDICT}  # of networks without memory, which only the window uses


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.__name__)
def test_a_network_has_the_method_of_its_verb_and_a_view_for_each_kind_of_data(network: type[Model]) -> None:
    assert getattr(network, network.verb) is not getattr(Model, network.verb)
    for kind in network.kinds:
        views = VIEWS_OF_NUMBERS if Kind(kind).reads_numbers else VIEWS
        assert network.verb in views, kind


def test_no_verb_is_without_a_network_an_answer_and_an_option() -> None:
    assert {network.verb for network in NETWORKS} == set(Verb)
    assert VIEWS.keys() | VIEWS_OF_NUMBERS.keys() == set(Verb)
    assert ANSWERS.keys() == set(Verb)
    assert set(VERBS) - {"evaluate"} == set(Verb) - NO_OPTION
