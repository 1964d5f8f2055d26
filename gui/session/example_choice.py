"""Which example the views look at: one that suits the data, or what was looked at with the run that comes back."""

from __future__ import annotations

from engine.data.numbers.recording import NetworkInput
from engine.runs.looked_at import LookedAt
from engine.training import defaults
from gui.session.current_run import CurrentRun
from gui.session.data import Data
from gui.session.left_behind import LeftBehind
from gui.session.probe import Probe, name_of


class ExampleChoice:
    """Chooses what the probe looks at when other data or another run comes."""

    def __init__(self, probe: Probe, run: CurrentRun, data: Data) -> None:
        self._probe, self._run, self._data = probe, run, data
        self.run_id = ""  # of the run that is looked into, in the list of runs
        self._looked_at = LeftBehind[tuple[NetworkInput, str | None]]()  # input and label, before other data came
        probe.changed.connect(self._note_probe)

    def show_next(self) -> None:
        """Look at the next held-out example."""
        dataset = self._data.dataset
        if dataset is not None:
            self._probe.show_next(dataset.validation if len(dataset.validation) else dataset.train)

    def choose(self, run_id: str = "", kept: LookedAt | None = None, *, anew: bool = True) -> None:
        """Look at an example of other data, or at what was looked at when the run was replaced or kept."""
        dataset, architecture = self._data.dataset, self._run.model_config.architecture
        if dataset is None:
            return
        given, label = defaults.probe_for(dataset, self._data.sample, architecture)
        looked = self._looked_at.of(run_id) or (kept and (kept.text, kept.label))
        if looked and name_of(looked[0]).strip():
            given, label = looked[0], looked[1] if label is not None and looked[1] in dataset.labels else label
        self._looked_at.keep(self.run_id, (self._probe.given, self._probe.label))
        self._probe.begin(given, label, anew=anew)

    def _note_probe(self) -> None:
        given, label = self._probe.given, self._probe.label
        self._run.looked_at = LookedAt.of(given, label or "") if isinstance(given, str) else None

    def _starts_from_label(self) -> bool:
        dataset = self._data.dataset
        return dataset is not None and bool(dataset.labels) and self._run.network.label_is_input

    def fit_label(self) -> None:
        """Look at something else if the new network starts from a label and the one before did not, or the reverse."""
        if (self._probe.label is not None) != self._starts_from_label():
            self.choose(anew=False)
