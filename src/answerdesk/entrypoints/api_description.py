"""What people read about the native API before they read its operations."""

from typing import Any, Final

from answerdesk.core.web.openapi import Description

_TEXT: Final = """\
Everything that Answerdesk does, for programs. Give a credential with each call: \
`Authorization: Bearer <access token, API key or owner's key>`.

* Errors are problem details (RFC 9457) with a stable `code`.
* Lists come in pages: `limit` and `cursor` in, `items` and `next_cursor` out.
* A `POST` with an `Idempotency-Key` is done once, however often it is sent within 24 hours.
* Settings carry an `ETag`; `If-Match` refuses to change what has changed meanwhile.
* A field that a call does not know is refused. The id of something that is not yours is a 404.
"""

_TAGS: Final = {
    "auth": "Signing up, logging in and out, passwords.",
    "account": "Your account, its plan and what of it is used.",
    "members": "Who belongs to the account, and as what.",
    "invitations": "Inviting others.",
    "api-keys": "Keys for programs; people make them.",
    "audit-log": "What was changed, by whom and when.",
    "projects": "One project is one website or app: its look, its hours, its keys.",
    "agents": "Who speaks for a project: persona, greeting, availability.",
    "knowledge": "What answers are made of: texts, files, questions with answers.",
    "websites": "Websites as sources of the knowledge: syncs, pages, what has changed.",
    "conversations": "What visitors asked, and what they were told.",
    "leads": "Contacts that visitors left.",
    "visitors": "What a visitor's browser may do, with a widget key and then a visitor token.",
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
    "ItemIn": {
        "question": "Do you deliver?",
        "answer": "Yes, within the city, for orders from 30 euros.",
    },
}

DESCRIPTION: Final = Description(text=_TEXT, tags=_TAGS, examples=_EXAMPLES)

OPERATION_PREFIXES: Final = {"visitors": "visitor_"}
"""Visitors and owners both list conversations; a generated client needs two names for it."""
