"""Predict the labels of texts.

python classify.py "a text"
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from model import load


def main() -> None:
    """Read the command line and print the answers."""
    parser = argparse.ArgumentParser(description="Predict the label of texts.")
    parser.add_argument("text", nargs="*", help="texts to read; without any, the lines of standard input")
    parser.add_argument("--device", default="cpu", help='where to compute, such as "cuda"')
    options = parser.parse_args()
    network = load(Path(__file__).parent, options.device)
    for text in options.text or (line.rstrip("\n") for line in sys.stdin):
        best = list(network.classify(text).items())[:5]
        print(text, *(f"{name!r} {probability:.3f}" for name, probability in best), sep="\t")


if __name__ == "__main__":
    main()
