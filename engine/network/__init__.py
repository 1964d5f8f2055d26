"""The network: recurrent layers, losses and weights, in plain NumPy."""
