"""The program beside an exported `model.py` that uses it from a terminal, one for each verb."""
