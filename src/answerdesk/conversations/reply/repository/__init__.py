"""Reads the facts about a message, stores the question, and stores its answer.

Each of the three is a statement of one round trip, see `core.database`. Rarer work is in `turns`.
"""
