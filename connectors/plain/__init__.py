"""Posts in plain tables: CSV, JSON Lines, JSON and Parquet."""
