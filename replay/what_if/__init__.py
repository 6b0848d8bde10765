"""The past scored under other policies beside the one that was in force; nothing is recorded."""
