"""The parts of an exported `model.py` that every shape shares: symbols to numbers, recurrent layers, spelling."""

from __future__ import annotations

from engine.models import EncoderDecoder, FeedForward, ManyToMany, ManyToOne, Model, OneToMany, OneToOne
from engine.network.recurrent import Recurrent
from engine.network.sequence_network import SymbolNetwork
from engine.network.word_features import Letters

ID_OF = '''
    def ids(self, symbols):
        """Symbols as ids; those that the network does not know are UNKNOWN."""
        return [self.id_of.get(symbol, UNKNOWN) for symbol in symbols]
'''

INIT = """
    def __init__(self, vocabulary):
        super().__init__()
        self.symbols = vocabulary["source"]
        self.id_of = {symbol: k for k, symbol in enumerate(self.symbols)} | {END_SYMBOL: UNKNOWN}
"""

DEVICE = '''
    @property
    def device(self):
        """Where the weights are."""
        return self.output.weight.device
'''

_AFFIXES = '''
    def spell(self, words):
        """Words → (N, S): the sum of what each ending, beginning and outline of a word has learned."""
        ids = [
            [known.get(feature, known[""]) for known, feature in zip(self.affixes, affixes_of(word))] for word in words
        ]
        return self.affix_embedding(torch.tensor(ids, device=self.output.weight.device)).sum(dim=1)
'''

_AFFIXES_OF = '''\
def affixes_of(word):
    """Endings, beginnings and outline of a word: "Paris" has the outline "Xx", "1984" the outline "d"."""
    small = word.lower()
    kinds = ["d" if c.isdigit() else "X" if c.isupper() else "x" if c.isalpha() else c for c in word]
    outline = "".join(kind for kind, _ in groupby(kinds))
    return ["-" + small[-k:] for k in (1, 2, 3, 4)] + [small[:k] + "-" for k in (1, 2, 3)] + [outline]
'''

_LETTERS = '''
    def spell(self, words):
        """Words → (N, S): the last states of a small network that reads the letters of each in both directions."""
        ids = [[self.letters.get(letter, 0) for letter in word[:32]] or [0] for word in words]
        lengths = torch.tensor([len(row) for row in ids])
        x = self.letter_embedding(pad_sequence([torch.tensor(row) for row in ids], batch_first=True).to(self.device))
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        _, last = self.letter_reader(packed)
        @H@
        return torch.cat((last[0], last[1]), dim=1)
'''


def recurrent_line(model: Model, recurrent: Recurrent, name: str, indent: str = "        ") -> str:
    """`self.recurrent = nn.LSTM(…)`."""
    first = recurrent.layers[0][0]
    layers = len(recurrent.layers)
    options = [str(first.input_size), str(first.hidden_size)]
    options += [f"num_layers={layers}"] * (layers > 1)
    options += ["batch_first=True"]
    options += [f"dropout={recurrent.dropout}"] * (layers > 1 and recurrent.dropout > 0)
    options += ["bidirectional=True"] * (recurrent.directions == 2)
    return f"{indent}self.{name} = nn.{model.config.cell.upper()}({', '.join(options)})\n"


def symbol_lines(model: Model, network: SymbolNetwork, prefix: str = "") -> str:
    """What `__init__` makes for the symbols that a network reads."""
    lines = ""
    if network.embedding is not None:
        size, width = network.embedding.shape
        lines += f"        self.{prefix}embedding = nn.Embedding({size}, {width})\n"
    spelling = network.spelling
    if isinstance(spelling, Letters):
        size, width = spelling.embedding.shape
        lines += f"        self.letter_embedding = nn.Embedding({size}, {width})\n"
        lines += recurrent_line(model, spelling.recurrent, "letter_reader")
        lines += '        self.letters = vocabulary["letters"]  # letter → row, 0 for an unknown one\n'
    elif spelling is not None:
        ((size, width),) = spelling.shapes().values()
        lines += f"        self.affix_embedding = nn.Embedding({size}, {width})\n"
        lines += '        self.affixes = vocabulary["affixes"]  # for each kind of affix: affix → row\n'
    return lines


def dropout_line(model: Model) -> str:
    """The dropout of the embedding, which is off unless the network trains."""
    embedded = any(network.embedding is not None for network in model.networks().values())
    return f"        self.dropout = nn.Dropout({model.config.dropout})\n" if embedded and model.config.dropout else ""


def embedded(model: Model, network: SymbolNetwork, ids: str, prefix: str = "") -> str:
    """The expression for ids (B, T) as numbers (B, T, D)."""
    if network.embedding is None:
        return f"nn.functional.one_hot({ids}, {network.vocabulary_size}).to(self.output.weight.dtype)"
    rows = f"self.{prefix}embedding({ids})"
    if network.spelling is not None:
        rows = f"torch.cat(({rows}, self.spell_all(words, {ids})), dim=2)"
    return f"self.dropout({rows})" if model.config.dropout else rows


_SPELL_ALL = '''
    def spell_all(self, words, ids):
        """Rows of words → (B, T, S); every distinct word is spelled once, padding as the end symbol."""
        width = ids.shape[1]
        flat = [word for row in words for word in (*row, *[END_SYMBOL] * (width - len(row)))]
        distinct = {word: k for k, word in enumerate(dict.fromkeys(flat))}
        places = torch.tensor([distinct[word] for word in flat], device=self.device)
        return self.spell(list(distinct))[places].reshape(len(words), width, -1)
'''


def spelling_methods(model: Model, network: SymbolNetwork) -> str:
    """`spell` and `spell_all`, where spelling is read."""
    if network.spelling is None:
        return ""
    if not isinstance(network.spelling, Letters):
        return _SPELL_ALL + _AFFIXES
    take = "last = last[0]" if model.config.cell == "lstm" else ""
    return _SPELL_ALL + _LETTERS.replace("        @H@\n", f"        {take}\n" if take else "")


def spelling_functions(network: SymbolNetwork) -> str:
    """What the methods need."""
    if network.spelling is None or isinstance(network.spelling, Letters):
        return ""
    return _AFFIXES_OF


def spelling_vocabulary(network: SymbolNetwork) -> dict[str, object]:
    """What the spelling knows, for vocabulary.json."""
    spelling = network.spelling
    if spelling is None:
        return {}
    return {"letters" if isinstance(spelling, Letters) else "affixes": spelling.known}


def with_functions(functions: str, rest: str) -> str:
    """Functions in front of a class, if there are any."""
    return f"{functions}\n\n{rest}" if functions else rest


def class_of(model: Model, body: str) -> str:
    """The class with its first line."""
    titles = {
        OneToMany: "Writes text, symbol by symbol: each symbol it chooses is its next input.",
        OneToOne: "Predicts the next symbol from one symbol alone.",
        ManyToOne: "Reads a text, says its label.",
        ManyToMany: "Reads tokens, says the tag of each.",
        FeedForward: "Reads a text padded to one length, says its label.",
        EncoderDecoder: "Reads a text to its end, then writes another.",
    }
    return f'class Network(nn.Module):\n    """{titles[type(model)]}"""\n{body}'
