"""From product to won deal."""
