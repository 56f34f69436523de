"""Every reason why a fetch brought nothing has a category, and the reference tells it."""

from pathlib import Path

import pytest

from answerdesk.core.errors import InvalidInput, Unavailable
from answerdesk.core.outbound import OutboundError
from answerdesk.core.web.problems import http_status

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "errors.md"


@pytest.mark.parametrize("kind", OutboundError.__subclasses__())
def test_a_reason_is_the_askers_fault_or_the_others(kind: type[OutboundError]) -> None:
    assert issubclass(kind, InvalidInput) is not issubclass(kind, Unavailable)
    status = http_status(kind("It brought nothing"))
    assert status == (422 if issubclass(kind, InvalidInput) else 503)
    rows = REFERENCE.read_text("utf-8").splitlines()
    assert any(row.startswith(f"| `{kind.code}` | {status} |") for row in rows), kind.code
