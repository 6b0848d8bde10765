"""Brings other systems' history in through the public command door."""
