"""Pictures: read from files, scaled to what a small network can take in."""
