"""What follows from a fact without anybody asking."""
