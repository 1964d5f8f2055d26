"""The best combinations of a sweep as a table; each opens the best of its runs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from engine.number_text import counted, grouped, loss_text
from engine.sweeps.plan import setting_option
from engine.sweeps.ranking import Ranked
from gui.panels.sweep.results_table import LOSS_DIGITS
from gui.widgets.controls import introduced, keep_rows_under_mouse
from gui.widgets.symbols import plain_tip

TITLES = "Best loss", "± spread", "Seeds", "Best run"
MEAN_TIP = "The lowest validation loss; the mean of those of all seeds"
RUN_TIP = "The run of these seeds with the lowest loss: Open run or a double-click opens it"
TIPS = {0: MEAN_TIP, 3: RUN_TIP}


class BestView(QTreeWidget):
    """A row for each combination, the best first. The selected one stays so while others come."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Sequence[str], Sequence[Ranked]] = (), ()
        keep_rows_under_mouse(self)
        introduced(self, "sweep-best", "Best combinations", role="table")
        self.setRootIsDecorated(False)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)

    def show_best(self, found: Sequence[Ranked], varied: Sequence[str]) -> None:
        """Show these combinations. varied: the settings that differ between them, in a column each."""
        if (varied, found) == self._shown:
            return
        chosen = self.selected()
        self._shown = varied, found
        titles = [*TITLES, *(setting_option(name).label for name in varied)]
        self.clear()
        self.setColumnCount(len(titles))
        self.setHeaderLabels(titles)
        for column, tip in TIPS.items():
            self.headerItem().setToolTip(column, plain_tip(tip))
        for one in found:
            spread = f"± {one.spread_text()}" if one.seeds > 1 else ""
            numbers = loss_text(one.mean, LOSS_DIGITS), spread, str(one.seeds), grouped(one.best_run)
            settings = (setting_option(name).written(one.settings[name]) for name in varied)
            row = QTreeWidgetItem([*numbers, *settings])
            self.addTopLevelItem(row)
            if chosen is not None and one.settings == chosen.settings:
                self.setCurrentItem(row)

    def selected(self) -> Ranked | None:
        """The combination that is selected."""
        rows = self.selectionModel().selectedRows()
        return self._shown[1][rows[0].row()] if rows else None


def opened_in_words(one: Ranked) -> str:
    """Which run a combination opens."""
    of = f", the best of {counted(one.seeds, 'seed')}" if one.seeds > 1 else ""
    return f"Make run {grouped(one.best_run)}{of}, the current one"
