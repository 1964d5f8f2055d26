"""3 · Training: how the weights are learned."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import SignalInstance

import engine
from gui.panels.base.panel import Panel
from gui.session.session import Session
from gui.widgets.disclosure import Disclosure
from gui.widgets.fields import Field, Form, field_for
from gui.widgets.slider import NumberSlider, decades

RATES = decades(1e-5, 1.0)
CLIPS = (0.0, *decades(0.05, 100.0, (1, 2, 5)))
IN_SIGHT = ("optimizer", "learning_rate", "clip_norm", "batch_size", "epochs", "seed")


class TrainingPanel(Panel):
    """A form made from the options of TrainingConfig; the usual ones in sight, the rest behind More."""

    CARD = False

    def __init__(self, session: Session) -> None:
        super().__init__(session, "3 · Training")
        options = engine.TrainingConfig.options()
        rest = [name for name in options if name not in IN_SIGHT]
        self._fields: dict[str, Field] = {
            name: field_for(engine.TrainingConfig, name)
            for name in ("optimizer", "batch_size", "epochs", "seed", *rest)
        }
        for name, field in self._fields.items():
            field.changed.connect(partial(self._set, name))
        self._sliders = {
            "learning_rate": self._slider("learning_rate", RATES),
            "clip_norm": self._slider("clip_norm", CLIPS),
        }
        form = Form()
        form.add(options["optimizer"].label, self._fields["optimizer"])
        form.add(options["learning_rate"].label, self._sliders["learning_rate"])
        form.add(options["clip_norm"].label, self._sliders["clip_norm"])
        form.add("Batch · epochs", self._fields["batch_size"], self._fields["epochs"])
        form.add(options["seed"].label, self._fields["seed"])
        more = Form()
        for name in rest:
            more.add(options[name].label, self._fields[name])
        self.body.addLayout(form)
        self.body.addWidget(Disclosure("more-training", "More", more))

    def _slider(self, name: str, stops: tuple[float, ...]) -> NumberSlider:
        """Learning rate and clip change at every move: training goes on with them."""
        declared = engine.TrainingConfig.options()[name]
        slider = NumberSlider(
            name, declared.label, declared.help, stops, minimum=declared.minimum or 0.0, maximum=declared.maximum or 1e9
        )
        slider.moved.connect(partial(self._set, name))
        return slider

    def _set(self, name: str, value: object) -> None:
        self.session.run.set_training(**{name: value})

    def watches(self) -> tuple[SignalInstance, ...]:
        """The settings changed, here or with the data."""
        return self.session.run.training_changed, self.session.run.model_changed

    def refresh(self) -> None:
        """Show the settings at hand."""
        config = self.session.run.training_config
        for name, field in (*self._fields.items(), *self._sliders.items()):
            field.set_value(getattr(config, name))
