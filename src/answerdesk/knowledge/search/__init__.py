"""Finds passages: candidates by words and by vectors, merged into one order."""
