"""Write texts with the network in this folder.

python generate.py --count 5 --temperature 0.8
"""

from __future__ import annotations

import argparse
from pathlib import Path

from model import load


def main() -> None:
    """Read the command line and print the texts."""
    parser = argparse.ArgumentParser(description="Write texts with the network in this folder.")
    parser.add_argument("--count", type=int, default=10, help="how many texts")
    parser.add_argument("--label", help="what to write for, where the data had labels")
    parser.add_argument("--prefix", default="", help="what each text begins with")
    parser.add_argument("--temperature", type=float, default=1.0, help="0: the most probable symbol; 1: as learned")
    parser.add_argument("--top-k", type=int, default=0, help="choose among this many symbols only; 0: among all")
    parser.add_argument("--top-p", type=float, default=1.0, help="choose among the fewest with this probability")
    parser.add_argument("--length", type=int, default=0, help="the most symbols to write; 0: as fits the data")
    parser.add_argument("--seed", type=int, help="the same seed writes the same texts")
    parser.add_argument("--device", default="cpu", help='where to compute, such as "cuda"')
    options = parser.parse_args()
    network = load(Path(__file__).parent, options.device)
    if options.label and options.label not in network.labels:
        parser.error(f"there is no label {options.label!r}; there are: {', '.join(network.labels) or 'none'}")
    for written in network.generate(
        options.count,
        options.label,
        options.prefix,
        options.temperature,
        options.top_k,
        options.top_p,
        options.seed,
        options.length,
    ):
        print(f"{written.log_probability:9.3f}  {written.text}")


if __name__ == "__main__":
    main()
