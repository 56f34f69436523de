"""API keys: created by people, shown once, stored hashed, revoked immediately everywhere."""
