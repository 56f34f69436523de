"""The native API of contacts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from answerdesk.accounts.principal import Principal
from answerdesk.conversations.history import service as history
from answerdesk.conversations.schemas import ConversationOut
from answerdesk.conversations.types import VISITOR_PREFIX, VisitorId
from answerdesk.conversations.visitors.service import MOST_ATTRIBUTES
from answerdesk.core.dialects import Dialect
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.inbox.contacts import service
from answerdesk.inbox.contacts.types import (
    EMAIL_LENGTH,
    KEY_LENGTH,
    NAME_LENGTH,
    VALUE_LENGTH,
    AttributeValue,
    Changes,
    InboxContact,
)
from answerdesk.inbox.dependencies import Reader, Writer
from answerdesk.inbox.errors import visitor_not_found
from answerdesk.projects.types import PROJECT_PREFIX

_WHOLE = 2**53 - 1
"""The highest whole number that every JSON reader keeps."""


def _attribute(given: object) -> AttributeValue:
    """Return a value that is one; a union of types would tell of every type what is wrong."""
    if given is None or isinstance(given, bool):
        return given
    if isinstance(given, int | float) and -_WHOLE <= given <= _WHOLE:
        return given
    if isinstance(given, str) and len(given) <= VALUE_LENGTH and _is_storable(given):
        return given
    msg = f"has to be text of at most {VALUE_LENGTH:,} characters, a number, true, false or null"
    raise ValueError(msg)


def _is_storable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


_Key = Annotated[FilledText, Field(max_length=KEY_LENGTH)]
_Value = Annotated[
    AttributeValue,
    PlainValidator(_attribute),
    WithJsonSchema({"type": ["string", "number", "boolean", "null"], "maxLength": VALUE_LENGTH}),
]


class ContactIn(BaseModel):
    """Changes to a contact; null takes a name or an address away."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[CleanText, Field(max_length=NAME_LENGTH)] | None = None
    email: Annotated[CleanText, Field(max_length=EMAIL_LENGTH)] | None = None
    attributes: dict[_Key, _Value] = Field(
        default_factory=dict,
        max_length=MOST_ATTRIBUTES,
        description="All of them, by name: text, numbers, true, false or null.",
    )

    def changes(self) -> Changes:
        """Return what is given."""
        given: Changes = {}
        if "name" in self.model_fields_set:
            given["name"] = self.name
        if "email" in self.model_fields_set:
            given["email"] = self.email
        if "attributes" in self.model_fields_set:
            given["attributes"] = self.attributes
        return given


class ContactOut(BaseModel):
    """A visitor. `verified`: the site has signed who they are, and `identity` is its id of them.

    `external_id` is what a client or a program in `dialect` calls them, and proves nothing.
    """

    id: str
    project_id: str
    identity: str | None
    verified: bool
    external_id: str | None
    dialect: Dialect | None
    name: str | None
    email: str | None
    attributes: Mapping[str, AttributeValue]
    first_seen_at: datetime
    last_seen_at: datetime
    conversation_count: int
    lead_count: int

    @classmethod
    def of(cls, contact: InboxContact) -> "ContactOut":
        return cls(
            id=public_id(VISITOR_PREFIX, contact.id),
            project_id=public_id(PROJECT_PREFIX, contact.project_id),
            identity=contact.identity,
            verified=contact.identity is not None,
            external_id=contact.external_id,
            dialect=contact.dialect,
            name=contact.name,
            email=contact.email,
            attributes=contact.attributes,
            first_seen_at=contact.created_at,
            last_seen_at=contact.seen_at,
            conversation_count=contact.conversation_count,
            lead_count=contact.lead_count,
        )


class ContactConversationList(Listing[ConversationOut]):
    """A visitor's conversations, most recently active first."""


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(
        prefix="/v1/visitors/{visitor_id}",
        route_class=bounded_route(max_json_bytes),
        tags=["inbox"],
    )
    router.add_api_route("", get_contact)
    router.add_api_route("", change_contact, methods=["PATCH"])
    router.add_api_route("/conversations", list_contact_conversations)
    return router


async def get_contact(visitor_id: str, caller: Reader, database: DatabaseOf) -> ContactOut:
    """Show who a visitor is."""
    return ContactOut.of(await _within_reach(visitor_id, caller, database))


async def change_contact(
    visitor_id: str, body: ContactIn, caller: Writer, database: DatabaseOf
) -> ContactOut:
    """Change a visitor's name, e-mail address or attributes.

    An identity token of the same visitor replaces name and address again. Visitors who merely have
    the same address stay two.
    """
    found = await _within_reach(visitor_id, caller, database)
    async with database.transaction(caller.account_id) as session:
        changed = await service.change_contact(session, found.id, body.changes())
    return ContactOut.of(changed)


async def list_contact_conversations(
    visitor_id: str, caller: Reader, database: DatabaseOf, page: PagingOf
) -> ContactConversationList:
    """List a visitor's conversations, most recently active first."""
    visitor = await _within_reach(visitor_id, caller, database)
    of = f"contact-conversations:{visitor.id}"
    after = page.after(of, *history.ORDER)
    async with database.transaction(caller.account_id) as session:
        found = await history.visitors_conversations(session, visitor.id, after, page.fetch)
    shown, next_cursor = page.cut(of, found, lambda one: (one.updated_at, one.id))
    items = [ConversationOut.of(one) for one in shown]
    return ContactConversationList(items=items, next_cursor=next_cursor)


async def _within_reach(visitor_id: str, caller: Principal, database: DatabaseOf) -> InboxContact:
    value = parse_public_id(VISITOR_PREFIX, visitor_id)
    if value is None:
        raise visitor_not_found()
    async with database.transaction(caller.account_id) as session:
        found = await service.get_contact(session, VisitorId(value))
    try:
        caller.require_project(found.project_id)
    except NotFound as error:
        raise visitor_not_found() from error
    return found
