"""Websites for tests: a real HTTP server that does as it is told, and a manual to put on it."""

from tests.websites.manual import Manual, ManualPage, manual
from tests.websites.server import Answer, Request, Website

__all__ = ["Answer", "Manual", "ManualPage", "Request", "Website", "manual"]
