"""Removing the conversations of a project that is deleted."""

from answerdesk.conversations.erasure.repository import erase_conversations

__all__ = ["erase_conversations"]
