"""How many runs are kept, and how a run started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gui.session.data import Source
from gui.session.run_library.listed_run import RunSettings


@dataclass(frozen=True)
class Bounds:
    """Limits for kept runs. The newest copies also stay in memory, so that they can be restored immediately."""

    runs: int = 50
    size: int = 500_000_000  # bytes, of all copies together
    in_memory: int = 4
    in_memory_size: int = 100_000_000

    def hold(self, sizes: Sequence[int]) -> bool:
        """Whether copies of these sizes are within the limits."""
        return len(sizes) <= self.runs and sum(sizes) <= self.size

    def why_removed(self, names: Sequence[str]) -> str:
        """What to tell of runs that had to be removed. names: theirs."""
        what = f"“{names[0]}”, the oldest, was" if len(names) == 1 else f"The {len(names)} oldest runs were"
        limit = f"{self.runs} runs and {self.size // 10**6} MB"
        return f"{what} removed: at most {limit} are kept. Pin the runs that must stay."


@dataclass(frozen=True)
class Start:
    """The start of a run: enough to begin it again, untrained.

    source: how to read its data again. step: how far it had got when it was replaced.
    """

    settings: RunSettings
    source: Source | None
    step: int = 0
