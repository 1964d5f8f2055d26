"""Using the trained network: one small view for each thing that networks do."""
