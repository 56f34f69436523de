"""Visitors who left contact details."""
