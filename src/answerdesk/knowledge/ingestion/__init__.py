"""Turns a document's bytes into searchable chunks: parse, split, embed, store."""
