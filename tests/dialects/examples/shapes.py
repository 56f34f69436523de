"""What each documented example gets back: every field, with its type.

A shape is a type, a pattern for text, a tuple of alternatives, a list of one shape that has to have
rows, or a mapping from each field to its shape. `None` stands for null.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

ANY_ROWS: Final = "any rows"
"""Beside a list's shape: it may also be empty."""

TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
TEXT: Final = re.compile(r"(?s).*\S.*")
COLOR: Final = re.compile("#[0-9A-Fa-f]{6}")
PLACE: Final = re.compile("bottom-(right|left)")
_OR_NULL: Final = (str, None)


def misfits(value: Any, shape: Any, place: str = "", *, whole: bool = True) -> list[str]:
    """Return what about a value is not of a shape, each with its place.

    Unless it has to be the `whole`, fields may be missing and lists empty.
    """
    match shape:
        case tuple():
            fits = any(not misfits(value, one, place, whole=whole) for one in shape)
            return [] if fits else [f"{place} is none of {shape}: {value!r}"]
        case re.Pattern():
            fits = isinstance(value, str) and shape.fullmatch(value) is not None
        case None:
            fits = value is None
        case type():
            known = (int, float) if shape is float else (shape,)
            fits = isinstance(value, known) and (shape is bool or not isinstance(value, bool))
        case list():
            return _rows(value, shape, place, whole=whole)
        case _:
            return _fields(value, shape, place, whole=whole)
    return [] if fits else [f"{place} is not {shape}: {value!r}"]


def _rows(value: Any, shape: list[Any], place: str, *, whole: bool) -> list[str]:
    if not isinstance(value, list):
        return [f"{place} is no list: {value!r}"]
    if not value and whole and ANY_ROWS not in shape:
        return [f"{place} is empty"]
    rows = enumerate(value)
    return [
        one for at, row in rows for one in misfits(row, shape[0], f"{place}[{at}]", whole=whole)
    ]


def _fields(value: Any, shape: Mapping[str, Any], place: str, *, whole: bool) -> list[str]:
    if not isinstance(value, dict):
        return [f"{place} is no object: {value!r}"]
    wrong = [f"{place}.{name} is not known" for name in value.keys() - shape.keys()]
    if whole:
        wrong += [f"{place}.{name} is missing" for name in shape.keys() - value.keys()]
    for name in value.keys() & shape.keys():
        wrong += misfits(value[name], shape[name], f"{place}.{name}", whole=whole)
    return wrong


_CHATOREX_SOURCE: Final = {
    "id": TEXT,
    "type": re.compile("url|text|file"),
    "title": TEXT,
    "url": _OR_NULL,
    "status": re.compile("processing|ready|failed"),
    "created_at": TIME,
    "chatbot_id": TEXT,
}
_CHATOREX_SETTINGS: Final = {
    "primary_color": COLOR,
    "position": PLACE,
    "welcome_message": str,
    "quick_prompts": [str],
    "lead_capture": {"enabled": bool, "fields": [str], "message": str},
    "behavior": {"show_branding": bool},
}
_NORAS_CHAT: Final = {
    "success": bool,
    "message": TEXT,
    "conversation_id": re.compile("conv_.+"),
    "timestamp": TIME,
}
_ACCOUNT: Final = {"id": int, "name": TEXT, "plan": TEXT}
_DOMAIN: Final = {
    "id": int,
    "website_url": re.compile("https?://.+"),
    "label": str,
    "website_token": re.compile("wk_live_.+"),
    "chatwoot_inbox_id": int,
    "novachat_inbox_id": int,
    "ai_bot_config_id": (int, None),
    "is_active": bool,
    "created_at": TIME,
}
_AI_AGENT: Final = {
    "id": int,
    "type": re.compile("ai"),
    "bot_name": TEXT,
    "greeting_message": str,
    "system_prompt": str,
}
_PERSON: Final = {
    "id": int,
    "type": re.compile("human"),
    "name": str,
    "email": TEXT,
    "role": TEXT,
}
_ITEM: Final = {
    "id": int,
    "title": TEXT,
    "content": TEXT,
    "category": _OR_NULL,
    "tags": [str, ANY_ROWS],
    "created_at": TIME,
    "updated_at": TIME,
}
_MESSAGE: Final = {
    "id": int,
    "conversation_id": int,
    "content": TEXT,
    "sender_type": re.compile("contact|agent_bot|user"),
    "created_at": TIME,
}
_USER: Final = {"id": int, "email": TEXT}
_ORAC_MESSAGE: Final = {
    "id": re.compile("msg_.+"),
    "role": re.compile("user|assistant"),
    "content": TEXT,
    "sources": [str, ANY_ROWS],
    "created_at": TIME,
}
ORAC_EVENTS: Final[Mapping[str, Any]] = {
    "conversation_id": {
        "type": re.compile("conversation_id"),
        "conversation_id": re.compile("conv_.+"),
        "message_id": re.compile("msg_.+"),
    },
    "token": {"type": re.compile("token"), "token": str},
    "sources": {"type": re.compile("sources"), "sources": [re.compile("https?://.+"), ANY_ROWS]},
    "confidence": {"type": re.compile("confidence"), "confidence": float},
    "done": {"type": re.compile("done"), "message_id": re.compile("msg_.+")},
}

SHAPES: Final[Mapping[str, Mapping[str, tuple[Any, ...]]]] = {
    "chatorex": {
        "authentication": ({"sources": [_CHATOREX_SOURCE]},),
        "send a message": (
            {
                "response": TEXT,
                "session_id": re.compile("optional-session-id"),
                "sources": [{"title": TEXT, "url": re.compile("https?://.+")}],
                "confidence": float,
            },
        ),
        "list sources": ({"sources": [_CHATOREX_SOURCE]},),
        "add a source": (_CHATOREX_SOURCE,),
        "remove a source": ({"success": bool},),
        "list leads": (
            {
                "leads": [
                    {
                        "id": TEXT,
                        **dict.fromkeys(("name", "email", "phone", "session_id"), _OR_NULL),
                        **dict.fromkeys(("page_url", "excerpt"), _OR_NULL),
                        "created_at": TIME,
                        "chatbot_id": TEXT,
                    }
                ]
            },
        ),
        "widget config": (
            {
                "chatbot_id": TEXT,
                "name": TEXT,
                "primary_color": COLOR,
                "position": PLACE,
                "welcome_message": str,
                "quick_prompts": [str],
                "show_branding": bool,
            },
        ),
        "widget settings": (_CHATOREX_SETTINGS,),
        "change the widget settings": (_CHATOREX_SETTINGS,),
    },
    "noras": {
        "quick start": (_NORAS_CHAT,),
        "send a message": (_NORAS_CHAT,),
        "send a message in JavaScript": (TEXT,),
        "send a message in Python": (TEXT,),
        "get conversations": (
            {
                "success": bool,
                "conversations": [
                    {
                        "id": re.compile("conv_.+"),
                        "turn_id": TEXT,
                        "user_code": TEXT,
                        "message": TEXT,
                        "response": str,
                        "timestamp": TIME,
                    }
                ],
                "total": int,
                "has_more": bool,
            },
        ),
        "analytics": (
            {
                "success": bool,
                **dict.fromkeys(("total_conversations", "total_messages", "unique_users"), int),
                **dict.fromkeys(("avg_response_time", "satisfaction_rate"), float),
            },
        ),
    },
    "novachat": {
        "create an account": (
            {"account": _ACCOUNT, "user": _USER, "token": TEXT, "trial_ends_at": TIME},
        ),
        "log in": ({"token": TEXT, "user": _USER},),
        "account status": (
            {
                "account": _ACCOUNT,
                "plan": TEXT,
                "trial_ends_at": (TIME, None),
                "limits": {"domains": int, "agents": int, "kb_items": int},
                "agentic_rag_enabled": bool,
                "domains": [_DOMAIN],
            },
        ),
        "bind a domain": ({**_DOMAIN, "domain_id": int, "widget_code": re.compile("<script.+")},),
        "agents": ([(_AI_AGENT, _PERSON)], _AI_AGENT),
        "AI for a domain": ({**_DOMAIN, "domain_id": int},),
        "an API key": (
            {
                "key": {"id": int, "name": TEXT, "permissions": [TEXT], "created_at": TIME},
                "full_key": re.compile("nc_live_.+"),
            },
        ),
        "begin a conversation": (
            {
                "id": int,
                "status": re.compile("open|pending|resolved"),
                "contact": {"name": TEXT, "email": TEXT},
                "created_at": TIME,
                "updated_at": TIME,
            },
        ),
        "send a message": (_MESSAGE,),
        "read messages": ({"messages": [_MESSAGE]},),
        "items": ([_ITEM], _ITEM),
        "push items": ([_ITEM],),
        "import items": ({"imported": int, "errors": [dict, ANY_ROWS], "items": [_ITEM]},),
        "analyze a conversation": (
            {
                "drafts": [
                    {
                        "id": int,
                        "title": TEXT,
                        "content": TEXT,
                        "category": _OR_NULL,
                        "tags": [TEXT, ANY_ROWS],
                    }
                ],
                "count": int,
                "message": re.compile("3 Q&A pairs extracted"),
            },
        ),
        "push from a pipeline": (re.compile("KB synced: 2 items"),),
        "push scraped pairs": (re.compile("Imported 2 items"),),
    },
    "orac": {
        "chat": (ORAC_EVENTS,),
        "widget config": (
            {
                "name": TEXT,
                "settings": {
                    "color": COLOR,
                    "gradient_stops": [{"color": COLOR, "at": float}],
                    "position": PLACE,
                    "welcome": str,
                    "avatar": _OR_NULL,
                    "show_branding": bool,
                    "custom_css": _OR_NULL,
                },
                "office_hours": {
                    "timezone": TEXT,
                    "days": {"mon": [[str]]},
                    "holidays": [re.compile(r"\d{4}-\d\d-\d\d")],
                    "open_now": bool,
                },
                "plan_features": dict,
            },
        ),
        "poll messages": ({"messages": [_ORAC_MESSAGE]},),
        "rate a message": ({"success": bool},),
        "ask for a person": ({"success": bool},),
        "list conversations": (
            {
                "conversations": [
                    {
                        "id": re.compile("conv_.+"),
                        "project_id": re.compile("proj_.+"),
                        "status": re.compile("ai|waiting|human|closed"),
                        **dict.fromkeys(("visitor_id", "visitor_name"), _OR_NULL),
                        **dict.fromkeys(("visitor_email", "page_url", "last_message"), _OR_NULL),
                        "escalated_at": (TIME, None),
                        "created_at": TIME,
                        "updated_at": TIME,
                    }
                ],
                **dict.fromkeys(("total", "limit", "offset"), int),
            },
        ),
    },
}
