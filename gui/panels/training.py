"""3 · Training: how the weights are learned."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import SignalInstance

import engine
from engine.training.defaults import deciding_metrics
from engine.training.reasons import idle_training
from gui.panels.base.default_settings import DefaultSettings
from gui.panels.base.panel import Panel
from gui.session.session import Session
from gui.widgets.settings_form import FormRow, SettingsForm, offer_only
from gui.widgets.slider import NumberSlider, decades

RATES = decades(1e-5, 1.0)
NOT_MEASURED = "This metric is not measured for this network and data."
CLIPS = (0.0, *decades(0.05, 100.0, (1, 2, 5)))
IN_SIGHT = (
    FormRow(("optimizer",)),
    FormRow(("learning_rate",)),
    FormRow(("clip_norm",), ("Clip gradient",)),
    FormRow(("batch_size", "epochs"), ("Batch", "· epochs")),
    FormRow(("seed",)),
)


class TrainingPanel(Panel):
    """A form made from the options of TrainingConfig: the usual ones are visible, the rest are under More."""

    CARD = False

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title)
        sliders = {
            "learning_rate": self._slider("learning_rate", RATES),
            "clip_norm": self._slider("clip_norm", CLIPS),
        }
        self._form = SettingsForm(engine.TrainingConfig, IN_SIGHT, "more-training", sliders)
        self._form.changed.connect(self._set)
        self._form.more_made.connect(self.refresh)
        self.body.addWidget(self._form)

    def _slider(self, name: str, stops: tuple[float, ...]) -> NumberSlider:
        """A slider for a rate that changes with every move: training continues with the new value."""
        declared = engine.TrainingConfig.options()[name]
        slider = NumberSlider(
            name, declared.label, declared.help, stops, minimum=declared.minimum or 0.0, maximum=declared.maximum or 1e9
        )
        slider.moved.connect(partial(self._set, name))
        return slider

    def _set(self, name: str, value: object) -> None:
        self.session.run.set_training(**{name: value})

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the settings, which change here or with the data."""
        return self.session.run.training_changed, self.session.run.model_changed

    def refresh(self) -> None:
        """Show the current settings."""
        run, dataset = self.session.run, self.session.data.dataset
        idle = {} if dataset is None else idle_training(run.training_config, run.model_config, dataset)
        if dataset is not None and (best_by := self._form.fields.get("best_by")):
            offer_only(best_by, deciding_metrics(run.model_config, dataset), NOT_MEASURED)
        self._form.show_config(run.training_config, DefaultSettings(self.session).of_training, idle)
