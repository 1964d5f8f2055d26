"""Numbers instead of symbols: series, sounds, pictures and ratings. See docs/numbers.md."""
