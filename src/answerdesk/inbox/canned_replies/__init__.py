"""Canned replies: texts to reply with."""
