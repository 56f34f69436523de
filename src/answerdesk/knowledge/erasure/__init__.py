"""Removing the knowledge of a project that is deleted."""

from answerdesk.knowledge.erasure.repository import erase_knowledge

__all__ = ["erase_knowledge"]
