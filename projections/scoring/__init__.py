"""Health scores: one pure way from signals to scores, the same bits in any order and anywhere."""
