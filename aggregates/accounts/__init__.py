"""The companies we deal with."""
