"""Writes the reference pages that the code itself tells, such as errors, scopes and events.

Run it by `make reference`; a test compares what it would write with what is there.
"""

import ast
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, get_args
from uuid import UUID

from answerdesk.accounts.principal import NAMED_ONLY, PEOPLE_ONLY, ROLE_SCOPES, ROLES, Resource
from answerdesk.bootstrap.webhooks import make_encoders, make_event_types
from answerdesk.core import errors
from answerdesk.core.errors import DomainError
from answerdesk.core.events import Event, Payload
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import ProjectId
from answerdesk.core.web.problems import http_status
from answerdesk.entrypoints.asgi import create_app
from answerdesk.entrypoints.http_protocol.refusals import REFUSALS
from answerdesk.projects.widget.texts import FALLBACK, built_in, languages
from answerdesk.webhooks.types import FORMATS

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = ROOT / "docs" / "reference"
_SOURCE: Final = ROOT / "src" / "answerdesk"
_WRITTEN: Final = "<!-- Written by `make reference`; change the code instead. -->"
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_OTHER_CODES: Final = {
    ("internal_error", 500): "Something went wrong here; it has been logged.",
    ("invalid_input", 422): "A field is wrong, missing or unknown; the text names each.",
    ("not_found", 404): "There is nothing at this address.",
    ("method_not_allowed", 405): "The address does not know this method.",
}
"""What is answered without a domain error."""

_FOR_OPERATORS: Final = frozenset(
    {
        *("error", "invalid_settings", "invalid_plans", "data_dir_unusable", "user_not_found"),
        "too_few_connections",
    }
)
"""What only those see who start the program or use its command line."""

_ABOUT_ERRORS: Final = (
    "The native API answers errors as problem details (RFC 9457). `code` is stable: programs look "
    "at it. `detail` is for people and may change; … stands for what is named there. The widget "
    "protocols of other services have their own form of the same errors."
)
_ABOUT_SCOPES: Final = (
    "A scope is `<resource>:read` or `<resource>:write`, and writing includes reading. People have "
    "the scopes of their role; an API key has those that it was made with, where `read` and "
    "`write` alone stand for every resource that a key may reach, but for `privacy`, which a key "
    "reaches by its own scope only. A key can also be bound to some projects; all others are not "
    "there for it."
)
_ABOUT_OPERATIONS: Final = (
    "Every operation of the native API with the error statuses that it can answer. "
    "`/openapi.json` tells the same to programs, `/scalar` with forms to try it."
)

_ABOUT_EVENTS: Final = (
    "An event is recorded in the transaction that makes it happen. "
    "[Webhooks](../how-to/receive-webhooks.md) send events to you; `GET /v1/events` lists them.\n\n"
    "A webhook's `format` decides how it tells them. `standard` sends the bodies below: `data` has "
    "the event's own fields, and beside them what they name, as the API shows it when the body is "
    "built. A body has at most 20 kB: beyond that the longest texts are left out, their object has "
    "`truncated: true`, and `path` is where the API shows them. The other formats send what their "
    "service's document prints, under its names: see [Noras](dialects/noras.md#webhooks), [Nova "
    "Chat](dialects/novachat.md#webhooks) and [Orac](dialects/orac.md#webhooks). Novaro's send "
    "the answers to asynchronous requests, and no events."
)
_ABOUT_WIDGET_TEXTS: Final = (
    "What the chat on websites says, in English. We have the same texts in {languages}; another "
    "language is one more file. Owners replace any of them at `/app/settings/look`, or with "
    "`settings.widget.texts` of [a project](project-settings.md#widget): "
    '`{{"fr": {{"composer.send": "Poser"}}}}`. What stands in braces is filled in; other braces '
    "are refused. Texts of `fr-CA` stand over those of `fr`, and a language that we have no texts "
    "in is offered too, with the missing ones in English."
)
_VENDORS: Final[Mapping[str, str]] = {"noras": "Noras", "novachat": "Nova Chat", "orac": "Orac"}
_EXAMPLE_PROJECT: Final = ProjectId(UUID("8d9e0f1a2b3c4d5e6f708192a3b4c5d6"))
_EXAMPLE_TIME: Final = datetime(2026, 4, 18, 11, 22, 14, 250_000, tzinfo=UTC)


def pages() -> dict[str, str]:
    """Return every page by its file's name."""
    description = create_app(Settings(demo=False)).openapi()
    return {
        "errors.md": errors_page(),
        "scopes.md": scopes_page(description),
        "operations.md": operations_page(description),
        "events.md": events_page(),
        "widget-texts.md": widget_texts_page(),
        "openapi.json": json.dumps(description, indent=1, ensure_ascii=False) + "\n",
    }


def widget_texts_page() -> str:
    """Write the keys of the widget's texts with the English ones."""
    rows = [f"| `{key}` | {_cell(text)} |" for key, text in built_in(FALLBACK).items()]
    others = ", ".join(f"`{one}`" for one in languages() if one != FALLBACK)
    about = _ABOUT_WIDGET_TEXTS.format(languages=others)
    head = ["# The widget's texts", "", _WRITTEN, "", about, "", "| Key | Text |", "|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def errors_page() -> str:
    """Write the codes of all errors, with their status and what they say."""
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    for key, text in _OTHER_CODES.items():
        found[key].add(text)
    for refusal in REFUSALS:
        found[refusal.code, refusal.status.value].add(refusal.detail)
    for code, status, message in _raised():
        found[code, status].add(message)
    rows = [
        f"| `{code}` | {status} | {_cell(' — or: '.join(sorted(found[code, status] - {''})))} |"
        for code, status in sorted(found)
    ]
    return "\n".join(
        [
            "# Errors",
            "",
            _WRITTEN,
            "",
            _ABOUT_ERRORS,
            "",
            "| Code | Status | Says |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def scopes_page(description: Mapping[str, Any]) -> str:
    """Write what each role may do, and which scope each operation asks for."""
    resources = sorted(get_args(Resource))
    header = ["Resource", *ROLES, "API keys"]
    rows = [[f"`{one}`", *(_may(role, one) for role in ROLES), _keys(one)] for one in resources]
    needed = [
        [f"`{_scope(operation)}`", f"`{method.upper()} {path}`", operation["summary"]]
        for path, method, operation in _operations(description)
        if _scope(operation)
    ]
    return "\n".join(
        [
            "# Roles and scopes",
            "",
            _WRITTEN,
            "",
            _ABOUT_SCOPES,
            "",
            *_table(header, rows),
            "",
            "## Which scope an operation asks for",
            "",
            *_table(["Scope", "Operation", ""], sorted(needed)),
            "",
        ]
    )


def operations_page(description: Mapping[str, Any]) -> str:
    """Write every operation of the native API, by tag."""
    by_tag: dict[str, list[list[str]]] = defaultdict(list)
    for path, method, operation in _operations(description):
        first = operation.get("description", "").split("\n\n")[0].replace("\n", " ")
        errors_told = [status for status in operation["responses"] if status >= "400"]
        by_tag[operation["tags"][0]].append(
            [f"`{method.upper()} {path}`", _cell(first), " ".join(sorted(errors_told))]
        )
    lines = [
        "# Operations",
        "",
        _WRITTEN,
        "",
        _ABOUT_OPERATIONS,
    ]
    for tag in description["tags"]:
        rows = by_tag[tag["name"]]
        table = _table(["Operation", "", "Errors"], rows)
        lines += ["", f"## {tag['name']}", "", tag["description"], "", *table]
    return "\n".join([*lines, ""])


def events_page() -> str:
    """Write every type of event: when it is recorded, what it holds, and what formats call it."""
    types = make_event_types()
    encoders = make_encoders(types)
    vendors = [encoders[one] for one in FORMATS if one in encoders and one != "standard"]
    header = ["Event", "When", *(_VENDORS[one.format] for one in vendors)]
    names = [
        [f"[`{one.name}`](#{one.name.replace('.', '')})", one.summary]
        + [f"`{name}`" if (name := vendor.names.get(one.name)) else "–" for vendor in vendors]
        for one in types
    ]
    lines = ["# Events", "", _WRITTEN, "", _ABOUT_EVENTS, "", *_table(header, names)]
    for one in types:
        lines += ["", f"## {one.name}", "", one.summary, "", *_payload(one.payload)]
        payload = one.example.model_dump(mode="json", exclude_none=True)
        example = encoders["standard"].example(
            Event(4711, _EXAMPLE_PROJECT, one.name, payload, _EXAMPLE_TIME)
        )
        lines += ["", "```json", json.dumps(example, indent=2, ensure_ascii=False), "```"]
    return "\n".join([*lines, ""])


def _payload(payload: type[Payload]) -> list[str]:
    """Write the fields of a payload."""
    schema = payload.model_json_schema()
    rows = []
    for name, field in schema["properties"].items():
        allowed = [one for one in field.get("anyOf", [field]) if one.get("type") != "null"]
        values = " ".join(f"`{value}`" for one in allowed for value in one.get("enum", ()))
        kinds = " or ".join(one["type"] for one in allowed)
        needed = "always" if name in schema.get("required", ()) else "if there is one"
        rows.append([f"`{name}`", values or kinds, needed])
    about = [" ".join(payload.__doc__.split()), ""] if payload.__doc__ else []
    return [*about, *_table(["Field", "", ""], rows)]


def _raised() -> Iterator[tuple[str, int, str]]:
    """Yield code, status and message of each domain error that the source makes."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _sources()}
    kinds = _kinds(trees.values())
    for tree in trees.values():
        for node, constants in _calls(tree):
            if kind := kinds.get(_last_name(node.func)):
                message = _text(node.args[0], constants) if node.args else ""
                if not message.strip("…. "):
                    message = kind[2]
                given = next((one.value for one in node.keywords if one.arg == "code"), None)
                code = kind[0] if given is None else _text(given, constants)
                if "…" not in code and code not in _FOR_OPERATORS:
                    yield code, kind[1], message


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, Mapping[str, str]]]:
    """Yield each call with the texts that have a name where it stands."""
    everywhere = _constants(tree.body)
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    for function in functions:
        inside = everywhere | _constants(list(ast.walk(function)))
        yield from ((node, inside) for node in ast.walk(function) if isinstance(node, ast.Call))


def _sources() -> list[Path]:
    # What only dialects report stands on their own pages.
    skipped = ("cli", "dialects", "source_requests.py", "postgres", "migrations", "providers")
    return [
        path
        for path in sorted(_SOURCE.rglob("*.py"))
        if not set(path.relative_to(_SOURCE).parts) & set(skipped) and path.name != "bootstrap.py"
    ]


def _kinds(trees: Iterable[ast.Module]) -> dict[str, tuple[str, int, str]]:
    """Return code, status and description by the name of each class of domain errors."""
    kinds = {
        name: (kind.code, http_status(kind.__new__(kind)), "")
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, DomainError)
    }
    for tree in trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef):
                continue
            parents = [kinds[n] for b in node.bases if (n := _last_name(b)) in kinds]
            # Of several, the one that says more than that it is an error.
            parent = min(parents, key=lambda kind: kind[1] == 500, default=None)
            if parent is not None and node.name not in kinds:
                kinds[node.name] = (
                    _constants(node.body).get("code", parent[0]),
                    parent[1],
                    (ast.get_docstring(node) or "").split("\n\n")[0].replace("\n", " "),
                )
    return kinds


def _constants(nodes: Sequence[ast.AST]) -> dict[str, str]:
    """Return the texts that names are given by these statements."""
    found = {}
    for one in nodes:
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            name, value = one.targets[0].id, one.value
        elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value:
            name, value = one.target.id, one.value
        else:
            continue
        if isinstance(value, ast.Constant | ast.JoinedStr):
            found[name] = _text(value, {})
    return found


def _text(node: ast.expr, constants: Mapping[str, str]) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (one.value if isinstance(one, ast.Constant) else "…" for one in node.values)
        return "".join(str(part) for part in parts)
    if isinstance(node, ast.Name):
        return constants.get(node.id, "…")
    return "…"


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _operations(description: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in description["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


def _scope(operation: Mapping[str, Any]) -> str:
    asked = [
        scope for one in operation.get("security", []) for each in one.values() for scope in each
    ]
    return asked[0] if asked else ""


def _may(role: Any, resource: str) -> str:  # noqa: ANN401
    scopes = ROLE_SCOPES[role]
    if f"{resource}:write" in scopes:
        return "read, write"
    return "read" if f"{resource}:read" in scopes else ""


def _keys(resource: str) -> str:
    if resource in NAMED_ONLY:
        return "by its own scope"
    return "never" if resource in PEOPLE_ONLY else "by scope"


def _table(header: list[str], rows: list[list[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    for file_name, page in pages().items():
        (PAGES / file_name).write_text(page, encoding="utf-8")
