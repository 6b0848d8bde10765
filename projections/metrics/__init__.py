"""Metrics: each a definition that is told with its number, and an exact function."""
