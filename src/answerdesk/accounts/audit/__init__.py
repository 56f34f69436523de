"""The audit log: who changed what, written in the transaction that changed it."""

from answerdesk.accounts.audit.service import record_audit

__all__ = ["record_audit"]
