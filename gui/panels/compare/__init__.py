"""Compare: two to six runs side by side, also while they race."""
