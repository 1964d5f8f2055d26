"""The class of an exported `model.py`, written out for one network: no branch that this network does not take."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from engine.export.pytorch.reading import (
    DEVICE,
    ID_OF,
    INIT,
    class_of,
    dropout_line,
    embedded,
    recurrent_line,
    spelling_functions,
    spelling_methods,
    symbol_lines,
    with_functions,
)
from engine.export.pytorch.translating import translating_part
from engine.models import EncoderDecoder, FeedForward, ManyToMany, ManyToOne, Model, OneToMany, OneToOne

_SAMPLE = '''\
def sample(logits, temperature, top_k, top_p, generator):
    """logits (B, K) → one id for each row.

    temperature 0 takes the most probable; top_k keeps the k most probable (0: all), top_p the fewest whose
    probabilities reach p.
    """
    if temperature <= 0:
        return logits.argmax(dim=1)
    probabilities = (logits.double() / temperature).softmax(dim=1)
    if 0 < top_k < probabilities.shape[1]:
        kth = probabilities.topk(top_k, dim=1).values[:, -1:]
        probabilities = probabilities.masked_fill(probabilities < kth, 0)
    if top_p < 1:
        ranked, order = probabilities.sort(dim=1, descending=True)
        before = ranked.cumsum(dim=1) - ranked
        before[:, 0] = -1  # the most probable one is always kept
        ranked = ranked.masked_fill(before >= top_p * ranked.sum(dim=1, keepdim=True), 0)
        probabilities = torch.zeros_like(probabilities).scatter(1, order, ranked)
    return torch.multinomial(probabilities.cpu(), 1, generator=generator)[:, 0].to(logits.device)
'''

_BEST_FIRST = '''\
def best_first(probabilities, names):
    """Name → probability, the most probable first."""
    pairs = zip(names, probabilities.tolist())
    return dict(sorted(pairs, key=lambda pair: -pair[1]))
'''

_ONE_TO_MANY_FORWARD = '''
    def forward(self, ids, state=None):
        """ids (B, T) → logits of each next symbol (B, T, @V@), and the state to go on from."""
        x = @X@
        states, state = self.recurrent(x, state)
        return self.output(states), state
'''

_GENERATE = '''
    @torch.no_grad()
    def generate(self, count=10, label=None, prefix="", temperature=1.0, top_k=0, top_p=1.0, seed=None, length=0):
        """Write `count` texts; each a Generated(text, log_probability, tokens).

        @LABEL@
        length: at most so many symbols; 0 for @LIMIT_IN_WORDS@.
        Log-probabilities are those of temperature 1.
        """
        generator = torch.Generator()
        generator.seed() if seed is None else generator.manual_seed(seed)
        begin = @BEGIN@
        logits, state = self(torch.tensor([begin] * count, device=self.device))
        logits, limit = logits[:, -1], length or @LIMIT@
        written, scores = [[] for _ in range(count)], [0.0] * count
        alive = [True] * count
        for t in range(limit):
            known = logits.log_softmax(dim=1)
            allowed = logits.clone()
            allowed[:, @NEVER@] = -torch.inf
            ids = sample(allowed, temperature, top_k, top_p, generator)
            for row, k in enumerate(ids.tolist()):
                if alive[row]:
                    scores[row] += known[row, k].item()
                    alive[row] = k != END
                    if alive[row]:
                        written[row].append(self.symbols[k])
            if not any(alive) or t == limit - 1:
                break
            logits, state = self(ids[:, None], state)
            logits = logits[:, -1]
        start = symbols_of(prefix)
        return [Generated(join(start + row), score, tuple(start + row)) for row, score in zip(written, scores)]
'''

_PREDICT_NEXT = '''
    @torch.no_grad()
    def predict(self, text):
        """Symbol → probability of being next, seen from the last symbol of `text` alone."""
        symbols = symbols_of(text)
        ids = self.ids(symbols[-1:]) or [@START@]
        logits = self(torch.tensor([ids], device=self.device))
        return best_first(logits[0, -1].softmax(dim=0), self.symbols)
'''

_ONE_TO_ONE_FORWARD = '''
    def forward(self, ids):
        """ids (B, T) → logits of each next symbol (B, T, @V@), each from its own symbol alone."""
        each = ids.reshape(-1, 1)  # no past: every symbol is a sequence of one step
        x = @X@
        states, _ = self.recurrent(x)
        return self.output(states).reshape(*ids.shape, -1)
'''

_LABELS = '        self.labels = vocabulary["target"]\n'

_CLASSIFY = '''
    @torch.no_grad()
    def @VERB@(self, text):
        """Label → probability, the most probable first."""
        symbols = symbols_of(text)
        ids = self.ids(symbols) or [END]  # nothing is read as the end of a text
        logits = self(torch.tensor([ids], device=self.device), torch.tensor([len(ids)])@WORDS@)
        return best_first(logits[0].softmax(dim=0), self.labels)
'''

_FEED_FORWARD = '''
    @torch.no_grad()
    def predict(self, text):
        """Label → probability, the most probable first."""
        ids = self.ids(symbols_of(text))
        logits = self(torch.tensor([ids or [UNKNOWN]], device=self.device), torch.tensor([len(ids)]))
        return best_first(logits[0].softmax(dim=0), self.labels)

    classify = predict
'''

_TAG = '''
    @torch.no_grad()
    def tag(self, text):
        """The most probable tag of each token, as Tagged(token, tag, probability)."""
        tokens = symbols_of(text, self.id_of) if isinstance(text, str) else list(text)
        if not tokens:
            return []
        logits = self(torch.tensor([self.ids(tokens)], device=self.device), torch.tensor([len(tokens)])@WORDS@)
        best = logits[0].softmax(dim=1).max(dim=1)
        rows = zip(tokens, best.indices.tolist(), best.values.tolist())
        return [Tagged(token, self.tags[k], probability) for token, k, probability in rows]
'''


def network_part(model: Model) -> str:
    """Source of the helpers and of the class `Network`."""
    return _PARTS[type(model)](model)


def _one_to_many(model: Model) -> str:
    model = cast(OneToMany, model)
    stream = model.codec.kind == "stream"
    if stream:
        first = model.first_inputs("", None)[0]
        begin = f"self.ids(symbols_of(prefix)) or [{first}]"
        label, limit, words = "prefix: what the text begins with.", "200", "200"
    elif model.labels:
        begin = "[len(self.symbols) + self.labels.index(label or self.labels[0]), *self.ids(symbols_of(prefix))]"
        label = "label: what to write for, one of `self.labels`; prefix: what the text begins with."
        limit, words = str(2 * model.longest + 1), "twice the longest text of the data"
    else:
        begin = "[len(self.symbols), *self.ids(symbols_of(prefix))]"
        label = "prefix: what the text begins with; label: not used, these data had none."
        limit, words = str(2 * model.longest + 1), "twice the longest text of the data"
    body = _GENERATE.replace("@BEGIN@", begin).replace("@LABEL@", label).replace("@LIMIT@", limit)
    body = body.replace("@LIMIT_IN_WORDS@", words).replace("@NEVER@", "[UNKNOWN, END]" if stream else "UNKNOWN")
    forward = _ONE_TO_MANY_FORWARD.replace("@V@", str(model.vocabulary_size))
    forward = forward.replace("@X@", embedded(model, model.network, "ids"))
    named = 'Generated = namedtuple("Generated", "text log_probability tokens")\n'
    init = _simple_init(model, _LABELS if model.labels else "")
    return f"{named}\n\n{_SAMPLE}\n\n{class_of(model, init + forward + ID_OF + body + DEVICE)}"


def _one_to_one(model: Model) -> str:
    model = cast(OneToOne, model)
    first = str(model.first_inputs("", None)[0])
    forward = _ONE_TO_ONE_FORWARD.replace("@V@", str(model.vocabulary_size))
    forward = forward.replace("@X@", embedded(model, model.network, "each"))
    body = _PREDICT_NEXT.replace("@START@", first)
    return f"{_BEST_FIRST}\n\n{class_of(model, _simple_init(model) + forward + ID_OF + body + DEVICE)}"


def _simple_init(model: Model, more: str = "") -> str:
    (network,) = model.networks().values()
    lines = symbol_lines(model, network) + dropout_line(model) + recurrent_line(model, network.recurrent, "recurrent")
    answers = model.parameters["output.weight"].shape
    return INIT + more + lines + f"        self.output = nn.Linear({answers[1]}, {answers[0]})\n"


def _read_ragged(model: Model, last: str) -> str:
    """Lines that read ids (B, T) of the given lengths. last: the name for the state at the end, or "_"."""
    (network,) = model.networks().values()
    return (
        f"        x = {embedded(model, network, 'ids')}\n"
        "        packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)\n"
        f"        states, {last} = self.recurrent(packed)\n"
    )


def _many_to_one(model: Model) -> str:
    model = cast(ManyToOne, model)
    lstm, both = model.config.cell == "lstm", model.config.bidirectional
    words = ", words" * (model.network.spelling is not None)
    lines = f'''
    def forward(self, ids, lengths{words}):
        """ids (B, T), padded with anything, and lengths (B,) → logits of the labels (B, {len(model.labels)})."""
'''
    if model.config.pooling == "last":
        lines += _read_ragged(model, "last")
        lines += "        last = last[0]  # h of the pair (h, c)\n" * lstm
        pooled = "torch.cat((last[-2], last[-1]), dim=1)" if both else "last[-1]"
        lines += f"        return self.output({pooled})\n"
    else:
        lines += _read_ragged(model, "_")
        if model.config.pooling == "max":
            lines += (
                "        states, _ = pad_packed_sequence(states, batch_first=True, padding_value=-torch.inf)\n"
                "        return self.output(states.amax(dim=1))\n"
            )
        else:
            lines += (
                "        states, _ = pad_packed_sequence(states, batch_first=True)\n"
                "        return self.output(states.sum(dim=1) / lengths.to(states)[:, None])\n"
            )
    body = _CLASSIFY.replace("@VERB@", "classify").replace("@WORDS@", ", [symbols or [END_SYMBOL]]" if words else "")
    whole = _simple_init(model, _LABELS) + lines + ID_OF + spelling_methods(model, model.network) + body + DEVICE
    return with_functions(spelling_functions(model.network), f"{_BEST_FIRST}\n\n{class_of(model, whole)}")


def _many_to_many(model: Model) -> str:
    model = cast(ManyToMany, model)
    words = ", words" * (model.network.spelling is not None)
    lines = f'''
    def forward(self, ids, lengths{words}):
        """ids (B, T), padded with anything, and lengths (B,) → logits of the tags (B, T, {len(model.tags)})."""
'''
    lines += _read_ragged(model, "_")
    lines += "        states, _ = pad_packed_sequence(states, batch_first=True)\n        return self.output(states)\n"
    named = 'Tagged = namedtuple("Tagged", "token tag probability")\n'
    body = _TAG.replace("@WORDS@", ", [tokens]" if words else "")
    init = _simple_init(model, '        self.tags = vocabulary["target"]\n')
    whole = init + lines + ID_OF + spelling_methods(model, model.network) + body + DEVICE
    return with_functions(spelling_functions(model.network), f"{named}\n\n{class_of(model, whole)}")


def _feed_forward(model: Model) -> str:
    model = cast(FeedForward, model)
    size, labels = model.config.hidden_size, len(model.labels)
    lines = f'''
        self.labels = vocabulary["target"]
        self.table = nn.Parameter(torch.zeros({model.longest}, {model.vocabulary_size}, {size}))  # position, symbol
        self.bias = nn.Parameter(torch.zeros({size}))
        self.output = nn.Linear({size}, {labels})

    def forward(self, ids, lengths):
        """ids (B, T), padded with anything, and lengths (B,) → logits of the labels (B, {labels}).

        Every position has weights of its own; what stands beyond the last position is not read.
        """
        ids = ids[:, :{model.longest}]
        places = torch.arange(ids.shape[1], device=ids.device)
        inside = places < lengths.to(ids.device)[:, None]
        hidden = (self.table[places, ids] * inside[:, :, None]).sum(dim=1)
        return self.output(torch.tanh(hidden + self.bias))
'''
    body = INIT.rstrip("\n") + lines + ID_OF + _FEED_FORWARD + DEVICE
    return f"{_BEST_FIRST}\n\n{class_of(model, body)}"


_PARTS: dict[type[Model], Callable[[Model], str]] = {
    OneToOne: _one_to_one,
    OneToMany: _one_to_many,
    ManyToOne: _many_to_one,
    ManyToMany: _many_to_many,
    FeedForward: _feed_forward,
    EncoderDecoder: translating_part,
}
