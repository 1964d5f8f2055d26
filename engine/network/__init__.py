"""The network: cells, recurrent layers, losses and weights, in plain NumPy."""
