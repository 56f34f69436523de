"""For each kind of Pydantic error, how the sentence goes on after the field's name."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from answerdesk.kit.edit_distance import nearest

Error = Mapping[str, Any]
"""One of `ValidationError.errors()`: its `type` and `loc`, and `ctx` and `input` if present."""

_QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.)*)'")
_JSON_PLACE: Final = re.compile(r"at line (\d+) column (\d+)")


def sentence(error: Error) -> str:
    """Say what is wrong, as the rest of a sentence that begins with the field's name."""
    says = SENTENCES.get(error["type"], "is not valid here")
    if isinstance(says, str):
        return says
    return says(error.get("ctx") or {}, error.get("input"))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a clause that suggests the nearest known name; empty if none is near."""
    found = nearest(word, known)
    return "" if found is None else f"; did you mean {found}?"


def _kind(given: object) -> str:
    """Name the kind of a value in JSON's terms."""
    match given:
        case None:
            return "null"
        case bool():
            return "true" if given else "false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case Mapping():
            return "an object"
        case list() | tuple() | set() | frozenset():
            return "a list"
        case _:
            return "something else"


Says = Callable[[Mapping[str, Any], object], str]


def _has_to_be(what: str) -> Says:
    return lambda _, given: f"has to be {what}, not {_kind(given)}"


def _bound(form: str, name: str) -> Says:
    return lambda context, _: f"has to be {form.format(_number(context[name]))}"


def _number(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _plural(count: int, one: str) -> str:
    words = {"entry": "entries"}
    return f"{count:,} {one if count == 1 else words.get(one, f'{one}s')}"


def _too_short(least: int, unit: str) -> str:
    return "is empty" if least == 1 else f"has fewer than {_plural(least, unit)}"


def _too_long(most: int, unit: str) -> str:
    if unit == "character":
        return f"is longer than {_plural(most, unit)}"
    return f"has more than {_plural(most, unit)}"


def _unit_of(given: object) -> str:
    return "character" if isinstance(given, str) else "entry"


def _one_of(context: Mapping[str, Any], given: object) -> str:
    expected = str(context["expected"])
    choices = [one.replace("\\'", "'") for one in _QUOTED.findall(expected)]
    if not choices:
        return f"has to be {expected}"
    listed = ", ".join(f'"{one}"' for one in choices[:-1])
    text = f'{listed} or "{choices[-1]}"' if listed else f'"{choices[-1]}"'
    return f"has to be {text}{did_you_mean(given, choices) if isinstance(given, str) else ''}"


def _no_json(context: Mapping[str, Any], _: object) -> str:
    found = _JSON_PLACE.search(str(context["error"]))
    where = "" if found is None else f"; see line {found[1]}, column {found[2]}"
    return f"is not valid JSON{where}"


def _own_words(context: Mapping[str, Any], _: object) -> str:
    """Return the message of one of our own validators."""
    text = str(context["error"])
    return "has to be a file" if text.startswith(_NOT_A_FILE) else text


_NOT_A_FILE: Final = "Expected UploadFile"
"""FastAPI's message for a form field that must be a file but is text."""

_OBJECT: Final = _has_to_be("an object")
_LIST: Final = _has_to_be("a list")
_TEXT: Final = _has_to_be("text")
_WHOLE: Final = "has to be a whole number"
_NUMBER: Final = "has to be a number"
_BOOLEAN: Final = "has to be true or false"
_DAY: Final = "has to be a day, such as 2026-12-24"
_TIME_OF_DAY: Final = "has to be a time of day, such as 09:30"
_MOMENT: Final = "has to be a date and time, such as 2026-04-18T11:20:00Z"
_SPAN: Final = "has to be a span of time, such as PT1H30M"
_ADDRESS: Final = "has to be an address, such as https://example.com/page"
_ID: Final = "has to be a UUID"
_FRACTION: Final = "has to be a fraction, such as 1/3"
_COMPLEX: Final = "has to be a complex number"
_ARGUMENTS: Final = "is not accepted here"
_BASE64: Final = "has to be base64"

SENTENCES: Final[Mapping[str, str | Says]] = {
    "value_error": _own_words,
    "assertion_error": _own_words,
    # The whole input.
    "json_invalid": _no_json,
    "json_type": "is not JSON",
    "recursion_loop": "contains itself",
    "recursion_depth_exceeded": "is nested too deeply",
    "missing": "is missing",
    "none_required": "has to be null",
    "invalid_key": "has a name that is not text",
    "extra_forbidden": "is not a known field",
    "frozen_field": "cannot be changed",
    "frozen_instance": "cannot be changed",
    "default_factory_not_called": "is missing",
    # Objects and lists.
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "dataclass_exact_type": _OBJECT,
    "dict_type": _OBJECT,
    "frozen_dict_type": _OBJECT,
    "ordered_dict_type": _OBJECT,
    "counter_type": _OBJECT,
    "mapping_type": _OBJECT,
    "named_tuple_type": _LIST,
    "list_type": _LIST,
    "deque_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "iterable_type": _LIST,
    "iteration_error": "cannot be read to the end",
    "set_item_not_hashable": "has to be text or a number",
    "too_short": lambda context, given: _too_short(context["min_length"], _unit_of(given)),
    "too_long": lambda context, given: _too_long(context["max_length"], _unit_of(given)),
    # Text.
    "string_type": _TEXT,
    "string_unicode": "is not UTF-8 text",
    "string_not_ascii": "has characters outside ASCII",
    "string_too_short": lambda context, _: _too_short(context["min_length"], "character"),
    "string_too_long": lambda context, _: _too_long(context["max_length"], "character"),
    # `Matching` says what is meant; people can't use a pattern.
    "string_pattern_mismatch": "does not have the right form",
    "bytes_type": _TEXT,
    "bytes_too_short": lambda context, _: _too_short(context["min_length"], "byte"),
    "bytes_too_long": lambda context, _: f"has more than {_plural(context['max_length'], 'byte')}",
    "bytes_invalid_encoding": _BASE64,
    "enum": _one_of,
    "literal_error": _one_of,
    # Numbers.
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "int_type": _has_to_be("a whole number"),
    "int_parsing": _WHOLE,
    "int_parsing_size": "is too large",
    "int_from_float": _WHOLE,
    "float_type": _has_to_be("a number"),
    "float_parsing": _NUMBER,
    "finite_number": "has to be a finite number, not infinity or NaN",
    "greater_than": _bound("more than {}", "gt"),
    "greater_than_equal": _bound("{} or more", "ge"),
    "less_than": _bound("less than {}", "lt"),
    "less_than_equal": _bound("{} or less", "le"),
    "multiple_of": _bound("a multiple of {}", "multiple_of"),
    "decimal_type": _has_to_be("a number"),
    "decimal_parsing": _NUMBER,
    "decimal_max_digits": lambda context, _: (
        f"has more than {_plural(context['max_digits'], 'digit')}"
    ),
    "decimal_max_places": lambda context, _: (
        f"has more than {_plural(context['decimal_places'], 'digit')} after the point"
    ),
    "decimal_whole_digits": lambda context, _: (
        f"has more than {_plural(context['whole_digits'], 'digit')} before the point"
    ),
    "fraction_type": _FRACTION,
    "fraction_parsing": _FRACTION,
    "complex_type": _COMPLEX,
    "complex_str_parsing": _COMPLEX,
    # Times.
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "date_past": "has to be in the past",
    "date_future": "has to be in the future",
    "time_type": _TIME_OF_DAY,
    "time_parsing": _TIME_OF_DAY,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "datetime_past": "has to be in the past",
    "datetime_future": "has to be in the future",
    "timezone_naive": "has a time zone, but must not have one",
    "timezone_aware": "needs a time zone, such as the Z in 2026-04-18T11:20:00Z",
    "timezone_offset": "has the wrong time zone",
    "time_delta_type": _SPAN,
    "time_delta_parsing": _SPAN,
    # Addresses, ids, paths, networks.
    "url_type": _ADDRESS,
    "url_parsing": _ADDRESS,
    "url_syntax_violation": _ADDRESS,
    "url_scheme": _ADDRESS,
    "url_too_long": lambda context, _: _too_long(context["max_length"], "character"),
    "uuid_type": _ID,
    "uuid_parsing": _ID,
    "uuid_version": _ID,
    "path_type": "has to be a path",
    "union_tag_invalid": "is of an unknown kind",
    "union_tag_not_found": "does not say which kind it is",
    # Only Python callers can cause these.
    "no_such_attribute": "is not a known field",
    "get_attribute_error": "cannot be read",
    "needs_python_object": "cannot be given as JSON",
    "is_instance_of": _ARGUMENTS,
    "is_subclass_of": _ARGUMENTS,
    "callable_type": _ARGUMENTS,
    "missing_sentinel_error": _ARGUMENTS,
    "ellipsis_error": _ARGUMENTS,
    "arguments_type": _ARGUMENTS,
    "missing_argument": "is missing",
    "missing_keyword_only_argument": "is missing",
    "missing_positional_only_argument": "is missing",
    "unexpected_keyword_argument": "is not known here",
    "unexpected_positional_argument": "is not known here",
    "multiple_argument_values": "is given more than once",
}
