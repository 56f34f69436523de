"""Orac's API: the widget tier, and the programmatic tier with a key.

Contract: the vendor's API reference; our vendor contracts decide what it leaves open.
"""
