"""Who sees what: one decision for every door."""
