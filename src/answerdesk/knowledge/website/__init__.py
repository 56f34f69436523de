"""Reads one page of a website, and what the site says about itself. Knows no database."""
