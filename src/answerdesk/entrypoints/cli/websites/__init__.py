"""Websites on the command line: adding them, and showing a sync as it runs."""
