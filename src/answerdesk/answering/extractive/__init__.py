"""Answers in a passage's own words: which passage, which of its sentences, and how sure.

The features are few and can be read from a trace. Their weights are fitted on tuning data and
stored in `weights.json`.
"""
