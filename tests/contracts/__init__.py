"""What every storage promises: one suite, run on dictionaries and on PostgreSQL."""
