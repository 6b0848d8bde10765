"""Rules that are data."""
