"""The notice about data that has just been read, with buttons for alternatives."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Protocol

import engine
from engine.data.samples import Sample
from engine.network.word_vectors import vector_size
from engine.training import defaults
from gui.session.notice import Notices, Offer, starts_untrained
from gui.session.undo import Undo


class Chooser(Protocol):
    """Receives the user's choice."""

    notices: Notices
    undo: Undo

    def set_model(self, **changes: Any) -> None:
        """Change the network."""


def notice_of(
    dataset: engine.Dataset, sample: Sample | None, cell: str, chooser: Chooser, trained: bool
) -> tuple[str, list[Offer]]:
    """One line and its buttons; "" if there is nothing to say. cell: of the network whose other settings were proposed
    for this data; "" if none were. trained: whether the network that the data has replaced was."""
    parts, offers = [], list[Offer]()
    usual = defaults.settings_for(dataset, sample, {}, {})[0].cell
    if cell not in ("", usual):
        titles = engine.ModelConfig.options()["cell"].choices or {}
        parts.append(f"Kept {titles[cell]} as the cell; {titles[usual]} is proposed for this data.")
        offers.append((f"Use {titles[usual]}", partial(chooser.set_model, cell=usual)))
    if cell and dataset.vectors_beside is not None:
        parts.append("With so few labelled rows, word vectors help, such as those beside this file.")
        offers.append((f"Use {dataset.vectors_beside.name}", partial(use_vectors, dataset.vectors_beside, chooser)))
    findings = dataset.report.findings
    if sample is None and findings:
        more = f" {len(findings) - 1} more in the data report." if len(findings) > 1 else ""
        parts.append(findings[0] + more)
    if trained:
        parts.insert(0, starts_untrained())
        offers.append(chooser.undo.offer())
    return " ".join(parts), offers


def use_vectors(path: str | Path, chooser: Chooser) -> None:
    """Begin a network with these word vectors, which also set the size of its embedding."""
    try:
        chooser.set_model(vectors=str(path), embedding_size=vector_size(path))
    except engine.UnrollError as error:
        chooser.notices.tell_error(error)
