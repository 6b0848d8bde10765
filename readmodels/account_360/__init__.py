"""The whole account in one answer, section by section."""
