"""Noras' API: chat, conversations, widgets, analytics.

Contract: the vendor's API documentation; our vendor contracts decide what it leaves open.
"""
