"""Tunes: notes, ABC notation, MIDI files and synthesis."""
