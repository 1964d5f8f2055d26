"""Pictures: read from files and scaled down for a small network."""
