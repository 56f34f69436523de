"""Values as JSON and back, by their type: what the child sends is data, never code.

Decoding is strict. A value of another shape than its type is refused, since what wrote it may have
been taken over by a document.
"""

import json
from functools import cache
from typing import Any, Final, TypeVar, cast

import msgspec

T = TypeVar("T")

_ENCODER: Final = msgspec.json.Encoder()


class WrongShape(Exception):
    """Data that is not a value of its type."""


def dump(value: object) -> bytes:
    """Write a value as JSON on one line. Half of a surrogate pair becomes "?".

    Raises TypeError for an object that isn't plain data.
    """
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        # A document can hold what no text may. This way is slower and rarely taken.
        plain = msgspec.to_builtins(value)
        written = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
        return written.encode("utf-8", "replace")


def load(kind: type[T], data: bytes) -> T:
    """Read a value of a type; raises WrongShape."""
    try:
        return cast("T", _decoder(cast("Any", kind)).decode(data))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WrongShape(f"no {kind}: {error}") from error


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401  # Any type form, such as tuple[str, ...].
    return msgspec.json.Decoder(kind)
