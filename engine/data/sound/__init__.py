"""Sounds: WAV files, resampling, log-mel frames, and tones made from nothing."""
