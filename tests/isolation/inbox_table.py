"""The routes of the inbox: conversations in people's hands, lists, live views, notices."""

from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID

from tests.isolation.estate import Holding
from tests.isolation.route import Route, named, nothing, nowhere, reads, writes

_PROJECT = "/v1/projects/{project_id}"
_CONVERSATION = "/v1/conversations/{conversation_id}"
_DRAFT = f"{_CONVERSATION}/drafts/{{kind}}"
_OF_DRAFT = {"kind": "draft_kind"}
_CANNED_REPLY = "/v1/canned-replies/{canned_reply_id}"
_SAVED_VIEW = "/v1/saved-views/{saved_view_id}"
_VISITOR = "/v1/visitors/{visitor_id}"


def _given_to_nobody(_: Holding) -> dict[str, Any]:
    return {"member_id": None}


def _noted(_: Holding) -> dict[str, Any]:
    return {"content": "Noted by somebody else."}


def _drafted(_: Holding) -> dict[str, Any]:
    return {"content": "Written by somebody else.", "version": 0}


def _snoozed(_: Holding) -> dict[str, Any]:
    return {"until": (datetime.now(UTC) + timedelta(days=1)).isoformat()}


def _canned(_: Holding) -> dict[str, Any]:
    return {"shortcut": f"planted-{token_hex(6)}", "title": "Planted", "content": "Planted."}


def _looking(held: Holding) -> dict[str, Any]:
    return {"stream_id": str(UUID(int=0)), "conversation_id": held.ids["conversation"]}


INBOX: dict[tuple[str, str], Route] = {
    ("POST", f"{_CONVERSATION}/messages"): writes(
        "conversations", lambda _: {"content": "Said by somebody else."}
    ),
    ("POST", f"{_CONVERSATION}/suggestion"): writes("conversations"),
    ("POST", f"{_CONVERSATION}/hand-back"): writes("conversations", nothing),
    ("POST", f"{_CONVERSATION}/close"): writes("conversations", nothing),
    ("POST", f"{_CONVERSATION}/claim"): writes("conversations", nothing),
    ("POST", f"{_CONVERSATION}/assign"): writes("conversations", _given_to_nobody),
    ("POST", f"{_CONVERSATION}/reopen"): writes("conversations", nothing),
    ("GET", f"{_PROJECT}/service-levels"): reads("conversations"),
    ("GET", "/v1/notices"): Route("person"),
    ("GET", "/v1/notice-preferences"): Route("person"),
    ("PUT", "/v1/notice-preferences"): Route("person", body=nothing),
    # Lists and live views of the inbox
    ("GET", "/v1/inbox"): reads("conversations", lists=True),
    ("GET", "/v1/inbox/counts"): reads("conversations"),
    ("GET", "/v1/inbox/snapshot"): reads("conversations"),
    ("GET", "/v1/inbox/conversations/{conversation_id}"): reads("conversations"),
    ("GET", "/v1/inbox/stream"): Route("scope", "conversations:read", query=nowhere),
    ("GET", "/v1/inbox/events"): Route("scope", "conversations:read", query=nowhere),
    ("POST", "/v1/inbox/presence"): Route("person", body=_looking),
    ("POST", f"{_CONVERSATION}/typing"): writes("conversations"),
    # What people do about conversations that visitors don't see
    ("GET", f"{_CONVERSATION}/notes"): reads("conversations", lists=True),
    ("POST", f"{_CONVERSATION}/notes"): writes("conversations", _noted),
    ("DELETE", f"{_CONVERSATION}/notes/{{note_id}}"): writes("conversations"),
    ("PUT", f"{_CONVERSATION}/tags"): writes("conversations", lambda _: {"tags": ["planted"]}),
    ("GET", "/v1/tags"): reads("conversations", lists=True),
    ("POST", f"{_CONVERSATION}/snooze"): writes("conversations", _snoozed),
    ("DELETE", f"{_CONVERSATION}/snooze"): writes("conversations"),
    ("PUT", f"{_CONVERSATION}/read"): writes(
        "conversations", lambda held: {"message_id": held.ids["message"]}
    ),
    ("GET", "/v1/drafts"): reads("conversations", lists=True),
    ("GET", f"{_CONVERSATION}/drafts"): reads("conversations"),
    ("GET", _DRAFT): reads("conversations", ids=_OF_DRAFT),
    ("PUT", _DRAFT): writes("conversations", _drafted, _OF_DRAFT),
    ("DELETE", _DRAFT): writes("conversations", ids=_OF_DRAFT),
    ("GET", "/v1/canned-replies"): reads("conversations", lists=True),
    ("POST", "/v1/canned-replies"): writes("conversations", _canned),
    ("GET", _CANNED_REPLY): reads("conversations"),
    ("PATCH", _CANNED_REPLY): writes("conversations", lambda _: {"title": "Planted"}),
    ("DELETE", _CANNED_REPLY): writes("conversations"),
    ("GET", f"{_CANNED_REPLY}/rendered"): Route(
        "scope",
        "conversations:read",
        query=lambda held: {"conversation_id": held.ids["conversation"]},
    ),
    ("GET", "/v1/saved-views"): reads("conversations"),
    ("POST", "/v1/saved-views"): writes("conversations", named),
    ("PATCH", _SAVED_VIEW): writes("conversations", named),
    ("DELETE", _SAVED_VIEW): writes("conversations"),
    ("GET", _VISITOR): reads("conversations"),
    ("PATCH", _VISITOR): writes("conversations", lambda _: {"name": "Planted"}),
    ("GET", f"{_VISITOR}/conversations"): reads("conversations", lists=True),
}
