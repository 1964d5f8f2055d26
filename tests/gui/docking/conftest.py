"""Each view of the default arrangement has a place of its own here; the one that is a tab from the start is hidden."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gui.panels import PANELS


@pytest.fixture(autouse=True)
def one_view_to_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, place in PANELS.items():
        if place.behind:
            monkeypatch.setitem(PANELS, name, replace(place, behind="", before=place.behind))
