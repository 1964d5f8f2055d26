"""1 · Data: its source, how it was read, the doctor's report, and a preview."""
