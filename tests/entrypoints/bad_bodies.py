"""Bodies and parameters that do not hold, made from an API's description of those that do."""

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import pytest

T = TypeVar("T")
Schema = dict[str, Any]
Path = tuple[str | int, ...]

_TYPES: Final[tuple[Any, ...]] = (None, True, 7.5, -1, 10**400, "", "x", [{}], {"x": 1})
_STRANGE: Final = ("\0", "\ud800")
_UNKNOWN: Final = "surely_unknown"

DEEP: Final = b'{"a":' * 100_000
SPOILT: Final[tuple[tuple[bytes, str | None], ...]] = (
    (b"", "application/json"),
    (b"{", "application/json"),
    (b'{"a": }', "application/json"),
    (b'{"a": 1} x', "application/json"),
    (b"{'a': 1}", "application/json"),
    (b'{"a": "\xff"}', "application/json"),
    (b"\xff\xfe{\x00", "application/json"),
    (b"null", "application/json"),
    (b"[1, 2]", "application/json"),
    (b"7", "application/json"),
    (b"9" * 5000, "application/json"),
    (b'{"a": NaN}', "application/json"),
    (DEEP[:200_000], "application/json"),
    (b'{"a": 1}', "text/plain"),
    (b'{"a": 1}', "application/xml"),
    (b'{"a": 1}', None),
    (b"a=1", "application/x-www-form-urlencoded"),
    (b"{", "application/json; charset=klingon"),
    (b"x", "multipart/form-data"),
    (b"x", "multipart/form-data; boundary=" + "b" * 300),
    (b"--b\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b"),
    (
        b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
    (
        b'--b\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nx\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
    (
        b"".join(
            b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' % number
            for number in range(1100)
        )
        + b"--b--\r\n",
        "multipart/form-data; boundary=b",
    ),
)
"""Bodies that cannot be read as an object of the right fields, each with its content type."""

PARAMETERS: Final = ("", "x", "-1", "0", "99999999999999999999", "1.5", "\0", "%ff", "x" * 3000)
"""Values that few parameters take."""


@dataclass(frozen=True)
class Bad:
    """A body with one thing that may not hold, at `path`."""

    path: Path
    body: Any

    @property
    def field(self) -> str:
        """The path as errors write it."""
        written = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in self.path)
        return written.removeprefix(".")


EVERY_VALUE: Final = pytest.mark.parametrize(
    "every_value", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["in turn", "all"]
)
_PARTS: Final = 4


class Turns:
    """Deals out wrong values: all to the first of a kind, a quarter to each of the next, in turn.

    What decides about a value is the same for all of a kind. With `every_value` all get all.
    """

    def __init__(self, *, every_value: bool) -> None:
        self._every_value = every_value
        self._met: Counter[str] = Counter()

    def of(self, kind: str, values: Sequence[T]) -> Sequence[T]:
        """Return the values for the next one of a kind."""
        turn = self._met[kind]
        self._met[kind] += 1
        return values if self._every_value or turn == 0 else values[turn % _PARTS :: _PARTS]


class Bodies:
    """Makes bodies from the schemas of one API's description."""

    def __init__(self, description: Schema, *, every_value: bool = False) -> None:
        self._schemas: dict[str, Schema] = description["components"]["schemas"]
        self._looked_into: set[str] = set()
        self._turns = Turns(every_value=every_value)

    def good(self, schema: Schema) -> Any:
        """Return a value that the schema takes, with everything in it that it may have."""
        schema = self.resolved(schema)
        if "const" in schema or "enum" in schema:
            return schema.get("const", (schema.get("enum") or [None])[0])
        match schema.get("type"):
            case "object":
                return {name: self.good(one) for name, one in schema.get("properties", {}).items()}
            case "array":
                return [self.good(schema.get("items", {}))]
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return True
            case _:
                return _text(schema)

    def bad(self, schema: Schema) -> Iterator[Bad]:
        """Yield a good body with one thing changed after the other, wherever something stands.

        What several bodies have is looked into in the first.
        """
        whole = self.good(schema)
        for path, part in self._places(schema, ()):
            types = self._turns.of(_kind(part), (*_TYPES, *_STRANGE))
            for value in (*types, *_beyond(part)):
                yield Bad(path, _changed(whole, path, value))
            if part.get("type") == "object" and isinstance(_at(whole, path), dict):
                yield Bad((*path, _UNKNOWN), _changed(whole, (*path, _UNKNOWN), 1))
                for name in part.get("required", ()):
                    yield Bad((*path, name), _without(whole, (*path, name)))

    def _places(self, schema: Schema, path: Path) -> Iterator[tuple[Path, Schema]]:
        names = self._names(schema)
        schema = self.resolved(schema)
        yield path, schema
        if names & self._looked_into:
            return
        self._looked_into |= names
        for name, one in schema.get("properties", {}).items():
            yield from self._places(one, (*path, name))
        if schema.get("type") == "array":
            yield from self._places(schema.get("items", {}), (*path, 0))

    def _names(self, schema: Schema) -> set[str]:
        return {
            one["$ref"].rpartition("/")[2]
            for one in (schema, *schema.get("anyOf", ()))
            if "$ref" in one
        }

    def resolved(self, schema: Schema) -> Schema:
        """Follow references, and take the first alternative that is not null."""
        while True:
            if "$ref" in schema:
                schema = self._schemas[schema["$ref"].rpartition("/")[2]]
            elif "anyOf" in schema:
                schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
            else:
                return schema


def _text(schema: Schema) -> str:
    examples = schema.get("examples") or [schema.get("example")]
    if isinstance(examples[0], str):
        return examples[0]
    if schema.get("format") == "date-time":
        return "2099-04-18T11:20:00Z"
    if schema.get("format") == "date":
        return "2099-04-18"
    if schema.get("format") == "time":
        return "09:30"
    return "#123456" if "#" in schema.get("pattern", "") else "x"


def _kind(schema: Schema) -> str:
    """Name what tells a value of the wrong type from a right one."""
    decides = (schema.get(name) for name in ("type", "format", "pattern"))
    return f"{[*decides]} {'enum' in schema or 'const' in schema} {bool(schema.get('minLength'))}"


def _beyond(schema: Schema) -> Iterator[Any]:
    """Yield what is just beyond each of a schema's limits."""
    if "maxLength" in schema and schema["maxLength"] < 50_000:
        yield "x" * (schema["maxLength"] + 1)
    if "minLength" in schema:
        yield "x" * (schema["minLength"] - 1)
    if "maxItems" in schema and schema["maxItems"] < 2_000:
        yield ["x"] * (schema["maxItems"] + 1)
    if "maximum" in schema:
        yield schema["maximum"] + 1
    if "minimum" in schema:
        yield schema["minimum"] - 1
    if "enum" in schema:
        yield f"{schema['enum'][0]}s"


def _at(whole: Any, path: Path) -> Any:
    for part in path:
        whole = whole[part]
    return whole


def _changed(whole: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(whole)
    _at(changed, path[:-1])[path[-1]] = value
    return changed


def _without(whole: Any, path: Path) -> Any:
    changed = copy.deepcopy(whole)
    del _at(changed, path[:-1])[path[-1]]
    return changed
