"""Names of blocks of weights, in the letters of the equations."""

from __future__ import annotations

from gui.widgets.symbols import subscript

BACKWARD = "←"  # the second of two directions, as in the picture of the network
LETTERS = {"weight": "W", "weight_ih": "W", "weight_hh": "U", "bias": "b", "bias_hn": "bₙ"}
EMBEDDINGS = {
    "embedding": "embedding",
    "affix_embedding": "affixes",
    "letter_embedding": "letters",
    "pattern_embedding": "patterns",
    "neighbour_embedding": "neighbours",
}
READER = "letters"  # a network of its own, which reads the letters of a word
ONLY_PART = "network"  # the owner of the weights in a network with only one part


def weight_title(name: str) -> str:
    """The title of a block: "U₁" for "network.0.weight_hh", "encoder U₁" if the network has several parts."""
    part, *rest = name.split(".")
    named = [] if part == ONLY_PART else [part]
    if len(rest) == 2 and rest[0] in EMBEDDINGS:
        return " ".join((*named, EMBEDDINGS[rest[0]]))
    if rest[:1] == [READER]:
        named.append(rest.pop(0))
    if rest and rest[0].isdigit():
        letter = LETTERS.get(rest[-1], rest[-1]) + subscript(int(rest[0]) + 1)
        between = "".join(BACKWARD if word == "reverse" else f" {word}" for word in rest[1:-1])
        return " ".join((*named, letter + between))
    return " ".join((*named, *(LETTERS.get(word, word) for word in rest)))
