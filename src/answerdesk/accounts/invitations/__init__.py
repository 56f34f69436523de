"""Invitations: how people become members of an existing account."""
