"""From a question to an answer: rewrite, retrieve, rerank, decide, generate.

Knows nothing of conversations.
"""
