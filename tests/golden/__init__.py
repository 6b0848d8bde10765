"""Worked examples from public documents, each run through the function that answers for it."""
