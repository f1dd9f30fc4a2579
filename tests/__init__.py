"""The tests. A package, since the bigcommerce wheel brings a top-level `tests` that would be found first."""
