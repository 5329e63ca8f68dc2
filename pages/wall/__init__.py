"""Choosing and previewing information screens."""
