"""How it runs. The only package that knows the technologies."""
