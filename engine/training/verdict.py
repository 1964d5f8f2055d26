"""What the end of a run says about its settings: too small a network, too few epochs, or learning by heart."""

from __future__ import annotations

from engine.training.schedules import SCHEDULES
from engine.training.trainer import Trainer

_SAME = 0.03  # difference of the losses, as a share of the validation loss: up to it nothing is learned by heart
_FAR = 0.5  # the same: above it much is learned by heart
_LOW = 0.02  # nats; where so little is left, there is nothing to say


def verdict(trainer: Trainer) -> tuple[str, ...]:
    """One sentence for each finding; () where all is well, and before the end of a run."""
    final, train = trainer.final, trainer.train_loss
    if final is None or train is None or not final.loss > _LOW:
        return ()
    found, gap = [], (final.loss - train) / final.loss
    losses = f"loss {train:.3f} on training examples, {final.loss:.3f} on validation examples"
    if gap < _SAME:
        units = 2 * trainer.model.config.hidden_size
        found.append(f"Underfitted ({losses}): a larger network can learn more, such as {units:,} hidden units.")
    elif gap > _FAR:
        found.append(f"Much was learned by heart ({losses}): more examples or more dropout would help.")
    patient = trainer.training.patience and SCHEDULES[trainer.training.schedule].ends_low
    if patient and not trainer.ended_early and trainer.best is not None and gap < _FAR:
        more = "minutes" if trainer.training.minutes else "epochs"
        found.append(f"Validation still improved when the run ended: more {more} would help.")
    return tuple(found)
