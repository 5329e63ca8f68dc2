"""Pages about single rows: what stands behind a number, and the story of one case."""
