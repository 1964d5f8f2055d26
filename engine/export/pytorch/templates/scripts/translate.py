"""Translate texts.

python translate.py "a text"
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from model import load


def main() -> None:
    """Read the command line and print the answers."""
    parser = argparse.ArgumentParser(description="Translate texts.")
    parser.add_argument("text", nargs="*", help="texts to read; without any, the lines of standard input")
    parser.add_argument("--beam-size", type=int, default=4, help="answers followed at once; 1 is greedy")
    parser.add_argument("--device", default="cpu", help='where to compute, such as "cuda"')
    options = parser.parse_args()
    network = load(Path(__file__).parent, options.device)
    for text in options.text or (line.rstrip("\n") for line in sys.stdin):
        best = network.translate(text, options.beam_size)[0]
        print(text, best.text, f"{best.log_probability:.3f}", sep="\t")


if __name__ == "__main__":
    main()
