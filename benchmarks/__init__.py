"""Measurements of answer quality, speed and memory: `make bench`; README.md says what they mean."""
