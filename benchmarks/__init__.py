"""Measurements of answer quality, speed and memory; `make bench` runs them, README.md tells them."""
