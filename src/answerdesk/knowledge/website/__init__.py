"""Fetches pages of a website, and judges the site as a whole. Uses no database."""
