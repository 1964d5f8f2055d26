"""A disk that is full while a file is written: the old file stays, nothing half written is left, and it is said."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gui.panels.base.view import View
from tests.gui.conftest import Person
from tests.gui.panels.open_views import open_view, train_a_little
from tests.gui.saving.saving import said

pytestmark = [
    pytest.mark.one_window,
    pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as POSIX systems do"),
]
OLD = b"the old one"


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """The system refuses to let any file grow larger, in the middle of its being written."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_view_that_does_not_fit_on_the_disk_leaves_the_old_file(person: Person, tmp_path: Path) -> None:
    train_a_little(person, 40)
    view = open_view(person, "loss", View)
    for ending in ("png", "svg", "csv"):
        path = tmp_path / ending / f"loss.{ending}"
        path.parent.mkdir()
        path.write_bytes(OLD)
        with no_room_beyond(500):
            view.save(path)
            person.wait_until(lambda: not person.window.jobs.busy)
        assert path.read_bytes() == OLD
        assert os.listdir(path.parent) == [path.name]
        assert said(person).startswith("Loss was not saved: ")
        assert f"{path.name}: cannot be written (File too large)" in said(person)
        view.save(path)
        person.wait_until(lambda name=path.name: said(person) == f"Loss saved as {name}.")
        assert path.stat().st_size > 500
