"""1 · Data: its source, how it was read, the data report, and a preview."""
