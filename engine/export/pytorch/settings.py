"""The description of a network for the templates, as JSON: config.json and vocabulary.json."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from engine.cells import CELLS
from engine.config import TrainingConfig
from engine.data import characters
from engine.data import codec as rules
from engine.data.codec import Codec, Kind
from engine.data.pieces import CHUNK
from engine.models import EncoderDecoder, ManyToMany, ManyToOne, Model, OneToMany, OneToOne
from engine.models.beam import LENGTH_PENALTY
from engine.models.entity_f1 import possible
from engine.models.model_description import ExportForm
from engine.network.crf import ConditionalRandomField
from engine.network.letter_patterns import PATTERN_WIDTHS, PATTERNS, LetterPatterns
from engine.network.recurrent_stack import Recurrent
from engine.network.sequence_network import SymbolNetwork
from engine.network.word_features import LONGEST_WORD, Letters, Spelling
from engine.runs.data_source import DataSource
from engine.runs.pytorch_folder import FOLDER_VERSION
from engine.runs.run import Run
from engine.runs.torch_tensors import tensors_of

_LENGTH_OF_RUNNING_TEXT = 200  # symbols to write when nothing else ends the text

JsonValues = dict[str, Any]


def template_of(model: Model) -> str:
    """The name of the template that becomes model.py."""
    return _TEMPLATES[_form(model)][0]


def _form(model: Model) -> ExportForm:
    assert model.export_form is not None, "`export_pytorch` refuses others"
    return model.export_form


def settings_of(model: Model, run: Run | None = None, data: DataSource | None = None) -> JsonValues:
    """config.json. run: the run that trained the network; None for default settings. data: the data it was trained on.
    "unroll" holds what the window also needs to import the network again.
    """
    training = TrainingConfig() if run is None else run.training
    common: JsonValues = {
        "text": _text(model.codec),
        "training": training.to_json(),
        "unroll": {
            "version": FOLDER_VERSION,
            "model": model.config.to_json(),
            "kind": model.codec.kind,
            "target_unit": model.codec.target_unit,
            "longest": model.longest,
            "steps_per_epoch": 0 if run is None else run.progress.steps_per_epoch,
            "data": None if data is None else data.to_json(),
        },
        "dropout": model.config.dropout,
        "slower": _slower(model),
        "sparse": _sparse(model) if training.keeps_rows_still else [],
        "read_out_size": model.parameters["output.weight"].shape[1],
    }
    return common | _TEMPLATES[_form(model)][1](model)


def _slower(model: Model) -> dict[str, float]:
    """Tensor → the share of the learning rate that it moves by."""
    shares = model.rate_shares()
    return {
        tensor.name: shares[place.parameter]
        for tensor in tensors_of(model)
        for place in tensor.places
        if place.parameter in shares
    }


def _sparse(model: Model) -> list[str]:
    """The tensors of which only the rows with a gradient move."""
    return [tensor.name for tensor in tensors_of(model) for place in tensor.places if place.parameter in model.tables()]


def vocabulary_of(model: Model, others: Sequence[str] = ()) -> JsonValues:
    """vocabulary.json: the symbols of both sides by id, with their counts in training, and the known letters or affixes
    of words. others: words of the examples that the network knows only by their spelling."""
    codec = model.codec
    values: JsonValues = {
        "source": codec.source.symbols,
        "source_counts": codec.source.counts.tolist(),
        "target": None if codec.target is None else codec.target.symbols,
        "target_counts": None if codec.target is None else codec.target.counts.tolist(),
    }
    if others:
        values["others"] = others
    for network in model.networks().values():
        if network.spelling is not None:
            values |= {_kind(spelling): spelling.known for spelling in network.spelling.parts}
    return values


def _text(codec: Codec) -> JsonValues:
    return {
        "lowercase": codec.lowercase,
        "composed": codec.composed,
        "reads": codec.unit,
        "writes": codec.target_unit if codec.kind == Kind.PAIRS else codec.unit,
        "word": rules.PLAIN_WORD.pattern,
        "cluster_word": rules.CLUSTER_WORD,
        "white_space": rules.WHITE_SPACE.pattern,
        "feature_ends": rules.FEATURE_ENDS.pattern,
        "chunk": CHUNK,
        "separator": rules.SEPARATOR,
        "no_space_before": rules.NO_SPACE_BEFORE.pattern,
        "no_space_after": "".join(sorted(rules.NO_SPACE_AFTER)),
        "currency_signs": "".join(sorted(rules.CURRENCY_SIGNS)),
        "spaced": codec.spaced,
        "cluster_ranges": characters.CLUSTER_RANGES,
    }


def _reader(model: Model, network: SymbolNetwork) -> JsonValues:
    return {
        "vocabulary_size": network.vocabulary_size,
        "embedding_size": 0 if network.embedding is None else network.embedding.shape[1],
        "dropout": model.config.dropout,
        "word_dropout": model.config.word_dropout,
        "spelling": _spelling(model, network),
        "neighbour_size": 0 if network.neighbours is None else network.neighbours.table.shape[1],
        "recurrent": _recurrent(model, network.recurrent),
    }


def _recurrent(model: Model, recurrent: Recurrent) -> JsonValues:
    """The class in torch.nn and its arguments."""
    first, layers, layer = recurrent.layers[0][0], len(recurrent.layers), CELLS[model.config.cell].torch
    assert layer is not None, "refused before"
    arguments: JsonValues = {
        "input_size": first.input_size,
        "hidden_size": first.hidden_size,
        "num_layers": layers,
        "dropout": recurrent.dropout if layers > 1 else 0.0,  # between layers
        "bidirectional": recurrent.directions == 2,
    }
    return {
        "layer": layer.name,
        "arguments": arguments | dict(layer.arguments),
        "second_bias": [bool(gate.past_through) for gate in first.cell.gates],
    }


def _kind(spelling: Spelling) -> str:
    if isinstance(spelling, Letters):
        return "letters"
    return "patterns" if isinstance(spelling, LetterPatterns) else "affixes"


def _spelling(model: Model, network: SymbolNetwork) -> JsonValues | None:
    if network.spelling is None:
        return None
    return {"parts": [_part(model, spelling) for spelling in network.spelling.parts]}


def _part(model: Model, spelling: Spelling) -> JsonValues:
    values: JsonValues = {"kind": _kind(spelling)}
    if isinstance(spelling, Letters):
        rows, size = spelling.embedding.shape
        values |= {"longest_word": LONGEST_WORD, "recurrent": _recurrent(model, spelling.recurrent)}
    elif isinstance(spelling, LetterPatterns):
        rows, size = spelling.embedding.shape
        values |= {"longest_word": LONGEST_WORD, "widths": PATTERN_WIDTHS, "patterns": PATTERNS}
    else:
        ((rows, size),) = spelling.shapes().values()
    return values | {"rows": rows, "size": size}


def _one_to_one(model: Model) -> JsonValues:
    model = cast(OneToOne, model)
    return {
        "first": model.first_inputs("", None)[0],
        "running_text": model.codec.kind == Kind.STREAM,
        "reader": _reader(model, model.network),
    }


def _one_to_many(model: Model) -> JsonValues:
    model = cast(OneToMany, model)
    running = model.codec.kind == Kind.STREAM
    return {
        "first": model.first_inputs("", None)[0],
        "running_text": running,
        "limit": _LENGTH_OF_RUNNING_TEXT if running else 2 * model.longest + 1,
        "reader": _reader(model, model.network),
    }


def _many_to_one(model: Model) -> JsonValues:
    model = cast(ManyToOne, model)
    counts = model.word_counts
    return {
        "pooling": model.config.pooling,
        "reader": _reader(model, model.reader.network),
        "word_counts": None
        if counts is None
        else {"words": counts.words, "pair_places": counts.pairs, "stride": counts.stride},
    }


def _many_to_many(model: Model) -> JsonValues:
    model, field = cast(ManyToMany, model), None
    if isinstance(model.scorer, ConditionalRandomField):
        pairs, first, last = (places.tolist() for places in possible(model.tags))
        field = {"neighbours": pairs, "first": first, "last": last}
    return {"reader": _reader(model, model.network), "crf": field}


def _feed_forward(model: Model) -> JsonValues:
    return {"longest": model.longest}


def _encoder_decoder(model: Model) -> JsonValues:
    model = cast(EncoderDecoder, model)
    layers, states = model.config.num_layers, len(model.encoder.recurrent.layers[0][0].cell.states)
    return {
        "start": model.start_id,
        "longest": model.longest,
        "length_penalty": LENGTH_PENALTY,
        "encoder": _reader(model, model.encoder),
        "decoder": _reader(model, model.decoder),
        "encoder_size": model.encoder.output_size,
        "bridges": [layers] * states if model.config.bidirectional else [],
        "attention": model.attention is not None,
    }


# The template of each form of network, and the function for its extra settings.
_TEMPLATES: dict[ExportForm, tuple[str, Callable[[Model], JsonValues]]] = {
    ExportForm.PREDICTOR: ("one_to_one", _one_to_one),
    ExportForm.WRITER: ("one_to_many", _one_to_many),
    ExportForm.CLASSIFIER: ("many_to_one", _many_to_one),
    ExportForm.TAGGER: ("many_to_many", _many_to_many),
    ExportForm.FEED_FORWARD: ("feed_forward", _feed_forward),
    ExportForm.TRANSLATOR: ("encoder_decoder", _encoder_decoder),
}
