"""Interpretations. What a fact means for one question."""
