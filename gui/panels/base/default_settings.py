"""What the settings of the network and of its training would be if the user had not changed them."""

from __future__ import annotations

from engine.options import Config
from engine.training import defaults
from engine.training.reasons import reasons
from gui.session.session import Session
from gui.widgets.setting_name import Usual

OPENED = "As in the run that was opened."


class DefaultSettings:
    """Proposals for the current data, with the reasons for them."""

    def __init__(self, session: Session) -> None:
        run, data = session.run, session.data
        self._model, self._training = run.model_config, run.training_config
        self._why = dict.fromkeys((*self._model.options(), *self._training.options()), OPENED)
        if data.dataset is not None and run.opened is None:
            self._model, self._training = defaults.settings_for(data.dataset, data.sample, {}, {})
            self._why = reasons(data.dataset, data.sample, self._model, self._training)

    def of_model(self, name: str) -> Usual:
        """The usual value of a setting of the network."""
        return self._of(self._model, name)

    def of_training(self, name: str) -> Usual:
        """The usual value of a training setting."""
        return self._of(self._training, name)

    def _of(self, config: Config, name: str) -> Usual:
        return Usual(config.default(name), getattr(config, name), self._why.get(name, ""))
