"""The panels of the window. To add one, write its file and add its line here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gui.panels.base.lazy_class import lazy_class
from gui.panels.base.panel import Panel
from gui.session.session import Session


class Area(Enum):
    """Where a panel goes; within an area, panels are in the order of the registry."""

    TOP = "the bar at the top"
    LEFT = "the column of settings"
    WIDE = "the middle, over its whole width"
    GRID = "the middle, in two columns"
    RIGHT = "the column for using the network"


@dataclass(frozen=True)
class PanelPlace:
    """A panel and its area. A panel that names another one is hidden at first, and opens as a tab before that one, or
    below it.

    panel: its file and class in this folder; imported when the panel is first made, which for most is never.
    title: as written above it and, for a view, in the menu of views.
    behind: the panel with which it shares a place from the start, as a tab behind it.
    """

    panel: str
    area: Area
    title: str = ""
    before: str = ""
    below: str = ""
    behind: str = ""

    def make(self, session: Session) -> Panel:
        """A new panel, which draws the session."""
        panel: Panel = lazy_class(f"{__name__}.{self.panel}")(session, self.title)
        return panel


PANELS: dict[str, PanelPlace] = {
    "train_bar": PanelPlace("train_bar.TrainBar", Area.TOP),
    "data": PanelPlace("data.data_panel.DataPanel", Area.LEFT, "1 · Data"),
    "architecture": PanelPlace("architecture.ArchitecturePanel", Area.LEFT, "2 · Architecture"),
    "training": PanelPlace("training.TrainingPanel", Area.LEFT, "3 · Training"),
    "unrolled": PanelPlace("unrolled.unrolled_panel.UnrolledPanel", Area.WIDE, "Unrolled network"),
    "loss": PanelPlace("loss.LossPanel", Area.GRID, "Loss"),
    "runs": PanelPlace("runs.runs_panel.RunsPanel", Area.GRID, "Runs", behind="loss"),
    "hidden_state": PanelPlace("hidden_state.HiddenStatePanel", Area.GRID, "Hidden state"),
    "gradient": PanelPlace("gradient.GradientPanel", Area.GRID, "Gradient"),
    "memory": PanelPlace("memory.MemoryPanel", Area.GRID, "Memory"),
    "inside": PanelPlace("inside.inside_panel.InsidePanel", Area.WIDE, "Inside a cell", below="unrolled"),
    "compare": PanelPlace("compare.compare_panel.ComparePanel", Area.WIDE, "Compare", before="unrolled"),
    "sweep": PanelPlace("sweep.sweep_panel.SweepPanel", Area.WIDE, "Sweep", before="unrolled"),
    "batch": PanelPlace("batch.BatchPanel", Area.WIDE, "Batch", below="unrolled"),
    "gates": PanelPlace("gates.GatesPanel", Area.GRID, "Gates", before="hidden_state"),
    "trajectory": PanelPlace("trajectory.TrajectoryPanel", Area.GRID, "State trajectory", before="hidden_state"),
    "metrics": PanelPlace("metrics.MetricsPanel", Area.GRID, "Metrics", before="loss"),
    "weights": PanelPlace("weights.WeightsPanel", Area.GRID, "Weights", before="gradient"),
    "attention": PanelPlace("attention.AttentionPanel", Area.GRID, "Attention", before="memory"),
    "confusion": PanelPlace("confusion.ConfusionPanel", Area.GRID, "Confusion", before="gradient"),
    "transitions": PanelPlace("transitions.TransitionsPanel", Area.GRID, "Transitions", before="gradient"),
    "mistakes": PanelPlace("mistakes.MistakesPanel", Area.GRID, "Mistakes", before="gradient"),
    "embeddings": PanelPlace("embeddings.EmbeddingsPanel", Area.GRID, "Embeddings", before="memory"),
    "try_it": PanelPlace("try_it.try_it_panel.TryItPanel", Area.RIGHT, "Try it"),
}
