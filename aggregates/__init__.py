"""Rules. Given what happened, what may happen next."""
