"""Whether an answer's passages say what its sentences claim: pure functions over texts."""

from answerdesk.answering.verification.evidence import Evidence
from answerdesk.answering.verification.types import Reason, Verdict
from answerdesk.answering.verification.verifying import verify

__all__ = ["Evidence", "Reason", "Verdict", "verify"]
