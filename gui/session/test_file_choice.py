"""Another test file for the current data, on which nothing that is trained depends."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.session.session import Session


def name_test_file(session: Session, path: str) -> None:
    """Measure on another file when the user asks for it, "" for one that is chosen then; the network goes on. While
    data are being read, they are read with it."""
    data = session.data
    before = "" if data.dataset is None else data.dataset.config.test_file
    if data.loading:
        data.change(test_file=path)
    elif path != before:
        data.test_on(path)
        session.run.test_on(path)
        session.runs.note_data()
        back, again = (partial(name_test_file, session, file) for file in (before, path))
        session.undo.note("change of test file", back, again)
