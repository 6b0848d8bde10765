"""What we plan with a customer, and what value came of it."""
