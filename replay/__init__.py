"""The past, again. Rebuild, verify and read as of any day."""
