"""Which embedding model's vectors a project serves, and changing it while it answers."""
