"""A tune that the network wrote: its notes as a piano roll, and as a file to listen to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

import engine
from engine.data.music.midi import midi_bytes
from engine.data.music.notes import Note
from engine.data.music.synthesis import RATE, synthesise
from engine.data.music.tune import tune_of
from engine.data.sound.wav import wav_bytes
from engine.number_text import counted
from engine.runs.atomic_write import replacing
from gui.session.notice import Level
from gui.session.session import Session
from gui.widgets.controls import pressable
from gui.widgets.file_dialogs import ask_to_save
from gui.widgets.piano_roll import PianoRoll
from gui.widgets.text import text_label

NO_TUNE = "The text under the mouse is not a tune yet."


def _sound(notes: Sequence[Note]) -> bytes:
    return wav_bytes(synthesise(notes), RATE)


WRITERS: dict[str, tuple[str, Callable[[Sequence[Note]], bytes]]] = {
    "mid": ("MIDI file", midi_bytes),
    "wav": ("Sound", _sound),
}


class TuneView(QWidget):
    """The tune of the text under the mouse, or of the first one."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._notes: list[Note] = []
        self.roll = PianoRoll("try-roll", "The notes over time")
        self.caption = text_label("", "small", elide=True, name="try-tune")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self.caption, 1)
        self._buttons = []
        for ending, (title, _) in WRITERS.items():
            button = pressable(QPushButton(f"{title}…"), f"try-{ending}", f"Save as {title}", "Save this tune")
            button.clicked.connect(lambda _=False, ending=ending: self._choose(ending))
            row.addWidget(button)
            self._buttons.append(button)
        column.addWidget(self.roll)
        column.addLayout(row)

    def show_text(self, text: str, label: str) -> None:
        """Draw the notes of a text. label: metre and key."""
        self._notes = tune_of(text, label)
        self.draw()
        notes = counted(len(self._notes), "note")
        self.caption.setText(f"{notes} of “{text}”" if self._notes else NO_TUNE)
        for button in self._buttons:
            button.setEnabled(bool(self._notes))

    def draw(self) -> None:
        """Draw the notes in the colours of the moment."""
        self.roll.show_notes(self._notes, self._session.theme)

    def _choose(self, ending: str) -> None:
        title, notes = WRITERS[ending][0], list(self._notes)
        folders, filters = self._session.folders, [f"{title} (*.{ending})"]
        proposed, save = folders.goal(f"tune.{ending}"), folders.noting(partial(self._save, notes, ending))
        ask_to_save(self, "tune-save-dialog", f"Save as {title}", proposed, save, ending=ending, filters=filters)

    def _save(self, notes: Sequence[Note], ending: str, path: Path) -> None:
        try:
            with replacing(path) as temporary:
                temporary.write_bytes(WRITERS[ending][1](notes))
        except engine.StorageError as error:
            self._session.tell(str(error), Level.ERROR)
            return
        self._session.tell(f"Saved the tune as {path.name}.", Level.DONE)
