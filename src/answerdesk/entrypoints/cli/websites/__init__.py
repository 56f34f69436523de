"""Websites on the command line: adds them, and shows their running syncs."""
