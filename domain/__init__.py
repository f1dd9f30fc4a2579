"""The business of Invoice Portal in plain Python: rules, use cases and the ports the world plugs into."""
