"""Reads and writes a question's way: what is known when it comes, the question, and its answer.

The three of them are statements of one round trip, see `core.database`; what is less frequent is in
`turns`.
"""
