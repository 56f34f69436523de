"""Orac's wire: the widget's chat, config, messages, feedback and escalation.

Contract: the vendor's API reference, with what it leaves open decided in our vendor contracts.
"""
