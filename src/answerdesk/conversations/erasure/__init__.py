"""Removing the conversations of a project that is deleted."""
