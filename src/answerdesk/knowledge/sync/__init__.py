"""Websites as sources: a sync looks at all their pages, a few at a time, as due work."""
