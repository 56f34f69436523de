"""The database's history, and the way to its newest version."""
