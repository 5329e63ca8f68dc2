"""For managers and process owners."""
