"""Taking the time: all contenders of a case in turn, again and again; whatever else the machine does meets all."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles

import numpy as np
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
from threadpoolctl import ThreadpoolController

from tests.benchmarks import ours
from tests.benchmarks.cases import CASES, AnyCase, Case

Step = Callable[[], None]
_SLICE_SECONDS = 0.08  # a contender's turn
_WARM_UP = 3
_FAR_BEHIND = 2.5  # times the best of the same side: threads that wait for a busy core would take most of the time
_SGEMM_SIZE = 1024


@dataclass(frozen=True)
class Result:
    """Milliseconds a step; for sampling a step is one symbol. PyTorch's are None where it is not installed.

    share: of the speed of `sgemm` on one core, taken in the same rounds.
    """

    case: str
    one_core: float
    best: float
    best_way: str
    torch_one: float | None
    torch_best: float | None
    torch_way: str
    gflops: float
    share: float
    memory: float | None
    torch_memory: float | None


def blas_threads(count: int) -> None:
    """Let NumPy's BLAS take that many threads."""
    for library in ThreadpoolController().select(user_api="blas").lib_controllers:
        library.set_num_threads(count)


def cpu() -> str:
    """The CPU by name, and how many cores of it there are."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("ascii", "replace").splitlines() if info.exists() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{name or platform.processor() or platform.machine()}, {os.cpu_count()} cores"


def beyond_avx2() -> list[str]:
    """The instruction sets wider than AVX2 that NumPy has code for, by the names NumPy gives them."""
    return [name for name in __cpu_dispatch__ if name.startswith("AVX512") or name == "X86_V4"]


def kernels() -> str:
    """What NumPy's BLAS, NumPy itself and PyTorch run, each by its own account."""
    blas = ThreadpoolController().select(user_api="blas").info()
    found = [f"{one['internal_api']} {one['version']} {one.get('architecture', '?')}" for one in blas]
    found.append(f"NumPy {np.__version__} {'AVX512' if any(map(__cpu_features__.get, beyond_avx2())) else 'AVX2'}")
    try:
        import torch
    except ModuleNotFoundError:
        return ", ".join(found)
    return ", ".join([*found, f"PyTorch {torch.__version__} {torch.backends.cpu.get_cpu_capability()}"])


def _sgemm() -> Step:
    """A product of two large square matrices: what the machine can do."""
    a = np.random.default_rng(0).random((_SGEMM_SIZE, _SGEMM_SIZE), dtype=np.float32)
    out = np.empty_like(a)

    def step() -> None:
        np.matmul(a, a, out=out)

    return step


@dataclass(frozen=True)
class _Contender:
    name: str
    threads: int
    torch: bool
    step: Step

    @property
    def alone(self) -> bool:
        """Whether it keeps to one core."""
        return self.threads == 1 and self.name != "two halves"

    def turn(self) -> list[float]:
        """Milliseconds of each step of one turn."""
        if self.torch:
            import torch

            torch.set_num_threads(self.threads)
        else:
            blas_threads(self.threads)
        self.step()  # finds its data and its threads again
        times: list[float] = []
        end = time.perf_counter() + _SLICE_SECONDS
        while not times or time.perf_counter() < end:
            started = time.perf_counter()
            self.step()
            times.append((time.perf_counter() - started) * 1e3)
        return times


def _contenders(case: AnyCase) -> list[_Contender]:
    found = []
    for name, step in ours.steps(case).items():
        found.append(_Contender(name, 2 if "BLAS" in name else 1, False, step))
    try:
        from tests.benchmarks import theirs
    except ModuleNotFoundError:
        return found
    for form, step in theirs.steps(case).items():
        found += [_Contender(f"{form} {threads} thr.".strip(), threads, True, step) for threads in (1, 2)]
    return found


def _promising(contenders: list[_Contender], times: dict[str, list[float]]) -> list[_Contender]:
    """All on one core, and of the others those that are not far behind the best of their side."""
    middle = {contender: median(times[contender.name]) for contender in contenders}
    best = {side: min((ms for c, ms in middle.items() if c.torch is side), default=0.0) for side in (True, False)}
    return [c for c in contenders if c.alone or middle[c] < _FAR_BEHIND * best[c.torch]]


def _lower_quartile(values: list[float]) -> float:
    return quantiles(values, n=4)[0] if len(values) > 1 else values[0]


def measure(case: AnyCase, rounds: int, with_memory: bool, busy: bool) -> Result:
    """The medians over all rounds, each of one turn per contender; on a busy machine the lower quartiles."""
    middle_of = _lower_quartile if busy else median
    contenders = _contenders(case)
    for contender in contenders:
        for _ in range(_WARM_UP):
            contender.step()
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    machine, peak = _Contender("sgemm", 1, False, _sgemm()), list[float]()
    for _ in range(rounds):
        peak += machine.turn()
        for contender in contenders:
            times[contender.name] += contender.turn()
        contenders = _promising(contenders, times)
    middle = {contender.name: middle_of(times[contender.name]) for contender in contenders}
    mine = [c.name for c in contenders if not c.torch]
    other = [c.name for c in contenders if c.torch]
    alone = [c.name for c in contenders if c.torch and c.alone]
    quickest, torch_way = min(mine, key=middle.__getitem__), min(other, key=middle.__getitem__, default="")
    one = middle["one core"]
    gflops = case.operations() / one / 1e6
    return Result(
        case.name,
        one,
        middle[quickest],
        quickest,
        min((middle[name] for name in alone), default=None),
        middle.get(torch_way),
        torch_way,
        gflops,
        gflops / (2 * _SGEMM_SIZE**3 / middle_of(peak) / 1e6),
        peak_memory(case, "ours") if with_memory else None,
        peak_memory(case, "theirs") if with_memory and other else None,
    )


def peak_memory(case: AnyCase, side: str) -> float | None:
    """MB by which a fresh process grows at most, from before the network is built to after its steps."""
    if not isinstance(case, Case):
        return None
    command = [sys.executable, "-m", "tests.benchmarks", "--memory", side, "--case", case.name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _peak_mb() -> float:
    """The most memory this process ever had. (`getrusage` would count what the parent had when it started this one.)"""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("this system does not say how much memory a process had at most")


def grown(case: AnyCase, side: str) -> float:
    """The same, in this process."""
    if side == "ours":
        blas_threads(1)
        build = ours.steps
    else:
        import torch

        from tests.benchmarks import theirs

        torch.set_num_threads(1)
        build = theirs.steps
    before = _peak_mb()
    step = next(iter(build(case).values()))
    for _ in range(6):
        step()
    return _peak_mb() - before


def run(names: list[str], rounds: int, with_memory: bool, busy: bool) -> str:
    """Measure in this process; JSON."""
    results, loads = [], []
    for name in names:
        print(name, file=sys.stderr, flush=True)
        results.append(asdict(measure(CASES[name], rounds, with_memory, busy)))
        loads.append(os.getloadavg()[0])
    return json.dumps({"cpu": cpu(), "kernels": kernels(), "load": max(loads), "results": results})
