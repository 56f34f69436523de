"""Orac's API: the widget's chat, config, messages, feedback and escalation.

Contract: the vendor's API reference; our vendor contracts decide what it leaves open.
"""
