"""Webhooks: what is told outside of alerts and notices, signed, and sent until it has arrived."""
