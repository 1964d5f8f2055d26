"""Whether the window stays alive while a file loads: the gaps of its event loop.

    python -m tests.benchmarks.loading FILE [name=value …]

A gap is the time by which a 4 ms timer comes late. The same timer is listened to for two seconds before anything is
loaded, because a busy machine is late by itself. Further arguments are settings of DataConfig (unit=word).
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from tests.benchmarks.window import Gaps, open_window, spin


def tell(what: str, late: list[float]) -> None:
    """One line about gaps in milliseconds."""
    gaps = np.array(late)
    print(
        f"{what:8} {len(gaps):6,} ticks: median {np.median(gaps):5.1f} ms, 99 % {np.percentile(gaps, 99):6.1f} ms, "
        f"over 50 ms {int((gaps > 50).sum()):3}, longest {', '.join(f'{gap:.0f}' for gap in np.sort(gaps)[:-6:-1])} ms"
    )


def main() -> None:
    """Print the gaps at rest, while the file loads, and in the second after that."""
    path, *settings = sys.argv[1:]
    window = open_window()
    session = window.session
    session.data.load_sample("names")
    spin(2.0)
    rest, loading, after = Gaps(), Gaps(), Gaps()
    rest.start()
    spin(2.0)
    rest.stop()
    before = session.data.dataset
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, worked = time.perf_counter(), time.process_time()
    loading.start()
    session.data.open(path, **dict(setting.split("=") for setting in settings))
    while session.data.loading:
        spin(0.1)
    loading.stop()
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    after.start()
    spin(1.5)
    after.stop()
    taken = "loaded" if session.data.dataset is not before else "refused: " + window.notice_bar.accessibleName()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) // 1024
    print(f"{path}: {taken} in {seconds:.1f} s ({worked:.1f} s of processor time), {grown:,} MB more memory")
    for what, gaps in (("at rest", rest), ("loading", loading), ("after", after)):
        tell(what, gaps.late)
    window.close()


if __name__ == "__main__":
    main()
