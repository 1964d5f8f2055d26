"""Compare: two to six runs side by side, even while they race."""
