"""API keys: made by people, shown once, stored hashed, revoked at once everywhere."""
