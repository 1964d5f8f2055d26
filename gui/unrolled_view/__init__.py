"""The picture of the unrolled network: what it shows (diagram), where (layout), how (painter), the view (canvas)."""
