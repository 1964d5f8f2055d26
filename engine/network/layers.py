"""Layers without memory: read-out, attention, dropout, and sums of scattered rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.network.location import Location, note_weights
from engine.network.losses import softmax_in_place
from engine.network.parameters import Parameters
from engine.network.workspace import Arena, Workspace
from engine.types import FloatArray, IntArray

_SMALL_VOCABULARY = 128  # up to this vocabulary size, and for few numbers, sums by id are one product with one-hot rows
_FEW_NUMBERS = 1 << 17
_LONG_SEGMENT = 1000  # numbers per id, on average, from which a separate product for each id pays off


class RowGroups:
    """Rows (N, D) summed by their ids (N,), the ids sorted once for any number of sums.

    `np.add.at` is twenty times slower than any of the three methods used here.
    """

    def __init__(self, ids: IntArray, vocabulary: int, spare: FloatArray) -> None:
        """vocabulary: V, larger than every id. spare: scratch (N, D)."""
        self.spare = spare
        self.one_hot: FloatArray | None = None
        if vocabulary <= _SMALL_VOCABULARY and spare.size <= _FEW_NUMBERS:
            self.one_hot = np.zeros((vocabulary, len(ids)), spare.dtype)
            self.one_hot[ids, np.arange(len(ids))] = 1
            return
        self.order = np.argsort(ids, kind="stable")
        ranked = ids[self.order]
        self.firsts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
        self.found = ranked[self.firsts]
        self.long = spare.size > _LONG_SEGMENT * len(self.firsts)

    def sum(self, rows: FloatArray, out: FloatArray) -> None:
        """Overwrite `out` (V, D) with the sums of `rows` (N, D)."""
        if self.one_hot is not None:
            np.matmul(self.one_hot, rows, out=out)
            return
        ranked = np.take(rows, self.order, axis=0, out=self.spare, mode="clip")
        out.fill(0)
        if self.long:
            self._sum_long(ranked, out)
        else:
            out[self.found] = np.add.reduceat(ranked, self.firsts, axis=0)

    def _sum_long(self, ranked: FloatArray, out: FloatArray) -> None:
        """Each sum as a product with ones, five times as fast as `reduceat` where many rows share an id."""
        ones = np.ones((1, len(ranked)), ranked.dtype)
        starts = self.firsts.tolist()
        for symbol, start, stop in zip(self.found.tolist(), starts, [*starts[1:], len(ranked)], strict=True):
            np.matmul(ones[:, : stop - start], ranked[start:stop], out=out[symbol : symbol + 1])


def add_rows(ids: IntArray, rows: FloatArray, out: FloatArray) -> None:
    """Overwrite `out` (V, D) with the sum of `rows` (N, D) by id."""
    RowGroups(ids, len(out), np.empty_like(rows)).sum(rows, out)


def drop(x: FloatArray, share: float, rng: np.random.Generator, arena: Arena) -> tuple[FloatArray, FloatArray]:
    """(N, D) → (N, D) and the mask it was multiplied by: dropout sets a share of the numbers to zero and scales up the
    rest.

    Srivastava et al. (2014), inverted form as in PyTorch.
    """
    mask = arena.take(*x.shape)
    keep = rng.random(x.shape, dtype=np.float32) >= share
    np.multiply(keep, x.dtype.type(1 / (1 - share)), out=mask)
    return np.multiply(x, mask, out=arena.take(*x.shape)), mask


class Dense:
    """(N, D) → (K, N): W x + b with W (K, D). Symbols come first, so that reductions over them run along axis 0."""

    def __init__(self, prefix: str, input_size: int, output_size: int) -> None:
        self.weight = f"{prefix}.weight"
        self.bias = f"{prefix}.bias"
        self.input_size = input_size
        self.output_size = output_size

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes, as in PyTorch's Linear."""
        return {self.weight: (self.output_size, self.input_size), self.bias: (self.output_size,)}

    def forward(self, work: Workspace, x: FloatArray, rows: IntArray | None = None) -> FloatArray:
        """x (N, D) → logits (K, N); with `rows` (C,) only those of these outputs, (C, N)."""
        out = work.arena.take(self.output_size if rows is None else len(rows), len(x))
        np.matmul(self._table(work.parameters, rows), self._projected(work.parameters, x).T, out=out)
        bias = work.parameters[self.bias]
        return np.add(out, (bias if rows is None else bias[rows])[:, None], out=out)

    def _table(self, parameters: Parameters, rows: IntArray | None) -> FloatArray:
        table = parameters[self.weight]
        return table[: self.output_size] if rows is None else table[rows]

    def _projected(self, parameters: Parameters, x: FloatArray) -> FloatArray:
        return x

    def apply(self, parameters: Parameters, x: FloatArray) -> FloatArray:
        """x (N, D) → scores (K, N) in a new array; meant for few rows."""
        return np.asarray(parameters[self.weight] @ x.T + parameters[self.bias][:, None])

    def share(self, work: Workspace) -> None:
        """Called after all other gradients are written; does nothing here, because nothing is shared."""

    def backward(self, work: Workspace, x: FloatArray, d_out: FloatArray, rows: IntArray | None = None) -> FloatArray:
        """Gradient of the weights; returns that of x (N, D). d_out: (K, N), or (C, N) with `rows` (C,)."""
        weight = work.gradients[self.weight]
        if rows is None:
            np.matmul(d_out, x, out=weight)
        else:
            weight.fill(0)
            weight[rows] = d_out @ x
        self._bias_backward(work, d_out, rows)
        return np.matmul(d_out.T, self._table(work.parameters, rows), out=work.arena.take(*x.shape))

    def _bias_backward(self, work: Workspace, d_out: FloatArray, rows: IntArray | None) -> None:
        bias = work.gradients[self.bias]
        if rows is None:
            np.add.reduce(d_out, axis=1, out=bias)
        else:
            bias.fill(0)
            bias[rows] = np.add.reduce(d_out, axis=1)


class TiedDense(Dense):
    """A read-out whose matrix is the embedding of the same symbols: scores = E (x P) + b, E its first K rows.

    P (D, E's size) brings the states to the size of the embedding where that differs; otherwise x is used directly.
    Press and Wolf, "Using the output embedding to improve language models" (2017).
    """

    def __init__(self, prefix: str, input_size: int, output_size: int, table: str, size: int) -> None:
        super().__init__(prefix, input_size, output_size)
        self.weight = table
        self.projection = f"{prefix}.projection" if size != input_size else ""
        self._size = size
        self._d_weight: FloatArray | None = None
        self._rows: IntArray | None = None

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of the parameters besides the embedding."""
        bias: dict[str, tuple[int, ...]] = {self.bias: (self.output_size,)}
        return bias | ({self.projection: (self.input_size, self._size)} if self.projection else {})

    def matrix(self, parameters: Parameters) -> FloatArray:
        """(K, D) of a read-out of its own with the same scores."""
        table = parameters[self.weight][: self.output_size]
        return table @ parameters[self.projection].T if self.projection else table

    def apply(self, parameters: Parameters, x: FloatArray) -> FloatArray:
        """scores (K, N)."""
        table = parameters[self.weight][: self.output_size]
        return np.asarray(table @ self._projected(parameters, x).T + parameters[self.bias][:, None])

    def _projected(self, parameters: Parameters, x: FloatArray) -> FloatArray:
        return x @ parameters[self.projection] if self.projection else x

    def backward(self, work: Workspace, x: FloatArray, d_out: FloatArray, rows: IntArray | None = None) -> FloatArray:
        """d_out (K, N), or (C, N) → gradient of x (N, D), as in `Dense`. `share` adds the table's gradient later, once
        the rest of it is written."""
        self._d_weight = d_out @ self._projected(work.parameters, x)  # out = table projectedᵀ
        self._rows = rows
        self._bias_backward(work, d_out, rows)
        d_projected = d_out.T @ self._table(work.parameters, rows)
        if not self.projection:
            return d_projected
        np.matmul(x.T, d_projected, out=work.gradients[self.projection])  # projected = x P
        return np.asarray(d_projected @ work.parameters[self.projection].T)

    def share(self, work: Workspace) -> None:
        """Add the gradient of the table that came through the read-out."""
        assert self._d_weight is not None, "after `backward`"
        rows = slice(self.output_size) if self._rows is None else self._rows  # none of which occurs twice
        work.gradients[self.weight][rows] += self._d_weight


@dataclass
class AttentionTape:
    """Kept by attention for its backward pass. Arrays are by example: T decoder steps, S encoder steps."""

    queries: FloatArray  # (B, T, H) decoder states
    keys: FloatArray  # (B, S, E) encoder states, zero beyond each source's end
    projected: FloatArray  # (B, T, E)
    weights: FloatArray  # (B, T, S), zero beyond each source's end
    joined: FloatArray  # (N, E + H) context and state, decoder's rows
    output: FloatArray  # (N, H)
    source_rows: tuple[IntArray, IntArray]  # for each encoder row its (b, s)
    target_rows: tuple[IntArray, IntArray]  # for each decoder row its (b, t)


def _each(rows: FloatArray, matrix: FloatArray) -> FloatArray:
    """(B, T, D), (D, E) → (B, T, E): one product, where NumPy makes one for each of B and takes three times as long."""
    return (rows.reshape(-1, rows.shape[2]) @ matrix).reshape(*rows.shape[:2], -1)


class Attention:
    """The decoder looks back at every state of the encoder.

    score = q W_a kᵀ, weights = softmax over the source, context = weights · k, output = tanh(W_c [context; q]).
    Luong, Pham and Manning, "Effective approaches to attention-based neural machine translation" (2015), "general",
    without input feeding. With a location, the score also depends on where attention was before.
    """

    def __init__(self, prefix: str, encoder_size: int, decoder_size: int, location: Location | None = None) -> None:
        self.score = f"{prefix}.score"
        self.combine = f"{prefix}.combine"
        self.encoder_size = encoder_size
        self.decoder_size = decoder_size
        self.location = location

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes: score (H, E), combine (E + H, H), and those of the location."""
        both = self.encoder_size + self.decoder_size
        own: dict[str, tuple[int, ...]] = {
            self.score: (self.decoder_size, self.encoder_size),
            self.combine: (both, self.decoder_size),
        }
        return own if self.location is None else own | self.location.shapes()

    def rate_shares(self) -> dict[str, float]:
        """W_a moves by 1/√E of the learning rate.

        A score is a sum over all H·E numbers of W_a, so a step of Adam, which moves each of them by about the rate, can
        move a score by more than 10 at once. Attention then gets stuck at the same place of every source before it has
        learned where to look. Dividing the scores by √E, as in Vaswani et al., "Attention is all you need" (2017),
        would have the same effect on these steps. A location moves attention on, so nothing has to be slower there.
        """
        return {self.score: 1 / math.sqrt(self.encoder_size)} if self.location is None else {}

    def weigh(
        self,
        parameters: Parameters,
        queries: FloatArray,
        keys: FloatArray,
        lengths: IntArray,
        attended: FloatArray | None = None,
    ) -> tuple[FloatArray, FloatArray]:
        """(B, T, H), (B, S, E), (B,) → projected queries (B, T, E) and weights (B, T, S), zero beyond the lengths.

        attended (B, 2, S): with a location, where attention was before these T steps; they are added to it.
        """
        projected = _each(queries, parameters[self.score])
        scores = projected @ keys.transpose(0, 2, 1)
        outside = np.arange(keys.shape[1]) >= lengths[:, None]
        np.copyto(scores, -np.inf, where=outside[:, None, :])
        if self.location is None:
            softmax_in_place(scores, axis=-1)
            return projected, scores
        attended = self.nowhere(keys) if attended is None else attended
        for t in range(queries.shape[1]):
            scores[:, t] += self.location.added(parameters, attended)
            softmax_in_place(scores[:, t], axis=-1)
            note_weights(attended, scores[:, t])
        return projected, scores

    @staticmethod
    def nowhere(keys: FloatArray) -> FloatArray:
        """(B, 2, S) where attention was before the first step: nowhere; keys (B, S, E)."""
        return np.zeros((len(keys), 2, keys.shape[1]), keys.dtype)

    def combined(self, parameters: Parameters, joined: FloatArray) -> FloatArray:
        """(N, E + H) → (N, H): tanh(W_c [context; q])."""
        out = joined @ parameters[self.combine]
        return np.asarray(np.tanh(out, out=out))

    def forward(
        self,
        parameters: Parameters,
        states: FloatArray,
        encoder_states: FloatArray,
        lengths: IntArray,
        source_rows: tuple[IntArray, IntArray],
        target_rows: tuple[IntArray, IntArray],
    ) -> AttentionTape:
        """states (N, H) of the decoder, encoder_states (M, E), lengths (B,) of the sources, all packed.

        source_rows and target_rows give the example and the step (b, s), (b, t) of each packed row.
        """
        batch = len(lengths)
        keys = np.zeros((batch, int(lengths.max()), self.encoder_size), states.dtype)
        keys[source_rows] = encoder_states
        queries = np.zeros((batch, int(target_rows[1].max()) + 1, self.decoder_size), states.dtype)
        queries[target_rows] = states
        projected, weights = self.weigh(parameters, queries, keys, lengths)
        context = weights @ keys
        joined = np.concatenate((context[target_rows], states), axis=1)
        output = self.combined(parameters, joined)
        return AttentionTape(queries, keys, projected, weights, joined, output, source_rows, target_rows)

    def backward(
        self, work: Workspace, tape: AttentionTape, d_output: FloatArray, d_heat: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """d_output (N, H) → gradients of the decoder's states (N, H) and of the encoder's (M, E).

        d_heat (N, S): gradient of the weights from elsewhere than the context.
        """
        d_sum = d_output * (1 - tape.output * tape.output)  # output = tanh(…)
        np.matmul(tape.joined.T, d_sum, out=work.gradients[self.combine])  # … joined W_c
        d_joined = d_sum @ work.parameters[self.combine].T
        d_context = np.zeros_like(tape.projected)
        d_context[tape.target_rows] = d_joined[:, : self.encoder_size]  # joined = [context; states]
        d_weights = d_context @ tape.keys.transpose(0, 2, 1)  # context = weights keys
        d_keys = tape.weights.transpose(0, 2, 1) @ d_context
        if d_heat is not None:
            d_weights[tape.target_rows] += d_heat
        d_scores = self._scores_backward(work, tape, d_weights)
        d_projected = d_scores @ tape.keys  # scores = projected keysᵀ
        d_keys += d_scores.transpose(0, 2, 1) @ tape.projected
        flat_queries = tape.queries.reshape(-1, self.decoder_size)
        flat_projected = d_projected.reshape(-1, self.encoder_size)
        np.matmul(flat_queries.T, flat_projected, out=work.gradients[self.score])  # projected = queries W_a
        d_queries = _each(d_projected, work.parameters[self.score].T)
        d_states = d_queries[tape.target_rows] + d_joined[:, self.encoder_size :]
        return d_states, d_keys[tape.source_rows]

    def _scores_backward(self, work: Workspace, tape: AttentionTape, d_weights: FloatArray) -> FloatArray:
        """(B, T, S)."""
        if self.location is None:
            inner = (d_weights * tape.weights).sum(axis=2, keepdims=True)
            return np.asarray(tape.weights * (d_weights - inner))  # weights = softmax(scores)
        work.gradients[self.location.filters].fill(0)
        d_scores, d_attended = np.empty_like(d_weights), self.nowhere(tape.keys)
        before = np.cumsum(tape.weights, axis=1) - tape.weights
        for t in reversed(range(d_weights.shape[1])):
            d_step = d_weights[:, t] + d_attended.sum(axis=1)  # attended = [weights of this step; sum of all so far]
            inner = (d_step * tape.weights[:, t]).sum(axis=1, keepdims=True)
            d_scores[:, t] = tape.weights[:, t] * (d_step - inner)  # weights = softmax(scores)
            if t:
                attended = np.stack((tape.weights[:, t - 1], before[:, t]), axis=1)
                d_before = self.location.backward(work, attended, d_scores[:, t])  # scores = … + location(attended)
                d_attended[:, 0] = d_before[:, 0]
                d_attended[:, 1] += d_before[:, 1]
        return d_scores
