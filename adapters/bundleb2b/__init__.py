"""BundleB2B (B2B Edition) of one store: companies, their buyers and rights, and what it adds to orders."""
