"""Websites for tests: a real HTTP server that does as it is told, and a manual to put on it."""

from tests.websites.answers import Answer, Request
from tests.websites.manual import Manual, ManualPage, manual
from tests.websites.server import Website

__all__ = ["Answer", "Manual", "ManualPage", "Request", "Website", "manual"]
