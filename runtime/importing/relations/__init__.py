"""A made-up year around accounts there are: who is known, what was done, planned and approved."""
