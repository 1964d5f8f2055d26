"""Looking inside a network: its computation on a text, the path of its gradient, and the memory in its last state."""
