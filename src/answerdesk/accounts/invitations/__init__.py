"""Invitations: how people come to be members of an account that others have made."""
