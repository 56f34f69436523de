"""Visitors and their conversations: messages, turns, handoff, feedback."""
