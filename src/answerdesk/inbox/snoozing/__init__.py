"""Snoozing: a conversation leaves the lists until a time."""
