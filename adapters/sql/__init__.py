"""The one storage of the product: PostgreSQL through SQLAlchemy Core, rows turned into entities by hand."""
