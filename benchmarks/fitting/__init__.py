"""Fits the weights of the extractive answers: `python -m benchmarks.fit_answering`."""
