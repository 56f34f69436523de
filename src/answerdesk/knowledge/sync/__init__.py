"""Websites as sources: a sync fetches all their pages, a few at a time, in jobs."""
