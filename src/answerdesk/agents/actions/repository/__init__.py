"""Reads and writes actions, and the log of their calls."""
