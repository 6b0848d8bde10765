"""Health scores of any day, as known at any time: made when they are asked for."""
