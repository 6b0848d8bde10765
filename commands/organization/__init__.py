"""Regions, employees and the keys they use."""
