"""Networks whose read-out is tied to an embedding, in the form that can be exported."""

from __future__ import annotations

from dataclasses import replace

from engine.models import Model
from engine.network.layers import TiedDense

UNTIED = "Its read-out has weights of its own instead of those of the embedding, also when the folder is opened here."


def unties(model: Model) -> bool:
    """Whether the network is exported with more weights than it has here."""
    return isinstance(model.output, TiedDense)


def untied(model: Model) -> Model:
    """The network with a read-out of its own that gives the same answers; itself if nothing is tied."""
    output = model.output
    if not isinstance(output, TiedDense):
        return model
    apart = type(model)(replace(model.config, tied=False), model.codec, model.longest, model.dtype)
    for name in apart.parameters:
        apart.parameters[name][:] = (
            output.matrix(model.parameters) if name == apart.output.weight else model.parameters[name]
        )
    return apart
