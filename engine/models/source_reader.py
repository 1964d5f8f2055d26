"""What networks have in common that know the whole input and say something of it: many to one, many to many."""

from __future__ import annotations

import numpy as np

from engine.data.examples import Examples
from engine.models.base import Model, known_source, text_lengths
from engine.network.layers import Dense
from engine.network.packing import Packing
from engine.network.sequence_network import SymbolNetwork
from engine.types import IntArray

_END_ID = 1


def source_rows(examples: Examples, network: SymbolNetwork, end: bool) -> tuple[Packing, IntArray]:
    """Packing and input ids (N,) of the sources; with `end` the end symbol closes each, else only an empty one.

    A network that reads spelling gets the ids of the words it does not know too.
    """
    lengths = text_lengths(examples)
    values = known_source(examples) if network.spelling is None else np.asarray(examples.source.values)
    packing = Packing(lengths + 1 if end else np.maximum(lengths, 1))
    begin = np.asarray(examples.source.offsets)[:-1][packing.order]
    ids = packing.pick(np.append(values, _END_ID), begin)
    closed = packing.last_rows if end else packing.last_rows[lengths[packing.order] == 0]
    ids[closed] = _END_ID
    return packing, ids


class SourceReader(Model):
    """A network over the source, in one direction or both, and a read-out with one row for each label or tag."""

    def _build(self) -> None:
        assert self.codec.target is not None
        self.classes = self.codec.target.symbols
        self.network = SymbolNetwork(
            "network",
            self.config,
            len(self.codec.source),
            self.dtype,
            bidirectional=self.config.bidirectional,
            vocabulary=self.codec.source,
        )
        self.output = Dense("output", self.network.output_size, len(self.classes))

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters."""
        return self.network.shapes() | self.output.shapes()

    def networks(self) -> dict[str, SymbolNetwork]:
        """The one network."""
        return {"": self.network}
