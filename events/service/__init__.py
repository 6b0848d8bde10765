"""How customers are served, and what they say of it."""
