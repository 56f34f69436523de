"""Draws questions with their answers from a conversation, in its own words, without a model.

It would rather miss a pair than draw a wrong one. What it doesn't understand, it leaves out.
"""
