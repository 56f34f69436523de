"""Drafts: what people have begun to write, the same in every browser."""
