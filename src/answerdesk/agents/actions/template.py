"""What a visitor reads of an action's response: the owner's template, plain text, or its fields."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

MOST_CHARACTERS: Final = 4000
_LONGEST_VALUE: Final = 1000
_MOST_ENTRIES: Final = 10
"""Entries of a list, or fields of an object, that are shown."""

_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_PATH: Final = re.compile(r"[A-Za-z0-9_-]{1,100}(?:\.[A-Za-z0-9_-]{1,100}){0,9}")
_SAID: Final = ("answer", "message", "text")
"""Fields that say by themselves what the visitor should read."""

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class ResponseUnusable(Exception):
    """A response can't be told; the message says why, in words for the owner."""


def fields_of(template: str) -> list[str]:
    """Return the fields that a template names; raises ValueError for one that is none."""
    names: list[str] = _FIELD.findall(template)
    rest = _FIELD.sub("", template)
    if "{" in rest or "}" in rest:
        msg = "has a brace without its other half"
        raise ValueError(msg)
    for name in names:
        if _PATH.fullmatch(name) is None:
            msg = f"{{{name}}} is not a field such as {{status}} or {{customer.name}}"
            raise ValueError(msg)
    return names


def told(template: str | None, media_type: str, body: str) -> str:
    """Return what the visitor reads; raises ResponseUnusable."""
    if template is not None:
        names = fields_of(template)
        if not names:
            return template
        response = _parsed(body)
        values = {name: _field(response, name) for name in names}
        text = _FIELD.sub(lambda one: values[one[1]], template)
    elif _is_json(media_type) or (not media_type and body.lstrip()[:1] in ("{", "[", '"')):
        text = _shown(_parsed(body))
    elif media_type in ("", "text/plain"):
        text = body
    else:
        raise ResponseUnusable(f"The response is {media_type}; an action needs JSON or plain text")
    text = _CONTROLS.sub("", text).strip()
    if not text:
        raise ResponseUnusable("The response is empty; give the action an `answer` of its own")
    return text[:MOST_CHARACTERS]


def _is_json(media_type: str) -> bool:
    return media_type == "application/json" or media_type.endswith("+json")


def _parsed(body: str) -> Any:  # noqa: ANN401  # JSON.
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ResponseUnusable("The response is not JSON") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _field(response: Any, name: str) -> str:  # noqa: ANN401
    found = [response]
    for part in name.split("."):
        # A number is a place in a list; a name is looked up in each of its objects.
        found = [next_one for one in found[:_MOST_ENTRIES] for next_one in _inside(one, part)]
    values = [text for one in found[:_MOST_ENTRIES] for text in _texts(one)]
    if not values:
        raise ResponseUnusable(f"The response has no field {name}")
    return ", ".join(values[:_MOST_ENTRIES])[:_LONGEST_VALUE]


def _inside(value: Any, part: str) -> list[Any]:  # noqa: ANN401
    if isinstance(value, Mapping):
        return [value[part]] if part in value else []
    if isinstance(value, list):
        if part.isascii() and part.isdigit():
            return value[int(part) : int(part) + 1] if len(part) < 6 else []
        return [value_in for one in value[:_MOST_ENTRIES] for value_in in _inside_object(one, part)]
    return []


def _inside_object(value: Any, part: str) -> list[Any]:  # noqa: ANN401
    return [value[part]] if isinstance(value, Mapping) and part in value else []


def _texts(value: Any) -> list[str]:  # noqa: ANN401
    """Return a value as text, or those of a list; nothing for null, objects and blanks."""
    if isinstance(value, list):
        return [text for one in value[:_MOST_ENTRIES] if (text := _text(one))]
    text = _text(value)
    return [text] if text else []


def _text(value: Any) -> str | None:  # noqa: ANN401
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip()[:_LONGEST_VALUE] or None
    return str(value) if isinstance(value, int | float) else None


def _shown(response: Any) -> str:  # noqa: ANN401
    """Return a response without a template: what it says itself, or its fields, one a line."""
    if not isinstance(response, Mapping):
        return ", ".join(_texts(response))
    for name in _SAID:
        if isinstance(response.get(name), str) and response[name].strip():
            said: str = response[name]
            return said
    lines = (
        f"{name.replace('_', ' ')}: {', '.join(texts)}"
        for name, value in list(response.items())[:_MOST_ENTRIES]
        if (texts := _texts(value))
    )
    return "\n".join(lines)
