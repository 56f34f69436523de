"""Answering in a passage's own words: which passage, which of its sentences, and how sure.

The features are few and can be read off a trace; their weights are fitted on tuning data and lie in
`weights.json`.
"""
