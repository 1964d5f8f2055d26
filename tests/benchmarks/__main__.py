"""One table: Unroll against PyTorch.

    python -m tests.benchmarks [--quick] [--case TEXT] [--kernels own|avx2|both]

Every case is measured twice, each time in a process of its own: with the kernels BLAS chooses by itself, which is what
a user gets, and with those of a CPU that has AVX2 only. PyTorch is not affected by that choice.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from typing import Any

from tests.benchmarks.cases import CASES
from tests.benchmarks.measure import Result, grown, run

_PINS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_AVX2 = {"OPENBLAS_CORETYPE": "Haswell"}
_HEAD = (
    ("case", 42), ("1 core", 9), ("best", 9), ("way", 17), ("PyTorch 1", 10), ("best", 9), ("way", 14),
    ("ratio", 7), ("goal", 5), ("1 to 1", 7), ("goal", 5), ("GFLOP/s", 8), ("sgemm", 6), ("MB", 6), ("PyTorch", 8),
)  # fmt: skip


def _in_own_process(kind: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure with the environment a user has, or with BLAS held to AVX2 kernels."""
    environment = {name: value for name, value in os.environ.items() if name not in _PINS}
    if kind == "avx2":
        environment |= _AVX2
    command = [sys.executable, "-m", "tests.benchmarks", "--measure", "--case", arguments.case]
    if arguments.quick:
        command.append("--quick")
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _row(result: Result) -> list[str]:
    case = CASES[result.case]
    ratio = None if result.torch_best is None else result.torch_best / result.best
    alone = None if result.torch_one is None else result.torch_one / result.one_core
    return [
        result.case, _number(result.one_core, 4), _number(result.best, 4), result.best_way,
        _number(result.torch_one, 4), _number(result.torch_best, 4), result.torch_way,
        _number(ratio, 2), f"{case.target_best:g}", _number(alone, 2), f"{case.target_one:g}",
        _number(result.gflops, 0), f"{result.share:.0%}", _number(result.memory, 0), _number(result.torch_memory, 0),
    ]  # fmt: skip


def _print(kind: str, found: dict[str, Any]) -> None:
    where = "kernels BLAS chooses by itself" if kind == "own" else "kernels of an AVX2 CPU"
    print(f"\n{where}: {found['kernels']}; sgemm {found['sgemm']:.0f} GFLOP/s a core; load {found['load']:.1f}")
    print("milliseconds a step (sampling: a symbol), medians; ratio: PyTorch's best to Unroll's best; MB: peak growth")
    rows = [[title for title, _ in _HEAD], *(_row(Result(**result)) for result in found["results"])]
    for row in rows:
        cells = [
            cell.ljust(width) if title in ("case", "way") else cell.rjust(width)
            for cell, (title, width) in zip(row, _HEAD, strict=True)
        ]
        print(" ".join(cells).rstrip())


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds and no memory")
    parser.add_argument("--case", default="", help="only cases whose name contains this text")
    parser.add_argument("--kernels", choices=("own", "avx2", "both"), default="both")
    parser.add_argument("--measure", action="store_true", help="measure in this process, print JSON")
    parser.add_argument("--memory", choices=("ours", "theirs"), help="print the growth of one case in MB")
    arguments = parser.parse_args()
    names = [name for name in CASES if arguments.case in name]
    if not names:
        parser.error(f"no case contains {arguments.case!r}; there are: {', '.join(CASES)}")
    if arguments.memory:
        print(grown(CASES[names[0]], arguments.memory))
    elif arguments.measure:
        print(run(names, 4 if arguments.quick else 15, not arguments.quick))
    else:
        for kind in ("own", "avx2") if arguments.kernels == "both" else (arguments.kernels,):
            _print(kind, _in_own_process(kind, arguments))


if __name__ == "__main__":
    main()
