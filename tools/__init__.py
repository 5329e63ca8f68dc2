"""Helpers for developing: installing, finding a browser. Standard library only."""
