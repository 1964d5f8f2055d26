"""Using what is trained, one small view for each shape."""
