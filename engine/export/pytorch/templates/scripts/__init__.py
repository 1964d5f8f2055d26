"""The programs that use an exported `model.py` from a terminal, one for each verb."""
