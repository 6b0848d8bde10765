"""Answers. Tables that hold interpretations, and the questions they answer."""
