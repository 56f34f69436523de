"""Saved views: filters of the inbox under a name, for one person or all."""
