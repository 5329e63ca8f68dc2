"""For analysts: loading, quality, definitions."""
