"""What a message looks like, to whoever may read it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from answerdesk.answering.blocks import Block
from answerdesk.answering.types import Citation
from answerdesk.conversations.types import MESSAGE_PREFIX, Author, Message
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.knowledge.links import source_url


class CitedSource(BaseModel):
    """A passage that supports an answer, and where it can be read."""

    title: str
    heading_path: list[str]
    quote: str
    url: str

    @classmethod
    def of(cls, citation: Citation, project_id: ProjectId, base_url: str) -> "CitedSource":
        """Write a citation as its reader sees it."""
        document = (citation.url, citation.anchor)
        return cls(
            title=citation.title,
            heading_path=list(citation.heading_path),
            quote=citation.quote,
            url=source_url(project_id, citation.chunk_id, document, base_url),
        )


class MessageOut(BaseModel):
    """A message; `confidence` is an answer's probability to be right, 0 to 1.

    `content` is plain text; `blocks` say the same, typed. A block's `source` is the place of its
    source in `sources`.
    """

    id: str
    author: Author
    content: str
    blocks: list[Annotated[Block, Field(discriminator="type")]]
    sources: list[CitedSource]
    confidence: float | None
    abstained: bool = Field(description="The answer is that nothing known answers the question.")
    created_at: datetime

    @classmethod
    def of(cls, message: Message, project_id: ProjectId, base_url: str) -> "MessageOut":
        """Write a message as its reader sees it."""
        return cls(
            id=public_id(MESSAGE_PREFIX, message.id),
            author=message.author,
            content=message.content,
            blocks=list(message.blocks),
            sources=[CitedSource.of(one, project_id, base_url) for one in message.citations],
            confidence=message.confidence,
            abstained=message.abstained,
            created_at=message.created_at,
        )
