"""Forgotten passwords: a link that sets a new one, once, within half an hour."""
