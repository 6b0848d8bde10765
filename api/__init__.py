"""Doors. HTTP in, problem details out."""
