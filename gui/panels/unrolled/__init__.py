"""The unrolled network, the text it reads, and the line that explains one of its cells."""
