"""Building an ONNX graph: nodes, constants, and the recurrent layers of a network."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import END_ID
from engine.models import Model
from engine.network.neighbours import Neighbours
from engine.network.recurrent import RecurrentLayer
from engine.network.sequence_network import SymbolNetwork
from engine.types import FloatArray

OPSET, IR_VERSION = 17, 8  # from 2022; every runtime since then reads them
INT, FLOAT, DOUBLE = "int64", "float32", "float64"


class Graph:
    """The nodes in order; every method returns the name of its result."""

    def __init__(self) -> None:
        self.onnx: Any = import_module("onnx")  # an extra; `onnx_obstacle` has checked that it is installed
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.inputs: list[Any] = []
        self.outputs: list[Any] = []

    def input(self, name: str, dtype: str, *shape: str | int) -> str:
        """Declare an input. Letters in its shape are sizes that the caller chooses."""
        self.inputs.append(self._described(name, dtype, shape))
        return name

    def output(self, name: str, value: str, dtype: str, *shape: str | int) -> None:
        """Declare an output."""
        self.nodes.append(self.onnx.helper.make_node("Identity", [value], [name], name=name))
        self.outputs.append(self._described(name, dtype, shape))

    def _described(self, name: str, dtype: str, shape: tuple[str | int, ...]) -> Any:
        types = self.onnx.TensorProto
        kind = {INT: types.INT64, FLOAT: types.FLOAT, DOUBLE: types.DOUBLE}[dtype]
        return self.onnx.helper.make_tensor_value_info(name, kind, shape)

    def constant(self, value: Any, name: str = "", dtype: str = "") -> str:
        """Store a constant: floats as float32, integers as int64, unless a dtype is given."""
        array = np.asarray(value)
        dtype = dtype or (FLOAT if array.dtype.kind == "f" else INT)
        array = np.ascontiguousarray(array, dtype).reshape(array.shape)
        name = name or f"constant_{len(self.constants)}"
        self.constants.append(self.onnx.numpy_helper.from_array(array, name))
        return name

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """One operation with one result."""
        return self.node_of(operator, 1, *inputs, **attributes)[0]

    def node_of(self, operator: str, results: int, *inputs: str, **attributes: Any) -> list[str]:
        """One operation with several results."""
        names = [f"{operator.lower()}_{len(self.nodes)}_{k}" for k in range(results)]
        self.nodes.append(self.onnx.helper.make_node(operator, inputs, names, name=names[0], **attributes))
        return names

    def positions(self, like: str, axis: int) -> str:
        """0, 1, … along one axis of a value: (size,)."""
        size = self.node("Gather", self.node("Shape", like), self.constant(axis))
        return self.node("Range", self.constant(0), size, self.constant(1))

    def column(self, lengths: str) -> str:
        """(B,) → (B, 1)."""
        return self.node("Unsqueeze", lengths, self.constant([1]))

    def dense(self, model: Model, prefix: str, value: str) -> str:
        """(…, D) → (…, K): W x + b."""
        weight, bias = model.parameters[f"{prefix}.weight"], model.parameters[f"{prefix}.bias"]
        product = self.node("MatMul", value, self.constant(weight.T, f"{prefix}.weight"))
        return self.node("Add", product, self.constant(bias, f"{prefix}.bias"))

    def symbols(self, model: Model, network: SymbolNetwork, ids: str) -> str:
        """(T, B) ids, the end symbol beyond each text → (T, B, D): one-hot, or rows of the embedding with the spelling
        of known words and the neighbours beside it."""
        if network.embedding is None:
            depth, values = self.constant([network.vocabulary_size]), self.constant(np.array([0.0, 1.0]))
            return self.node("OneHot", ids, depth, values, axis=-1)
        rows = self.node("Gather", self.constant(symbol_table(model, network), network.embedding.name), ids)
        return rows if network.neighbours is None else self._with_neighbours(model, network.neighbours, rows, ids)

    def _with_neighbours(self, model: Model, neighbours: Neighbours, rows: str, ids: str) -> str:
        """rows (T, B, D) → (T, B, D + S): beside each the vectors of the symbols before and after it."""
        closed = self.node("Pad", ids, self.constant([1, 0, 1, 0]), self.constant(END_ID))
        first, last = self.constant([0]), self.constant([np.iinfo(np.int64).max])
        before = self.node("Slice", closed, first, self.constant([-2]), first)
        after = self.node("Slice", closed, self.constant([2]), last, first)
        table = self.constant(model.parameters[neighbours.table.name], neighbours.table.name)
        found = (self.node("Gather", table, beside) for beside in (before, after))
        return self.node("Concat", rows, *found, axis=2)

    def recurrent(
        self, model: Model, network: SymbolNetwork, x: str, lengths: str, initial: list[list[str]] | None
    ) -> tuple[str, list[list[str]]]:
        """(T, B, D) → states (T, B, H · directions), and for each layer its last states (directions, B, H).

        lengths: (B,) int64, or "" if all have the same length. initial: like the last states; None for zeros.
        """
        short = self.node("Cast", lengths, to=self.onnx.TensorProto.INT32) if lengths else ""
        final = []
        for k, parts in enumerate(network.recurrent.layers):
            cell = parts[0].cell
            operator = cell.onnx
            assert operator is not None  # see `onnx_obstacle`
            names = [gate.name for gate in cell.gates]
            order = tuple(names.index(gate) for gate in operator.gates)
            weights = [np.stack([matrix(model, part, order) for part in parts]) for matrix in (_w, _r, _b)]
            titles = [f"{parts[0].prefix}.{which}" for which in ("W", "R", "B")]
            constants = [self.constant(w, name) for w, name in zip(weights, titles, strict=True)]
            direction = "bidirectional" if len(parts) == 2 else "forward"
            start = [] if initial is None else initial[k]
            attributes: dict[str, Any] = dict(operator.attributes)
            if operator.activations:
                attributes["activations"] = operator.activations * len(parts)
            every, *last = self.node_of(
                operator.name, 1 + len(cell.states), x, *constants, short, *start,
                hidden_size=model.config.hidden_size, direction=direction, **attributes,
            )  # fmt: skip
            x = self.node("Reshape", self.node("Transpose", every, perm=[0, 2, 1, 3]), self.constant([0, 0, -1]))
            final.append(last)
        return x, final

    def build(self, name: str, metadata: dict[str, str]) -> Any:
        """The finished model, checked."""
        helper = self.onnx.helper
        graph = helper.make_graph(self.nodes, name, self.inputs, self.outputs, self.constants)
        made = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="Unroll"
        )
        helper.set_model_props(made, metadata)
        self.onnx.checker.check_model(made)
        return made


def symbol_table(model: Model, network: SymbolNetwork) -> FloatArray:
    """(V, D) the input of the first layer for each known symbol."""
    assert network.embedding is not None
    table = model.parameters[network.embedding.name]
    if network.spelling is None:
        return table
    model.work.reset()
    rows, _ = network.spelling.forward(model.work, model.codec.source.symbols)
    return np.concatenate((table, rows), axis=1)


def _w(model: Model, part: RecurrentLayer, order: tuple[int, ...]) -> NDArray[Any]:
    """(G · H, D)"""
    weight = model.parameters[f"{part.prefix}.weight_ih"]
    return np.concatenate([weight[gate].T for gate in order])


def _r(model: Model, part: RecurrentLayer, order: tuple[int, ...]) -> NDArray[Any]:
    """(G · H, H); zeros for a network without memory."""
    size = part.hidden_size
    if not part.memory:
        return np.zeros((len(order) * size, size))
    weight = model.parameters[f"{part.prefix}.weight_hh"]
    return np.concatenate([weight[gate].T for gate in order])


def _b(model: Model, part: RecurrentLayer, order: tuple[int, ...]) -> NDArray[Any]:
    """(2 · G · H,): the input's biases, then the recurrent ones, zero except for a separate bias added to U h."""
    bias = model.parameters[f"{part.prefix}.bias"]
    past = np.zeros((len(order), part.hidden_size))
    for place, gate in enumerate(order):
        if part.cell.gates[gate].past_through:
            past[place] = part.recurrent_bias(model.parameters)
    return np.concatenate((bias[list(order)].ravel(), past.ravel()))
