"""Contexts: named texts that answer beside a project's knowledge when a request names them."""
