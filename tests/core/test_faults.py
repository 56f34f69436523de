"""What is wrong with input is told in our own words, for every kind of error that there is."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core._pydantic_core import list_all_errors

import answerdesk
from answerdesk.core.faults import describe, did_you_mean, faults, position
from answerdesk.core.faults.sentences import SENTENCES, sentence
from answerdesk.projects.types import ProjectSettings
from tests.core.phrases import phrases_in

_NOT_IMPORTED = ("answerdesk.migrations.", "namespace_launcher", "sandbox.child")
_NOT_CHECKED = ("serialization", "json_schema_input_schema")
_ONLY_SENT = (
    *("WidgetConfig", "WidgetSettings", "ContactOut"),
    *("CallOut", "CallList", "Listing[CallOut]"),
)
_OF_PYDANTIC = {
    # These raise nothing that has no sentence.
    *("max_length_validator", "min_length_validator", "path_validator", "SecretStr"),
    "_apply_constraint_with_incompatibility_info",
}


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(max_length=10)]
    kind: Literal["page", "site"] = "page"
    count: int = 0


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[Inner], Field(max_length=2)] = []
    days: dict[Literal["mon", "tue"], int] = {}
    names: dict[str, int] = {}
    colour: str | None = None
    share: Annotated[float, Field(le=100)] = 0


def told(given: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        Outer.model_validate(given)
    return describe(refused.value.errors(), whole="The body", model=Outer)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], "The body has to be an object, not a list"),
        ({"items": [{}]}, "items[0].question is missing"),
        ({"items": [{"question": None}]}, "items[0].question has to be text, not null"),
        ({"items": [{"question": "x" * 11}]}, "items[0].question is longer than 10 characters"),
        ({"items": [{"question": "x"}] * 3}, "items has more than 2 entries"),
        ({"items": "x"}, "items has to be a list, not text"),
        (
            {"items": [{"question": "x", "kind": "sit"}]},
            'items[0].kind has to be "page" or "site"; did you mean site?',
        ),
        (
            {"items": [{"question": "x", "kind": 7}]},
            'items[0].kind has to be "page" or "site"',
        ),
        (
            {"items": [{"question": "x", "count": "x"}]},
            "items[0].count has to be a whole number",
        ),
        (
            {"items": [{"question": "x", "count": 1.5}]},
            "items[0].count has to be a whole number",
        ),
        (
            {"items": [{"question": "x", "questoin": "y"}]},
            "items[0].questoin is not a known field; did you mean question?",
        ),
        ({"color": "red"}, "color is not a known field; did you mean colour?"),
        ({"zzzzzzz": 1}, "zzzzzzz is not a known field"),
        ({"share": 101}, "share has to be 100 or less"),
        ({"days": {"mom": 1}}, 'days.mom is not a known name: it has to be "mon" or "tue"'),
        ({"names": {"a b": "x"}}, 'names["a b"] has to be a whole number'),
        (
            {"colour": 1, "share": "x"},
            "colour has to be text, not a number; share has to be a number",
        ),
    ],
    ids=json.dumps,
)
def test_the_field_is_named_as_it_was_written_with_what_is_wrong(given: Any, expected: str) -> None:
    assert told(given).startswith(expected)


def test_a_name_that_is_no_text_can_still_be_told() -> None:
    text = told({"\ud800": 1, "x" * 5000: 2})
    assert text.encode()
    assert len(text) < 500


def test_of_many_faults_the_first_are_told() -> None:
    text = told({f"unknown_{number}": 1 for number in range(5000)})
    assert text.count("is not a known field") == 20
    assert text.endswith("and 4,980 more")


def test_a_place_is_found_as_editors_find_it() -> None:
    assert position('{\n "a": }', 8) == "line 2, column 7"
    assert position('{"a":', 5) == "its end (line 1, column 6)"


def test_the_nearest_name_is_offered_only_where_it_is_near() -> None:
    known = ("projects", "members")
    assert did_you_mean("project", known) == "; did you mean projects?"
    assert did_you_mean("PROJECTS", known) == "; did you mean projects?"
    assert did_you_mean("prosecutor", known) == ""
    assert did_you_mean("", known) == ""


@pytest.mark.parametrize("error", list_all_errors(), ids=lambda error: error["type"])
@pytest.mark.parametrize("given", [None, "x", 1, [1], {"a": 1}], ids=repr)
def test_every_error_of_pydantic_has_a_sentence_of_ours(error: Any, given: Any) -> None:
    assert error["type"] in SENTENCES
    context = {"error": "it is out of order", **(error.get("example_context") or {})}
    context["error"] = context["error"] or "it is out of order"
    said = sentence({"type": error["type"], "loc": ("field",), "ctx": context, "input": given})
    assert said
    assert phrases_in(said) == []
    (fault,) = faults([{"type": error["type"], "loc": ("field",), "ctx": context, "input": given}])
    assert str(fault).startswith("field")


def _models() -> Iterator[type[BaseModel]]:
    """Yield every model of the product."""
    for module in pkgutil.walk_packages(answerdesk.__path__, "answerdesk."):
        if not any(part in module.name for part in _NOT_IMPORTED):
            importlib.import_module(module.name)
    waiting: list[type[BaseModel]] = [BaseModel]
    while waiting:
        for model in waiting.pop().__subclasses__():
            waiting.append(model)
            if model.__module__.startswith("answerdesk."):
                yield model


def _schemas(part: Any, seen: set[int]) -> Iterator[dict[str, Any]]:
    if id(part) in seen:
        return
    seen.add(id(part))
    if isinstance(part, dict):
        if isinstance(part.get("type"), str):
            yield part
        for name, value in part.items():
            if name not in _NOT_CHECKED:
                yield from _schemas(value, seen)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _schemas(value, seen)


def test_no_model_is_checked_by_what_has_words_of_its_own() -> None:
    """A validator of a library, a pattern and an alternative of types say what only they know."""
    foreign = set()
    for model in _models():
        for schema in _schemas(model.__pydantic_core_schema__, set()):
            function = schema.get("function")
            if schema["type"].startswith("function-") and isinstance(function, dict):
                check: Any = function["function"]
                check = getattr(check, "func", check)
                name = check.__qualname__.rpartition(".")[2]
                if not check.__module__.startswith("answerdesk.") and name not in _OF_PYDANTIC:
                    foreign.add(f"{model.__name__}: {check.__module__}.{check.__qualname__}")
            if schema["type"] == "str" and "pattern" in schema:
                foreign.add(f"{model.__name__}: a pattern; use core.web.text.Matching")
            is_union = schema["type"] == "union" and not _is_of_pydantic(schema)
            if is_union and model.__name__ not in _ONLY_SENT:
                foreign.add(f"{model.__name__}: a union, whose errors name its branches")
    assert foreign == set()


def _is_of_pydantic(union: dict[str, Any]) -> bool:
    """Tell a path or a secret, which are unions inside, from an alternative of ours."""
    return any(one.get("type") in ("is-instance", "function-after") for one in union["choices"])


def test_the_settings_of_a_project_are_told_by_their_place() -> None:
    with pytest.raises(ValidationError) as refused:
        ProjectSettings.model_validate(
            {
                "look": {"colour": "#123456", "color": "red"},
                "office_hours": {"days": {"mon": [{"start": "9", "end": "10:00"}], "funday": []}},
                "allowed_origins": ["example.com"],
            }
        )
    text = describe(refused.value.errors(), within="settings", model=ProjectSettings)
    assert phrases_in(text) == []
    assert "settings.look.color has to be a colour with six hex digits, such as #2F5BEA" in text
    assert "settings.look.colour is not a known field; did you mean color?" in text
    assert "settings.office_hours.days.mon[0].start has to be a time of day, such as 09:30" in text
    assert "settings.office_hours.days.funday is not a known name" in text
    assert "settings.allowed_origins[0]: 'example.com' is not an origin" in text
