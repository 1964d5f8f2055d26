"""One table: Unroll against PyTorch.

    python -m tests.benchmarks [--quick] [--busy] [--starts N] [--case TEXT] [--kernels own|avx2|both] [--markdown]

Every case is measured twice, each time in a process of its own: with the kernels that the libraries choose for this
CPU, which is what its user gets, and with NumPy, its BLAS and PyTorch all held to AVX2, which is what the user of an
older CPU gets. The table says what each of them ran. How fast a library is may depend on where its memory happens to
lie, for as long as a process lives: with several starts, each row is that of the process with the median ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from typing import Any

from tests.benchmarks.cases import CASES
from tests.benchmarks.measure import Result, beyond_avx2, grown, run

_PINS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_AVX2 = {
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": " ".join(beyond_avx2()),
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
}
_HEAD = (
    ("case", 42), ("1 core", 9), ("best", 9), ("way", 17), ("PyTorch 1", 10), ("best", 9), ("way", 14),
    ("ratio", 7), ("goal", 5), ("1 to 1", 7), ("goal", 5), ("GFLOP/s", 8), ("sgemm", 6), ("MB", 6), ("PyTorch", 8),
)  # fmt: skip


def _in_own_process(kind: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure with the environment a user has, or with both libraries held to AVX2."""
    environment = {name: value for name, value in os.environ.items() if name not in _PINS}
    if kind == "avx2":
        environment |= _AVX2
    command = [sys.executable, "-m", "tests.benchmarks", "--measure", "--case", arguments.case]
    command += ["--quick"] * arguments.quick + ["--busy"] * arguments.busy
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _ratio(result: dict[str, Any]) -> float:
    return float((result["torch_best"] or 0.0) / result["best"])


def _median(starts: list[dict[str, Any]]) -> dict[str, Any]:
    """Of each case the measurement with the median ratio of all starts."""
    rows = zip(*(start["results"] for start in starts), strict=True)
    results = [sorted(row, key=_ratio)[len(row) // 2] for row in rows]
    return starts[0] | {"results": results, "load": max(start["load"] for start in starts)}


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def _row(result: Result) -> list[str]:
    case = CASES[result.case]
    ratio = None if result.torch_best is None else result.torch_best / result.best
    alone = None if result.torch_one is None else result.torch_one / result.one_core
    return [
        result.case, _milliseconds(result.one_core), _milliseconds(result.best), result.best_way,
        _milliseconds(result.torch_one), _milliseconds(result.torch_best), result.torch_way,
        _number(ratio, 2), f"{case.target_best:g}", _number(alone, 2), f"{case.target_one:g}",
        _number(result.gflops, 0), f"{result.share:.0%}", _number(result.memory, 0), _number(result.torch_memory, 0),
    ]  # fmt: skip


def _print(kind: str, found: dict[str, Any]) -> None:
    where = "as this CPU lets them" if kind == "own" else "held to AVX2"
    print(f"\n{found['cpu']}, {where}: {found['kernels']}; load up to {found['load']:.1f} processes")
    print("milliseconds a step (sampling: a symbol); ratio: PyTorch's best to Unroll's best; MB: peak growth")
    rows = [[title for title, _ in _HEAD], *(_row(Result(**result)) for result in found["results"])]
    for row in rows:
        cells = [
            cell.ljust(width) if title in ("case", "way") else cell.rjust(width)
            for cell, (title, width) in zip(row, _HEAD, strict=True)
        ]
        print(" ".join(cells).rstrip())


_SHORT = (
    "case", "Unroll 1 core", "best of 2", "PyTorch 1", "best of 2", "ratio (goal)", "1 to 1 (goal)", "of sgemm",
    "AVX2: 1 core", "ratio", "1 to 1", "MB",
)  # fmt: skip


def _markdown(own: dict[str, Any], avx2: dict[str, Any]) -> None:
    """The short form of both measurements, for a page of text."""
    print(f"{own['cpu']}. Kernels: {own['kernels']}; in the columns AVX2: {avx2['kernels']}.")
    print(f"Load of the machine up to {own['load']:.1f} and {avx2['load']:.1f} processes.\n")
    print("| " + " | ".join(_SHORT) + " |")
    print("|---" * len(_SHORT) + "|")
    for mine, other in zip(own["results"], avx2["results"], strict=True):
        case, one, best, way, torch_one, torch_best, torch_way, ratio, goal, alone, goal_alone, _, share, *memory = (
            _row(Result(**mine))
        )
        narrow = _row(Result(**other))
        cells = (
            case, one, f"{best} {way}", torch_one, f"{torch_best} {torch_way}", f"{ratio} ({goal})",
            f"{alone} ({goal_alone})", share, narrow[1], narrow[7], narrow[9], " / ".join(memory),
        )  # fmt: skip
        print("| " + " | ".join(cells) + " |")


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds and no memory")
    parser.add_argument("--busy", action="store_true", help="lower quartiles: where the machine has other work to do")
    parser.add_argument("--starts", type=int, default=1, help="measure in so many processes, one after the other")
    parser.add_argument("--case", default="", help="only cases whose name contains this text")
    parser.add_argument("--kernels", choices=("own", "avx2", "both"), default="both")
    parser.add_argument("--markdown", action="store_true", help="both measurements in one short table")
    parser.add_argument("--measure", action="store_true", help="measure in this process, print JSON")
    parser.add_argument("--memory", choices=("ours", "theirs"), help="print the growth of one case in MB")
    arguments = parser.parse_args()
    names = [name for name in CASES if arguments.case in name]
    if not names:
        parser.error(f"no case contains {arguments.case!r}; there are: {', '.join(CASES)}")
    if arguments.memory:
        print(grown(CASES[names[0]], arguments.memory))
    elif arguments.measure:
        print(run(names, 4 if arguments.quick else 15, not arguments.quick, arguments.busy))
    else:
        kinds = ("own", "avx2") if arguments.kernels == "both" or arguments.markdown else (arguments.kernels,)
        starts = [{kind: _in_own_process(kind, arguments) for kind in kinds} for _ in range(arguments.starts)]
        found = {kind: _median([start[kind] for start in starts]) for kind in kinds}
        if arguments.markdown:
            _markdown(found["own"], found["avx2"])
            return
        for kind, measured in found.items():
            _print(kind, measured)


if __name__ == "__main__":
    main()
