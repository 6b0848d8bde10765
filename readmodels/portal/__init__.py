"""What one employee has to do, and what goes on around it."""
