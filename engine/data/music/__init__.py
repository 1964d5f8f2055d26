"""Tunes: notes, ABC notation, MIDI files, and how they sound."""
