"""The picture that a network begins with, small enough to stand in the drawing of the network."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from engine.data.numbers.recording import Recording
from gui.session.session import Session
from gui.widgets.frames_image import frames_image

SIZE, SHARPNESS = QSize(48, 48), 4.0  # also of a drawing that is enlarged


def picture_of(session: Session) -> QImage | None:
    """The probe, if it is a picture that the network makes its first state from."""
    dataset, given = session.data.dataset, session.probe.given
    frames = None if dataset is None else dataset.codec.frames
    begins = any(stage.begins_with for stage in session.run.network.stages)
    if frames is None or not frames.shape or not isinstance(given, Recording) or not begins:
        return None
    return frames_image(given.values, frames, SIZE, SHARPNESS, session.theme)
