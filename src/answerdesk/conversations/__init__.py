"""Visitors and what is said: conversations, messages, turns, handoff, feedback."""
