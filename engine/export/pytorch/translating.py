"""The class of an exported encoder–decoder."""

from __future__ import annotations

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
from engine.models import EncoderDecoder, Model
from engine.models.beam import LENGTH_PENALTY

_NAMED = 'Translation = namedtuple("Translation", "text log_probability tokens attention")\n'

_DECODE_PLAIN = '''
    def decode(self, ids, state):
        """What is written so far, ids (B, T) → logits of the next symbols (B, T, K), and the state to go on from."""
        x = @X@
        states, state = self.decoder(x, state)
        return self.output(states), state
'''

_DECODE_ATTENTION = '''
    def decode(self, ids, state, keys, inside):
        """What is written so far, ids (B, T) → logits of the next symbols (B, T, K), and the state to go on from.

        Every step looks back at the states of the encoder, keys (B, S, E), where inside (B, S) is true; the last value
        is how much it looked at each, (B, T, S).
        """
        x = @X@
        states, state = self.decoder(x, state)
        scores = self.score(states) @ keys.transpose(1, 2)
        weights = scores.masked_fill(~inside[:, None], -torch.inf).softmax(dim=2)
        states = torch.tanh(self.combine(torch.cat((weights @ keys, states), dim=2)))
        return self.output(states), state, weights
'''

_FORWARD = '''
    def forward(self, ids, lengths, target@WORDS@):
        """Source ids (B, S) with END after each, lengths (B,) with that END, and target ids (B, T) that begin with
        START → logits of the next symbols of the target (B, T, @K@)."""
        return self.decode(target, @ENCODED@)[0]
'''

_TRANSLATE = '''
    @torch.no_grad()
    def translate(self, text, beam_size=4):
        """The best answers of a beam search, most probable first; beam_size 1 is greedy."""
        symbols = symbols_of(text)
        source = torch.tensor([[*self.ids(symbols), END]], device=self.device)
        @READ@
        limit = 2 * max(@LONGEST@, len(symbols)) + 5
        ids, begun, done = [START], [Beam((), 0.0, ())], []
        greedy = 0  # which of those begun takes the most probable symbol each time; None when it has ended
        for _ in range(limit):
            @STEP@
            scores = logits[:, -1].double().log_softmax(dim=1)
            scores[:, UNKNOWN] = -torch.inf
            scores += torch.tensor([beam.score for beam in begun], device=self.device)[:, None]
            best = scores.flatten().topk(min(beam_size, scores.numel())).indices.tolist()
            first = None if greedy is None else greedy * scores.shape[1] + int(scores[greedy].argmax())
            if first is not None and first not in best:
                best[-1] = first  # the greedy answer keeps a place, so that no answer is worse
            greedy, parents, fresh = None, [], []
            for place in best:
                parent, symbol = divmod(place, scores.shape[1])
                score = float(scores[parent, symbol])
                looked = @LOOKED@
                if symbol == END:
                    done.append(Beam(begun[parent].ids, score, looked))
                elif score > -torch.inf:
                    greedy = len(fresh) if place == first else greedy
                    fresh.append(Beam((*begun[parent].ids, symbol), score, looked))
                    parents.append(parent)
            done = sorted(done, key=rank, reverse=True)[:beam_size]
            # What is begun can only lose probability: at best it keeps what it has and grows to the limit.
            hope = max((beam.score for beam in fresh), default=-torch.inf) / penalty(limit + 1)
            if not fresh or (len(done) == beam_size and rank(done[-1]) >= hope):
                break
            begun, ids = fresh, [beam.ids[-1] for beam in fresh]
            state = @SELECT@
        else:
            done = sorted(done + begun, key=rank, reverse=True)[:beam_size]
        return [self.translation(beam) for beam in done]

    def translation(self, beam):
        """A finished answer as text."""
        tokens = tuple(self.target_symbols[k] for k in beam.ids)
        attention = torch.stack(beam.attention).tolist() if beam.attention else None
        return Translation(join(tokens), beam.score, tokens, attention)
'''

_BEAM = '''\
Beam = namedtuple("Beam", "ids score attention")  # an answer begun: its log-probability, and where each step looked


def penalty(length):
    """Long answers are not to lose for being long: Wu et al. (2016), equation 14; `length` counts the end."""
    return ((5 + length) / 6) ** @PENALTY@


def rank(beam):
    """What answers are ordered by."""
    return beam.score / penalty(len(beam.ids) + 1)
'''


def translating_part(model: Model) -> str:
    """Source of the helpers and of the class `Network`."""
    model = cast(EncoderDecoder, model)
    words = ", words" * (model.encoder.spelling is not None)
    body = _init(model) + _encode(model, words) + _decode(model) + _forward(model, words) + ID_OF
    body += spelling_methods(model, model.encoder) + _translate(model, bool(words)) + DEVICE
    start = f"START = {model.start_id}  # what the decoder reads first\n"
    head = f"{start}{_NAMED}{_BEAM}".replace("@PENALTY@", repr(LENGTH_PENALTY))
    return with_functions(spelling_functions(model.encoder), f"{head}\n\n{class_of(model, body)}")


def _init(model: EncoderDecoder) -> str:
    size, wide = model.config.hidden_size, model.encoder.output_size
    lines = INIT + '        self.target_symbols = vocabulary["target"]\n' + dropout_line(model)
    lines += symbol_lines(model, model.encoder, "encoder_")
    lines += recurrent_line(model, model.encoder.recurrent, "encoder")
    for name in _bridges(model):
        lines += f"        self.{name} = nn.Linear({wide}, {size}, bias=False)\n"
    lines += symbol_lines(model, model.decoder, "decoder_")
    lines += recurrent_line(model, model.decoder.recurrent, "decoder")
    if model.attention is not None:
        lines += f"        self.score = nn.Linear({size}, {wide}, bias=False)\n"
        lines += f"        self.combine = nn.Linear({wide + size}, {size}, bias=False)\n"
    return lines + f"        self.output = nn.Linear({size}, {model.target_size})\n"


def _bridges(model: EncoderDecoder) -> list[str]:
    return [name.replace(".", "_") for name in model.parameters if name.startswith("bridge.")]


def _encode(model: EncoderDecoder, words: str) -> str:
    attends = model.attention is not None
    result = "what the decoder starts from"
    if attends:
        result += ", the states (B, S, E)\n        to look back at, and which of them count (B, S)"
    lines = f'''
    def encode(self, ids, lengths{words}):
        """ids (B, S), END after each, padded with anything; lengths (B,) → {result}."""
'''
    lines += f"        x = {embedded(model, model.encoder, 'ids', 'encoder_')}\n"
    lines += "        packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)\n"
    lines += f"        {'states' if attends else '_'}, last = self.encoder(packed)\n"
    if model.config.bidirectional:
        lines += _bridge_lines(model)
    if not attends:
        return lines + "        return last\n"
    lines += "        keys, _ = pad_packed_sequence(states, batch_first=True)\n"
    lines += "        inside = torch.arange(keys.shape[1], device=ids.device) < lengths.to(ids.device)[:, None]\n"
    return lines + "        return last, keys, inside\n"


def _bridge_lines(model: EncoderDecoder) -> str:
    """Both directions' last states through a learned matrix, for each layer and each state of the cell."""
    states = model.encoder.recurrent.layers[0][0].cell.states
    lines = "        h, c = last\n" if len(states) == 2 else "        h = last\n"
    for state in states:
        rows = [
            f"self.bridge_{k}_{state}(torch.cat(({state}[{2 * k}], {state}[{2 * k + 1}]), dim=1))"
            for k in range(model.config.num_layers)
        ]
        inner = "".join(f"            {row},\n" for row in rows)
        lines += f"        first_{state} = torch.stack([\n{inner}        ])\n"
    return lines + ("        last = (first_h, first_c)\n" if len(states) == 2 else "        last = first_h\n")


def _decode(model: EncoderDecoder) -> str:
    template = _DECODE_PLAIN if model.attention is None else _DECODE_ATTENTION
    return template.replace("@X@", embedded(model, model.decoder, "ids", "decoder_"))


def _forward(model: EncoderDecoder, words: str) -> str:
    star = "*" * (model.attention is not None)
    encoded = f"{star}self.encode(ids, lengths{words})"
    lines = _FORWARD.replace("@WORDS@", words).replace("@K@", str(model.target_size))
    return lines.replace("@ENCODED@", encoded)


def _translate(model: EncoderDecoder, spelled: bool) -> str:
    attends, lstm = model.attention is not None, model.config.cell == "lstm"
    words = ", [[*symbols, END_SYMBOL]]" if spelled else ""
    call = f"self.encode(source, torch.tensor([len(symbols) + 1]){words})"
    current = "torch.tensor(ids, device=self.device)[:, None]"
    if attends:
        step = (
            f"many = keys.expand(len(ids), -1, -1)\n            logits, state, weights = "
            f"self.decode({current}, state, many, inside)"
        )
    else:
        step = f"logits, state = self.decode({current}, state)"
    return (
        _TRANSLATE.replace("@READ@", f"state, keys, inside = {call}" if attends else f"state = {call}")
        .replace("@LONGEST@", str(model.longest))
        .replace("@STEP@", step)
        .replace("@LOOKED@", "(*begun[parent].attention, weights[parent, 0])" if attends else "()")
        .replace("@SELECT@", "tuple(part[:, parents] for part in state)" if lstm else "state[:, parents]")
    )
