"""The panels of the window. To add one, write its file and add its line here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from gui.panels.architecture import ArchitecturePanel
from gui.panels.attention import AttentionPanel
from gui.panels.base.panel import Panel
from gui.panels.batch import BatchPanel
from gui.panels.compare import ComparePanel
from gui.panels.confusion import ConfusionPanel
from gui.panels.data import DataPanel
from gui.panels.embeddings import EmbeddingsPanel
from gui.panels.gates import GatesPanel
from gui.panels.gradient import GradientPanel
from gui.panels.hidden_state import HiddenStatePanel
from gui.panels.inside import InsidePanel
from gui.panels.loss import LossPanel
from gui.panels.memory import MemoryPanel
from gui.panels.metrics import MetricsPanel
from gui.panels.mistakes import MistakesPanel
from gui.panels.runs import RunsPanel
from gui.panels.sweep import SweepPanel
from gui.panels.training import TrainingPanel
from gui.panels.trajectory import TrajectoryPanel
from gui.panels.transitions import TransitionsPanel
from gui.panels.transport import TransportPanel
from gui.panels.try_it import TryItPanel
from gui.panels.unrolled import UnrolledPanel
from gui.panels.weights import WeightsPanel
from gui.session.session import Session


class Area(Enum):
    """The place of a panel; within an area, panels follow the order of the registry."""

    TOP = "the bar at the top"
    LEFT = "the column of settings"
    WIDE = "the middle, over its whole width"
    GRID = "the middle, in two columns"
    RIGHT = "the column for using the network"


class PanelKind(Protocol):
    """A class of panels."""

    TITLE: str

    def __call__(self, session: Session) -> Panel:
        """Make one."""


@dataclass(frozen=True)
class PanelPlace:
    """A panel and its area. One that names another panel is hidden at first, and opens as a tab before that one, or
    below it.

    behind: the panel that it shares an area with from the start, as a tab behind it.
    """

    panel: PanelKind
    area: Area
    before: str = ""
    below: str = ""
    behind: str = ""


PANELS: dict[str, PanelPlace] = {
    "transport": PanelPlace(TransportPanel, Area.TOP),
    "data": PanelPlace(DataPanel, Area.LEFT),
    "architecture": PanelPlace(ArchitecturePanel, Area.LEFT),
    "training": PanelPlace(TrainingPanel, Area.LEFT),
    "unrolled": PanelPlace(UnrolledPanel, Area.WIDE),
    "loss": PanelPlace(LossPanel, Area.GRID),
    "runs": PanelPlace(RunsPanel, Area.GRID, behind="loss"),
    "hidden_state": PanelPlace(HiddenStatePanel, Area.GRID),
    "gradient": PanelPlace(GradientPanel, Area.GRID),
    "memory": PanelPlace(MemoryPanel, Area.GRID),
    "inside": PanelPlace(InsidePanel, Area.WIDE, below="unrolled"),
    "compare": PanelPlace(ComparePanel, Area.WIDE, before="unrolled"),
    "sweep": PanelPlace(SweepPanel, Area.WIDE, before="unrolled"),
    "batch": PanelPlace(BatchPanel, Area.WIDE, below="unrolled"),
    "gates": PanelPlace(GatesPanel, Area.GRID, before="hidden_state"),
    "trajectory": PanelPlace(TrajectoryPanel, Area.GRID, before="hidden_state"),
    "metrics": PanelPlace(MetricsPanel, Area.GRID, before="loss"),
    "weights": PanelPlace(WeightsPanel, Area.GRID, before="gradient"),
    "attention": PanelPlace(AttentionPanel, Area.GRID, before="memory"),
    "confusion": PanelPlace(ConfusionPanel, Area.GRID, before="gradient"),
    "transitions": PanelPlace(TransitionsPanel, Area.GRID, before="gradient"),
    "mistakes": PanelPlace(MistakesPanel, Area.GRID, before="gradient"),
    "embeddings": PanelPlace(EmbeddingsPanel, Area.GRID, before="memory"),
    "try_it": PanelPlace(TryItPanel, Area.RIGHT),
}
