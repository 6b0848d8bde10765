"""The log as typed Parquet: one data set for each version of a fact, and a manifest."""
