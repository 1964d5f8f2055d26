"""The small program beside an exported `model.py` that uses it from a terminal."""

from __future__ import annotations

_HEAD = '''\
"""@WHAT@

    @EXAMPLE@
"""

import argparse
@SYS@from pathlib import Path

from model import load

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
'''

_TEXTS = """\
parser.add_argument("text", nargs="*", help="what to read; without any, the lines of the standard input")
"""

_REST = """\
parser.add_argument("--device", default="cpu", help='where to compute, such as "cuda"')
options = parser.parse_args()
network = load(Path(__file__).parent, options.device)
"""

_EACH = """\
texts = options.text or (line.rstrip("\\n") for line in sys.stdin)
for text in texts:
"""

_GENERATE = """\
parser.add_argument("--count", type=int, default=10, help="how many texts")
parser.add_argument("--label", help="what to write for, where the data had labels")
parser.add_argument("--prefix", default="", help="what each text begins with")
parser.add_argument("--temperature", type=float, default=1.0, help="0: always the most probable symbol; 1: as learned")
parser.add_argument("--top-k", type=int, default=0, help="choose among so many symbols only; 0: among all")
parser.add_argument("--top-p", type=float, default=1.0, help="choose among the fewest that have this probability")
parser.add_argument("--length", type=int, default=0, help="symbols at most; 0: as fits the data")
parser.add_argument("--seed", type=int, help="the same seed writes the same texts")
"""

_GENERATE_USE = """\
if options.label and options.label not in getattr(network, "labels", ()):
    parser.error(f"there is no label {options.label!r}; there are {', '.join(getattr(network, 'labels', ()))}")
for written in network.generate(
    options.count, options.label, options.prefix, options.temperature, options.top_k, options.top_p, options.seed,
    options.length,
):
    print(f"{written.log_probability:9.3f}  {written.text}")
"""

_CLASSES_USE = """\
    best = list(network.@VERB@(text).items())[:5]
    print(text, *(f"{name!r} {probability:.3f}" for name, probability in best), sep="\\t")
"""

_TAG_USE = """\
    for token, tag, probability in network.tag(text):
        print(token, tag, f"{probability:.3f}", sep="\\t")
    print()
"""

_TRANSLATE_OPTION = """\
parser.add_argument("--beam-size", type=int, default=4, help="answers followed at once; 1 is greedy")
"""

_TRANSLATE_USE = """\
    best = network.translate(text, options.beam_size)[0]
    print(text, best.text, f"{best.log_probability:.3f}", sep="\\t")
"""

# verb → what it does, an example, its own options, what follows
_SCRIPTS = {
    "generate": (
        "Writes texts with the network of this folder.",
        "--count 5 --temperature 0.8",
        _GENERATE,
        _GENERATE_USE,
    ),
    "classify": ("Says the label of texts.", '"a text"', _TEXTS, _EACH + _CLASSES_USE.replace("@VERB@", "classify")),
    "predict": ("Says what comes next.", '"a text"', _TEXTS, _EACH + _CLASSES_USE.replace("@VERB@", "predict")),
    "tag": ("Says the tag of each token of texts.", '"a text"', _TEXTS, _EACH + _TAG_USE),
    "translate": ("Translates texts.", '"a text"', _TEXTS + _TRANSLATE_OPTION, _EACH + _TRANSLATE_USE),
}


def script(verb: str) -> str:
    """Source of `<verb>.py`."""
    what, example, options, use = _SCRIPTS[verb]
    head = (
        _HEAD.replace("@SYS@", "import sys\n" if "sys." in use else "")
        .replace("@WHAT@", what)
        .replace("@EXAMPLE@", f"python {verb}.py {example}")
    )
    return head + options + _REST + use
