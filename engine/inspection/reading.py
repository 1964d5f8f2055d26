"""One text, read by a model: the example it makes, and the parts of the network that read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.data.examples import Example
from engine.data.vocabulary import END, START, UNKNOWN
from engine.models import EncoderDecoder, FeedForward, ManyToMany, ManyToOne, Model, OneToMany, OneToOne
from engine.models.base import Pass
from engine.models.encoder_decoder import EncoderDecoderPass
from engine.models.many_to_many import ManyToManyPass
from engine.models.many_to_one import ManyToOnePass
from engine.models.one_to_many import NextSymbolPass
from engine.network.sequence_network import SymbolTape

Text = str | Sequence[str] | Example


@dataclass(frozen=True)
class Part:
    """A recurrent part of the network with what stands under each of its steps."""

    name: str  # "" or "encoder" or "decoder"
    tape: SymbolTape
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A forward pass over one text. `targets` as far as the truth is known, else the network's own answer."""

    done: Pass
    parts: tuple[Part, ...]
    symbols: tuple[str, ...]
    targets: tuple[str, ...]
    known: bool


def shown(model: Model, tokens: Sequence[str], target_side: bool = False) -> tuple[str, ...]:
    """Tokens as the network sees them: what it does not know is marked as unknown."""
    vocabulary = model.codec.target if target_side else model.codec.source
    assert vocabulary is not None
    return tuple(token if vocabulary.index(token) is not None else UNKNOWN for token in tokens)


def example_of(model: Model, text: Text, label: str | None = None) -> tuple[Example, bool]:
    """The example that a text makes for this model, and whether its target is the truth.

    A bare text has no target: the model's own best answer stands in for it. For a generator the text is what it is to
    write, under `label` (the first label if None).
    """
    if isinstance(text, Example):
        return text, True
    codec = model.codec
    tokens = codec.tokenize(text) if isinstance(text, str) else tuple(text)
    if isinstance(model, EncoderDecoder):
        return Example(tokens, model.translate(tokens, beam_size=1)[0].tokens), False
    if isinstance(model, ManyToMany):
        tokens = tokens or (UNKNOWN,)  # without a token there is no step to show
        return Example(tokens, tuple(tagged.tag for tagged in model.tag(tokens))), False
    if isinstance(model, ManyToOne | FeedForward):
        return Example(tokens, (next(iter(model.classify(tokens))) if label is None else label,)), label is not None
    if codec.target is not None:
        return Example(tokens, (label or codec.target.symbols[0],)), True
    return Example(tokens), True


def read(model: Model, text: Text, label: str | None = None) -> Reading:
    """Run the model over one text, keeping everything; arrays are valid until the model is used again."""
    example, known = example_of(model, text, label)
    source = shown(model, example.source)
    if model.codec.kind == "stream" and len(example.source) < 2:
        # running text needs a symbol to read and one to predict
        first = model.codec.source.symbols[2:3] or (UNKNOWN,)
        example = Example((first * 2 + example.source)[-2:])
        source = shown(model, example.source)
    one = model.one(example.source, example.target)
    model.arena.reset()
    done = model.forward(one, None, None)
    symbols: tuple[str, ...] = model.codec.source.symbols
    if isinstance(done, EncoderDecoderPass):
        assert model.codec.target is not None
        target = shown(model, example.target, target_side=True)
        parts = (Part("encoder", done.encoder, (*source, END)), Part("decoder", done.decoder, (START, *target)))
        return Reading(done, parts, model.codec.target.symbols, (*target, END), known)
    if isinstance(done, ManyToManyPass):
        assert isinstance(model, ManyToMany)
        return Reading(done, (Part("", done.body, source),), model.tags, example.target, known)
    if isinstance(done, ManyToOnePass):
        assert isinstance(model, ManyToOne)
        return Reading(done, (Part("", done.body, source or (END,)),), model.labels, example.target, known)
    if isinstance(done, NextSymbolPass):
        assert isinstance(model, OneToMany | OneToOne)
        if model.codec.kind == "stream":
            return Reading(done, (Part("", done.body, source[:-1]),), symbols, source[1:], known)
        start = example.target[0] if model.labels else START
        return Reading(done, (Part("", done.body, (start, *source)),), symbols, (*source, END), known)
    assert isinstance(model, FeedForward)
    return Reading(done, (), model.labels, example.target, known)
