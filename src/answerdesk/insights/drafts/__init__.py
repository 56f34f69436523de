"""Drafts of Q&A items, drawn from what people told visitors, for a person to review."""
