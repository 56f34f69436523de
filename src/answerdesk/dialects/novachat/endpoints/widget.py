"""Nova Chat's widget tier: a website's token, and a conversation's id, are the permission."""

from collections.abc import AsyncIterator
from typing import Annotated, Final
from uuid import uuid4

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Request, status
from fastapi.responses import RedirectResponse

from answerdesk.accounts.api_keys.types import has_key
from answerdesk.accounts.dependencies import principal_of
from answerdesk.conversations import service as conversations
from answerdesk.conversations.access import require_open
from answerdesk.conversations.dependencies import ClientAddress, OriginOf, ReplyOf
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.reply.service import Reply
from answerdesk.conversations.reply.stream import Accepted, ChatEvent
from answerdesk.conversations.types import (
    ByItsId,
    Conversation,
    IncomingMessage,
    Message,
    OnDomain,
    OutsideId,
    RequestOrigin,
)
from answerdesk.conversations.visitors.service import require_origin
from answerdesk.core.database import Database
from answerdesk.core.numbers import HIGHEST, thing_of_number
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId, ConversationId
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.dialects.novachat.dependencies import Numbers
from answerdesk.dialects.novachat.encoder import encode_conversation, encode_messages
from answerdesk.dialects.novachat.schemas import (
    ERRORS,
    Contact,
    ContactOut,
    ConversationIn,
    ConversationOut,
    MessageIn,
    MessageList,
    MessageOut,
)
from answerdesk.projects.domains.service import find_domain
from answerdesk.projects.domains.types import Domain
from answerdesk.projects.service import get_project

SCRIPTS: Final = ("/widget.js", "/nova-widget-sdk-v2.js")
"""The scripts of websites' tags, which are at the root."""

_PATH: Final = "/api/v1/widget"


class Widget:
    """The widget tier of the domain whose token a request carries."""

    def __init__(
        self,
        database: Database,
        account_id: AccountId,
        domain: Domain,
        origin: RequestOrigin,
        address: str | None,
    ) -> None:
        self.account_id = account_id
        self.numbers = Numbers(database, account_id)
        self._database = database
        self._domain = domain
        self._origin = origin
        self._address = address

    async def id_of(self, number: int) -> ConversationId:
        """Return the id of a conversation of this account; raises NotFound."""
        found = await thing_of_number(self._database, "conversation", number)
        if found is None or found[0] != self.account_id:
            raise conversation_not_found()
        return ConversationId(found[1])

    async def messages(self, value: ConversationId) -> tuple[Conversation, list[Message]]:
        """Return a conversation of the domain's project with its messages.

        Raises NotFound; and NotPermitted for a suspended account or a page of another origin.
        """
        async with self._database.transaction(self.account_id) as session:
            conversation, said = await conversations.list_messages(session, value, ByItsId())
            if conversation.project_id != self._domain.project_id:
                raise conversation_not_found()
            await require_open(session)
            project = await get_project(session, conversation.project_id)
            require_origin(project, self._origin, said=False)
        return conversation, list(said)

    def first(self, text: str, contact: Contact) -> IncomingMessage:
        """Return the message that begins a conversation.

        Its visitor is a new one, because anybody may claim an e-mail address.
        """
        return IncomingMessage(
            account_id=self.account_id,
            project_id=self._domain.project_id,
            text=text,
            access=ByItsId(),
            origin=self._origin,
            address=self._address,
            outside=OutsideId("novachat", uuid4().hex),
            name=contact.name or None,
            email=contact.email or None,
            domain=OnDomain(self._domain.id, self._domain.agent_id),
            for_a_person=not self._domain.is_active,
        )

    def next(self, text: str, value: ConversationId) -> IncomingMessage:
        """Return a message that continues a conversation."""
        return IncomingMessage(
            account_id=self.account_id,
            project_id=self._domain.project_id,
            text=text,
            access=ByItsId(),
            origin=self._origin,
            address=self._address,
            conversation_id=value,
            for_a_person=not self._domain.is_active,
        )


async def _widget(
    request: Request,
    database: DatabaseOf,
    origin: OriginOf,
    address: ClientAddress,
    website_token: Annotated[str, Query(max_length=200)],
) -> Widget:
    account_id, domain = await find_domain(database, website_token)
    counted: str | None = address
    if has_key(request.headers.get("authorization")):
        # The account's own servers write for many contacts.
        caller = await principal_of(request, "novachat")
        counted = None if caller.account_id == account_id else address
    return Widget(database, account_id, domain, origin, counted)


WidgetOf = Annotated[Widget, Depends(_widget)]


def make_router(settings: Settings) -> APIRouter:
    """Make the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(route_class=bounded_route(settings.max_json_bytes), responses=ERRORS)
    created = status.HTTP_201_CREATED
    router.add_api_route(
        f"{_PATH}/conversations", begin_conversation, methods=["POST"], status_code=created
    )
    router.add_api_route(f"{_PATH}/messages", send_message, methods=["POST"], status_code=created)
    router.add_api_route(f"{_PATH}/messages", list_messages)
    for script in SCRIPTS:
        router.add_api_route(script, find_script, methods=["GET", "HEAD"], include_in_schema=False)
    return router


async def find_script(request: Request) -> RedirectResponse:
    """Lead to the script, for tags whose host was replaced by a base URL with our name."""
    return RedirectResponse(f"/{request.url.path.rpartition('/')[2]}", 308)


async def begin_conversation(
    body: ConversationIn, widget: WidgetOf, reply: ReplyOf, after: BackgroundTasks
) -> ConversationOut:
    """Begin a conversation with its first message; the answer follows under its messages."""
    contact = body.contact or Contact()
    accepted = await _accept(reply, widget.first(body.message, contact), after)
    conversation, _ = await widget.messages(accepted.conversation_id)
    number = await widget.numbers.of_one("conversation", conversation.id)
    times = (conversation.created_at, conversation.updated_at)
    told = ContactOut(name=contact.name, email=contact.email)
    return encode_conversation(number, conversation.state, told, times)


async def send_message(
    body: MessageIn, widget: WidgetOf, reply: ReplyOf, after: BackgroundTasks
) -> MessageOut:
    """Send a contact's message; the answer follows under the conversation's messages."""
    value = await widget.id_of(body.conversation_id)
    accepted = await _accept(reply, widget.next(body.content, value), after)
    _, said = await widget.messages(value)
    sent = [one for one in said if one.id == accepted.message_id]
    numbers = await widget.numbers.of("message", [one.id for one in sent])
    return encode_messages(sent, body.conversation_id, numbers)[0]


async def list_messages(
    widget: WidgetOf, conversation_id: Annotated[int, Query(ge=1, le=HIGHEST)]
) -> MessageList:
    """List a conversation's newest 1,000 messages, oldest first."""
    _, said = await widget.messages(await widget.id_of(conversation_id))
    numbers = await widget.numbers.of("message", [one.id for one in said])
    return MessageList(messages=encode_messages(said, conversation_id, numbers))


async def _accept(reply: Reply, incoming: IncomingMessage, after: BackgroundTasks) -> Accepted:
    """Store a message; its reply is read once the response has been sent."""
    events = await reply.chat(incoming)
    accepted = await anext(events)
    assert isinstance(accepted, Accepted)  # noqa: S101  # The first event of every reply.
    after.add_task(_read, events)
    return accepted


async def _read(events: AsyncIterator[ChatEvent]) -> None:
    """Read a reply to its end, so that it counts as read: the same text again is a new message."""
    async for _ in events:
        pass
