"""What a newer version has stored, which runs beside this one during an upgrade, is shown."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from answerdesk.answering.blocks import Paragraph, stored_blocks
from answerdesk.answering.types import Citation
from answerdesk.conversations.models import MessageRow
from answerdesk.conversations.repository import message_of, stored_citation

_CITATION = Citation(
    chunk_id=uuid4(),
    document_id=uuid4(),
    document="Hours",
    title="Hours › Opening",
    heading_path=("Opening",),
    anchor=None,
    url=None,
    quote="We open at nine.",
    score=0.9,
)


def _row(blocks: list[dict[str, Any]] | None, **cited: object) -> MessageRow:
    return MessageRow(
        id=uuid4(),
        conversation_id=uuid4(),
        author="assistant",
        content="We open at nine.\n\nWe close at six.",
        blocks=blocks,
        citations=[{**stored_citation(_CITATION), **cited}],
        confidence=0.9,
        abstained=False,
        created_at=datetime.now(UTC),
    )


def test_a_citation_with_more_to_it_is_read() -> None:
    assert message_of(_row(None, shade="dark")).citations == (_CITATION,)
    assert message_of(_row(None)).citations == (_CITATION,)


def test_an_answer_of_unknown_blocks_is_its_text() -> None:
    plain = (Paragraph("We open at nine."), Paragraph("We close at six."))
    assert message_of(_row([{"type": "picture", "of": "a clock"}])).blocks == plain
    known = Paragraph("We open at nine.", 0)
    assert message_of(_row(stored_blocks([known]))).blocks == (known,)
