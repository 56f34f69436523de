"""Reads conversations and their messages, page by page, and the answers that used a document."""
