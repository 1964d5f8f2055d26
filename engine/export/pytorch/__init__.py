"""Models as PyTorch: a folder with a module written out for one network, its weights and its vocabulary.

Nothing of the data (labels, symbols, texts) is written into source code; all of it is in vocabulary.json.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from engine.errors import StorageError
from engine.export.pytorch.networks import network_part
from engine.export.pytorch.reading import spelling_vocabulary
from engine.export.pytorch.scripts import script
from engine.export.pytorch.text import text_part
from engine.export.pytorch.weights import weights_of
from engine.models import EncoderDecoder, FeedForward, Model
from engine.network.word_features import Affixes
from engine.runs.atomic_write import replacing, write_text
from engine.runs.tensor_file import write_tensors

_MODEL = '''\
"""@TITLE@, with the weights that Unroll has trained.

    from model import load

    network = load(".")
    network.@VERB@(@EXAMPLE@)

Needs the packages torch and safetensors. To use a graphics card: load(".", "cuda"). To train on: the module is an
ordinary one; `forward` says what it takes, and `network.train()` turns dropout on.
"""

@IMPORTS@

UNKNOWN, END = 0, 1  # ids of symbols that the network does not know, and of the end of a text
END_SYMBOL = "</s>"


@NETWORK@

def load(folder, device="cpu"):
    """The network of a folder, ready to be used."""
    folder = Path(folder)
    vocabulary = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    network = Network(vocabulary)
    network.load_state_dict(load_file(folder / "weights.safetensors"))
    return network.to(device).eval()


# ---- text


@TEXT@'''

_EXAMPLES = {"generate": "count=5", "translate": '"a text"'}


def export_pytorch(model: Model, folder: str | os.PathLike[str]) -> None:
    """Write model.py, weights.safetensors, vocabulary.json and a small program into a folder, which is made if needed.

    StorageError if they cannot be written.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder}: cannot be made ({error.strerror}).") from None
    with replacing(Path(folder) / "weights.safetensors") as temporary:
        write_tensors(temporary, weights_of(model))
    write_text(Path(folder) / "vocabulary.json", _vocabulary(model))
    write_text(Path(folder) / "model.py", model_source(model))
    write_text(Path(folder) / f"{model.verb}.py", script(model.verb))


def _vocabulary(model: Model) -> str:
    codec = model.codec
    values: dict[str, object] = {
        "source": codec.source.symbols,
        "target": None if codec.target is None else codec.target.symbols,
    }
    for network in model.networks().values():
        values |= spelling_vocabulary(network)
    text = json.dumps(values, ensure_ascii=False, indent=1)
    # Half a surrogate pair, from a damaged text, has no place in UTF-8.
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found.group()):04x}", text) + "\n"


def model_source(model: Model) -> str:
    """The text of model.py."""
    writes = model.verb in ("generate", "translate")
    network, text = network_part(model), text_part(model.codec, writes)
    parts = {
        "@TITLE@": _title(model),
        "@VERB@": model.verb,
        "@EXAMPLE@": _EXAMPLES.get(model.verb, '"a text"'),
        "@IMPORTS@": _imports(model, network + text),
        "@NETWORK@": network,
        "@TEXT@": text,
    }
    source = _MODEL
    for name, part in parts.items():
        source = source.replace(name, part)
    return source


def _title(model: Model) -> str:
    config = model.config
    if isinstance(model, FeedForward):
        return "A padded feed-forward network in PyTorch"
    shape = config.architecture.replace("-", " ").capitalize().replace("Encoder decoder", "Encoder–decoder")
    layers = f"{config.num_layers} layers" if config.num_layers > 1 else "a layer"
    more = " in both directions" * config.bidirectional
    more += " with attention" * (isinstance(model, EncoderDecoder) and config.attention)
    return f"{shape} in PyTorch: {layers} of {config.cell.upper()} cells{more}"


def _imports(model: Model, used: str) -> str:
    """Only what the source uses."""
    lines = ["import json"]
    lines += ["import re"] * ("re.compile" in used)
    lines += ["import unicodedata"]
    lines += ["from collections import namedtuple"] * ("namedtuple(" in used)
    affixes = any(isinstance(network.spelling, Affixes) for network in model.networks().values())
    lines += ["from itertools import groupby"] * affixes
    lines += ["from pathlib import Path", "", "import torch", "from safetensors.torch import load_file"]
    lines += ["from torch import nn"]
    helpers = [n for n in ("pack_padded_sequence", "pad_packed_sequence", "pad_sequence") if f"{n}(" in used]
    lines += [f"from torch.nn.utils.rnn import {', '.join(helpers)}"] * bool(helpers)
    return "\n".join(lines)
