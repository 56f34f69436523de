"""Every field that a vendor's document has in its requests is described here, with its type.

Those of replies are in `examples/shapes.py`.
"""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from answerdesk.core.settings import Settings
from answerdesk.dialects import DIALECTS
from tests.dialects.examples.documents import ALL
from tests.entrypoints.bad_bodies import Bodies, Schema
from tests.rules.tree import ROOT

# A type that ends in "!" is of a required field; a dot leads into an object, "[]" into a list.
_PUSHED: Final = dict.fromkeys(("title", "content", "category"), "string") | {"tags": "array"}
_ACCOUNT: Final = {"email": "string!", "password": "string!"}
FIELDS: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "chatorex": {
        "POST /api/chat": {"message": "string!", "chatbot_id": "string", "session_id": "string"},
        "POST /api/sources": {"type": "string!", "url": "string", "chatbot_id": "string"},
        "DELETE /api/sources": {"id": "string"},
        "PUT /api/widget-settings": {
            **dict.fromkeys(("primary_color", "welcome_message", "position"), "string"),
            "lead_capture": "object",
        },
    },
    "noras": {
        "POST /api/chat": {
            **dict.fromkeys(("widget_key", "message", "user_code"), "string!"),
            "context": "object",
        },
        "GET /api/conversations/{widget_key}": {
            "limit": "integer",
            "offset": "integer",
            "user_code": "string",
        },
        "PUT /api/widgets/{widget_key}": {"name": "string", "welcome_message": "string"},
        "GET /api/analytics": {"from": "date", "to": "date"},
        "GET /api/analytics/{widget_key}": {"from": "date", "to": "date"},
    },
    "novachat": {
        "POST /nc-api/v1/accounts": {**_ACCOUNT, "name": "string!", "plan": "string"},
        "POST /nc-api/v1/auth/login": _ACCOUNT,
        "POST /nc-api/v1/account/bind-domain": {"website_url": "string!", "label": "string"},
        "POST /nc-api/v1/account/domains/{domain_id}/ai-config": {
            "ai_bot_config_id": "integer",
            "is_active": "boolean",
        },
        "POST /nc-api/v1/agents": {
            "bot_name": "string!",
            **dict.fromkeys(("greeting_message", "system_prompt"), "string"),
        },
        "POST /nc-api/v1/api-keys": {"name": "string!", "permissions": "array"},
        "POST /nc-api/v1/knowledge_base/items": _PUSHED,
        "PUT /nc-api/v1/knowledge_base/items/{item_id}": _PUSHED,
        "POST /nc-api/v1/knowledge_base/items/import": {
            f"[].{name}": kind for name, kind in _PUSHED.items()
        },
        "POST /api/v1/widget/conversations": {
            "website_token": "string!",
            "message": "string!",
            **dict.fromkeys(("contact.name", "contact.email"), "string"),
        },
        "POST /api/v1/widget/messages": {
            "website_token": "string!",
            "conversation_id": "integer!",
            "content": "string!",
        },
        "POST /nc-api/v1/agentic-rag/analyze": {"conversation_id": "integer!"},
        "GET /api/v1/widget/messages": {
            "website_token": "string!",
            "conversation_id": "integer!",
        },
    },
    "novaro": {
        "GET /api/v1/auth/verify": {},
        "POST /api/v1/messages": {
            "messages": "array!",
            "messages[].role": "string!",
            "messages[].content": "string!",
            "messages[].createdAt": "number",
        },
        "POST /api/v1/messages/async": {
            "messages": "array!",
            "messages[].createdAt": "number",
            "reference": "string!",
        },
        "POST /api/v1/agents": {"timezone": "string"},
    },
    "orac": {
        "POST /api/chat": {
            **dict.fromkeys(("project_id", "message"), "string!"),
            **dict.fromkeys(("conversation_id", "page_url", "visitor_id", "context"), "string"),
        },
        "GET /api/widget/config": {"id": "string!"},
        "GET /api/widget/messages": {"conversationId": "string!", "since": "string"},
        "POST /api/widget/feedback": {
            **dict.fromkeys(("message_id", "rating"), "string!"),
            "reason": "string",
        },
        "POST /api/widget/escalate": {
            "conversation_id": "string!",
            **dict.fromkeys(("email", "phone", "message"), "string"),
        },
    },
}
LIMITS: Final[Mapping[tuple[str, str, str], Mapping[str, Any]]] = {
    ("noras", "POST /api/chat", "message"): {"maxLength": 2000},
    ("noras", "GET /api/conversations/{widget_key}", "limit"): {"default": 50, "maximum": 100},
    ("noras", "GET /api/conversations/{widget_key}", "offset"): {"default": 0},
    ("novachat", "POST /nc-api/v1/knowledge_base/items/import", ""): {"maxItems": 200},
    ("orac", "POST /api/widget/feedback", "rating"): {"enum": ["positive", "negative"]},
}


@pytest.fixture(scope="module")
def descriptions() -> Mapping[str, Schema]:
    return {one.name: one.create(Settings(demo=False)).openapi() for one in DIALECTS}


def described(description: Schema, operation: str) -> dict[str, Schema]:
    """Return the schema of each parameter and field of an operation, with `required` in it."""
    method, path = operation.split()
    told: Schema = description["paths"][path][method.lower()]
    bodies = Bodies(description)
    found: dict[str, Schema] = {}

    def note(name: str, schema: Schema, *, required: bool) -> None:
        default = {"default": schema["default"]} if "default" in schema else {}
        whole = bodies.resolved(schema) | default
        found[name] = {**whole, "is_required": required}
        for inner, one in whole.get("properties", {}).items():
            is_required = inner in whole.get("required", ())
            note(f"{name}.{inner}".removeprefix("."), one, required=is_required)
        if "items" in whole:
            note(f"{name}[]", whole["items"], required=False)

    for one in told.get("parameters", ()):
        note(one["name"], one["schema"], required=one.get("required", False))
    content = told.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        note("", content["application/json"]["schema"], required=True)
    return found


def type_of(schema: Schema) -> str:
    kind = "date" if schema.get("format") == "date" else schema.get("type")
    first = kind[0] if isinstance(kind, list) else kind  # The other is null.
    return f"{first}!" if schema["is_required"] else str(first)


def fields_in(value: Any) -> set[str]:
    """Return the paths of the fields in a JSON value."""
    if isinstance(value, list):
        return {f"[].{path}" for one in value for path in fields_in(one)}
    if not isinstance(value, dict):
        return set()
    return {*value, *(f"{name}.{path}" for name, one in value.items() for path in fields_in(one))}


def test_the_reference_page_counts_them() -> None:
    """What is printed in replies and webhook bodies is compared by the examples' own tests."""
    asked = sum(len(fields) for operations in FIELDS.values() for fields in operations.values())
    told = sum(len(fields_in(one.printed)) for one in ALL if one.kind in ("sh", "reply", "sent"))
    page = (ROOT / "docs" / "reference" / "dialects.md").read_text(encoding="utf-8")
    assert f"{asked} fields of requests and {told} of responses and webhook bodies" in page


def test_what_nothing_describes_is_seen(descriptions: Mapping[str, Schema]) -> None:
    found = described(descriptions["noras"], "POST /api/chat")
    assert "widget" not in found
    assert type_of(found["message"]) != "integer!"
    assert fields_in([{"a": {"b": 1}}, {"c": []}]) == {"[].a", "[].a.b", "[].c"}


@pytest.mark.parametrize("dialect", FIELDS)
def test_every_documented_field_is_there_with_its_type(
    descriptions: Mapping[str, Schema], dialect: str
) -> None:
    for operation, fields in FIELDS[dialect].items():
        found = described(descriptions[dialect], operation)
        told = {name: type_of(found[name]) if name in found else None for name in fields}
        assert told == fields, operation


def test_documented_limits_are_ours(descriptions: Mapping[str, Schema]) -> None:
    for (dialect, operation, name), limits in LIMITS.items():
        found: Any = described(descriptions[dialect], operation)[name]
        assert {limit: found.get(limit) for limit in limits} == limits, (operation, name)


def test_every_dialect_describes_the_errors_that_it_sends(
    descriptions: Mapping[str, Schema],
) -> None:
    for dialect, description in descriptions.items():
        for path, item in description["paths"].items():
            for method, operation in item.items():
                statuses = {*operation["responses"]}
                told = f"{dialect}: {method} {path}"
                assert statuses >= {"400", "401", "403", "404", "429", "500", "503"}, told
                assert "422" not in statuses, told
        assert "HTTPValidationError" not in description["components"]["schemas"]
