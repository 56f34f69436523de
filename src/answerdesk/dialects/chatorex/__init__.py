"""Chatorex's API: chat, sources, leads, the widget's look and settings.

Contract: the vendor's API documentation; our vendor contracts decide what it leaves open.
"""
