"""From a question to an answer: rewrite, search, rerank, decide, generate.

Knows nothing of conversations.
"""
