"""A note as people of the account read it, in lists and live."""

from datetime import datetime

from pydantic import BaseModel

from answerdesk.accounts.types import USER_PREFIX
from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.tenancy import public_id
from answerdesk.inbox.types import NOTE_PREFIX, Note


class NoteAuthor(BaseModel):
    """Who wrote a note; the name is null if they are no longer a member."""

    id: str
    name: str | None


class NoteOut(BaseModel):
    """A note, which no visitor sees. `author` is null if a key wrote it."""

    id: str
    conversation_id: str
    author: NoteAuthor | None
    content: str
    created_at: datetime

    @classmethod
    def of(cls, note: Note) -> "NoteOut":
        author = None
        if note.author_id is not None:
            author = NoteAuthor(id=public_id(USER_PREFIX, note.author_id), name=note.author_name)
        return cls(
            id=public_id(NOTE_PREFIX, note.id),
            conversation_id=public_id(CONVERSATION_PREFIX, note.conversation_id),
            author=author,
            content=note.content,
            created_at=note.created_at,
        )
