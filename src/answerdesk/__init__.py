"""Answerdesk: a self-hosted AI front desk for websites and apps."""

__version__ = "0.1.0"
