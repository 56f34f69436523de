"""The native API's introduction and tags, as shown before its operations."""

from typing import Any, Final

from answerdesk.core.web.openapi import Description

_TEXT: Final = """\
Everything that Answerdesk does, for programs. Send a credential with each call: \
`Authorization: Bearer <access token, API key or owner key>`.

* Errors are problem details (RFC 9457) with a stable `code`.
* Lists are paginated: send `limit` and `cursor`, receive `items` and `next_cursor`.
* A `POST` with an `Idempotency-Key` runs once, however often it is sent within 24 hours.
* Settings have an `ETag`; with `If-Match` a change is refused if they changed meanwhile.
* Unknown fields are refused. The id of something that isn't yours gives a 404.
"""

_TAGS: Final = {
    "auth": "Signing up, logging in and out, passwords.",
    "account": "Your account, its plan and its usage.",
    "members": "The account's members and their roles.",
    "invitations": "Inviting people to the account.",
    "api-keys": "Keys for programs; only people can create them.",
    "audit-log": "Who changed what, and when.",
    "projects": "One project is one website or app: its look, its hours, its keys.",
    "agents": "Who speaks for a project: persona, greeting, availability.",
    "replies": "What an agent answers to a chat that the request brings along, now or later.",
    "knowledge": "What answers are made from: texts, files, questions with answers.",
    "websites": "Websites as sources of the knowledge: syncs, pages, changes.",
    "conversations": "What visitors asked and what they were answered.",
    "inbox": "What people do about conversations that visitors don't see: notes, tags, drafts.",
    "leads": "Contacts that visitors left.",
    "webhooks": "Events, sent to addresses of yours and tried again until they arrive.",
    "visitors": "The API for a visitor's browser, with a widget key and then a visitor token.",
}

_EXAMPLES: Final[dict[str, Any]] = {
    "ProjectIn": {"name": "Harbour Bakery"},
    "TextIn": {
        "title": "Opening hours",
        "content": "We are open from 7 to 18 on weekdays.",
        "format": "text",
        "url": "https://bakery.example/hours",
    },
    "SourceIn": {
        "kind": "site",
        "url": "https://bakery.example/help/",
        "exclude": ["/help/archive/*"],
        "sync_every_hours": 24,
    },
    "WebhookIn": {
        "url": "https://bakery.example/hooks/answerdesk",
        "events": ["conversation.escalated", "lead.created"],
    },
    "ItemIn": {
        "question": "Do you deliver?",
        "answer": "Yes, within the city, for orders from 30 euros.",
    },
    "SynonymsIn": {"terms": ["flat tyre", "flat tire", "puncture"]},
}

DESCRIPTION: Final = Description(text=_TEXT, tags=_TAGS, examples=_EXAMPLES)

OPERATION_PREFIXES: Final = {"visitors": "visitor_"}
"""Visitors and owners both list conversations, so generated clients need two operation names."""
