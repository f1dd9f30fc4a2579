"""One blueprint per dashboard; each view declares the right it needs."""
