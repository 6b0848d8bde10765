"""What waits for somebody: approvals."""
