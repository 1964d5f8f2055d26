"""The picture of the unrolled network: what it shows (diagram), where (layout), how (painter), and the view (canvas)."""
