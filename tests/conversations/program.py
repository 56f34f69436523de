"""A program that speaks for its users, whom we know by the ids that it gives them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from answerdesk.answering.blocks import plain_text
from answerdesk.answering.service import Answering
from answerdesk.bootstrap import Application
from answerdesk.conversations.reply.service import Reply
from answerdesk.conversations.reply.stream import Accepted, ChatEvent, Concluded
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    IncomingMessage,
    OfTheAccount,
    OutsideId,
    RequestOrigin,
)
from answerdesk.core.dialects import Dialect
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.providers.fake_chat_model import FakeChatModel
from tests.conftest import Desk
from tests.conversations.writing import writers_of

QUESTION = "What does the small plan cost?"


@dataclass
class Program:
    """Sends messages of the users of a project, in a dialect, past HTTP."""

    application: Application
    desk: Desk
    dialect: Dialect = "noras"
    model: FakeChatModel | None = None

    def __post_init__(self) -> None:
        self.reply = Reply(
            self.application.database,
            Answering(self.application.search, self.model),
            self.application.address_limits,
            self.application.actions,
            writers_of(self.application),
            lease=timedelta(seconds=20),
        )

    def of(self, **changes: Any) -> "Program":
        """Return the same program in another dialect, or of another project."""
        return replace(self, **changes)

    @property
    def project_id(self) -> ProjectId:
        return ProjectId(UUID(self.desk.project_id.removeprefix("proj_")))

    def message(self, user: str | None, text: str = QUESTION, **fields: Any) -> IncomingMessage:
        return IncomingMessage(
            account_id=self.application.account_id,
            project_id=self.project_id,
            text=text,
            access=OfTheAccount(),
            origin=RequestOrigin(None, "http://127.0.0.1"),
            outside=None if user is None else OutsideId(self.dialect, user),
            **fields,
        )

    async def say(self, user: str | None, text: str = QUESTION, **fields: Any) -> list[ChatEvent]:
        """Send a user's message; return the whole reply."""
        return [one async for one in await self.reply.chat(self.message(user, text, **fields))]

    async def tell(self, user: str | None, text: str = QUESTION, **fields: Any) -> str:
        """Send a user's message, read its reply, and return the conversation's id."""
        return conversation_in(await self.say(user, text, **fields))

    def state(self, conversation_id: str) -> str:
        """Return the conversation's state, as its owner sees it."""
        shown = self.desk.owner.get(f"/v1/conversations/{conversation_id}")
        assert shown.status_code == 200, shown.text
        return str(shown.json()["state"])

    def course(self, conversation_id: str) -> list[tuple[str, str]]:
        """Return authors and texts of a conversation, as its owner sees it."""
        shown = self.desk.owner.get(f"/v1/conversations/{conversation_id}")
        assert shown.status_code == 200, shown.text
        return [(one["author"], one["content"]) for one in shown.json()["messages"]]

    def do(self, conversation_id: str, what: str, **body: Any) -> Any:
        """Do something with a conversation, as a person of the account."""
        done = self.desk.owner.post(f"/v1/conversations/{conversation_id}/{what}", json=body)
        assert done.is_success, done.text
        return done.json()


def accepted_in(events: Sequence[ChatEvent]) -> Accepted:
    """Return what tells that a message was accepted."""
    (accepted,) = [one for one in events if isinstance(one, Accepted)]
    return accepted


def conversation_in(events: Sequence[ChatEvent]) -> str:
    """Return the id of the conversation that a message was accepted in."""
    return public_id(CONVERSATION_PREFIX, accepted_in(events).conversation_id)


def answer_in(events: Sequence[ChatEvent]) -> str:
    """Return the text of the answer that ends a reply."""
    (concluded,) = [one for one in events if isinstance(one, Concluded)]
    return plain_text(concluded.blocks)
