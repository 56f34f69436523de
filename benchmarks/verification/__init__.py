"""Verification of sentences, measured on true ones and such that were made wrong."""
