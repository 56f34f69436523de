"""Answers written by a model, from the passages that search found, and proved by them."""
