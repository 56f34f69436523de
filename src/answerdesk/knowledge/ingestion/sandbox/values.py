"""Values as JSON and back, by their type: what the child finds, read as data and nothing else.

Known are None, bool, int, float, str, bytes, datetime, literals, tuples, frozen sets, mappings of
strings, named tuples and dataclasses of such. Reading is strict: a value of another shape than its
type is refused, since what wrote it may have been taken over.
"""

import base64
import json
from collections import abc
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Reader = Callable[[Any], Any]

_PLAIN: Final = frozenset({bool, int, str, NoneType})


class WrongShape(Exception):
    """Data that is no value of its type."""


def dump(value: object) -> bytes:
    """Write a value as JSON. Halves of surrogate pairs, which no text may hold, become "?"."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )


def load(kind: type[T], data: bytes) -> T:
    """Read a value of a type; raises WrongShape."""
    try:
        return cast("T", reader_of(cast("Hashable", kind))(json.loads(data)))
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise WrongShape(f"no {kind}: {error}") from error


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if is_dataclass(value):
        return [_plain(getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, set | frozenset):
        return [_plain(one) for one in sorted(value)]
    if isinstance(value, Iterable):
        return [_plain(one) for one in value]
    msg = f"{type(value).__name__} is not spoken between parent and child"
    raise TypeError(msg)


@cache
def reader_of(kind: Hashable) -> Reader:
    """Return what reads values of a type from parsed JSON; it raises WrongShape or ValueError."""
    if kind in _PLAIN:
        return _exactly(cast("type", kind))
    if kind in _WRITTEN:
        return _WRITTEN[kind]
    if is_dataclass(kind) or (isinstance(kind, type) and issubclass(kind, tuple)):
        hints = get_type_hints(kind)
        names = [one.name for one in fields(kind)] if is_dataclass(kind) else list(hints)
        make = cast("Callable[..., object]", kind)
        return _record(lambda values: make(*values), [reader_of(hints[name]) for name in names])
    return _reader_of_generic(kind, get_origin(kind), get_args(kind))


def _reader_of_generic(kind: object, origin: object, arguments: tuple[Any, ...]) -> Reader:
    if origin is Literal:
        return _one_of(arguments)
    if origin in (Union, UnionType):
        return _optional(arguments)
    if origin is tuple and arguments[1:] == (Ellipsis,):
        return _several(reader_of(arguments[0]), tuple)
    if origin is tuple:
        return _record(tuple, [reader_of(one) for one in arguments])
    if origin is frozenset:
        return _several(reader_of(arguments[0]), frozenset)
    if origin in (dict, abc.Mapping):
        return _mapping(reader_of(arguments[1]))
    msg = f"{kind} is not spoken between parent and child"
    raise NotImplementedError(msg)


def _exactly(kind: type) -> Reader:
    def read(data: object) -> object:
        if type(data) is not kind:
            raise WrongShape(f"{type(data).__name__} in place of {kind.__name__}")
        return data

    return read


def _float(data: object) -> float:
    if type(data) not in (int, float):
        raise WrongShape(f"{type(data).__name__} in place of float")
    return float(cast("float", data))


def _bytes(data: object) -> bytes:
    return base64.b64decode(_text(data), validate=True)


def _datetime(data: object) -> datetime:
    return datetime.fromisoformat(_text(data))


def _text(data: object) -> str:
    return cast("str", _exactly(str)(data))


_WRITTEN: Final[Mapping[Hashable, Reader]] = {float: _float, bytes: _bytes, datetime: _datetime}


def _one_of(allowed: tuple[object, ...]) -> Reader:
    def read(data: object) -> object:
        if data not in allowed:
            raise WrongShape(f"{str(data)[:40]!r} is none of {allowed}")
        return data

    return read


def _optional(arguments: tuple[Any, ...]) -> Reader:
    others = [one for one in arguments if one is not NoneType]
    if len(others) != 1 or len(others) == len(arguments):
        msg = f"{arguments}: only a type or None is spoken between parent and child"
        raise NotImplementedError(msg)
    inner = reader_of(others[0])
    return lambda data: None if data is None else inner(data)


def _several(item: Reader, gather: Callable[[Iterable[Any]], object]) -> Reader:
    def read(data: object) -> object:
        return gather([item(one) for one in _list(data)])

    return read


def _mapping(item: Reader) -> Reader:
    def read(data: object) -> object:
        if not isinstance(data, dict):
            raise WrongShape(f"{type(data).__name__} in place of a mapping")
        return {key: item(one) for key, one in data.items()}

    return read


def _record(make: Callable[[list[Any]], object], readers: list[Reader]) -> Reader:
    def read(data: object) -> object:
        values = _list(data)
        if len(values) != len(readers):
            raise WrongShape(f"{len(values)} values in place of {len(readers)}")
        return make([reader(value) for reader, value in zip(readers, values, strict=True)])

    return read


def _list(data: object) -> list[Any]:
    if not isinstance(data, list):
        raise WrongShape(f"{type(data).__name__} in place of a list")
    return data
