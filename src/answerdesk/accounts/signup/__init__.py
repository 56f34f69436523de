"""Signing up: a new account, the installation's own by its key, or another's by invitation."""
