"""JSON merge patch (RFC 7396): change an object field by field, and take fields away by null."""

from collections.abc import Mapping
from typing import Any


def merge_patch(target: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return `target` with the fields of `patch` in place of its own.

    Objects are merged, whatever else (lists, too) is replaced, and null removes the field. Neither
    argument is changed.
    """
    merged = dict(target)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            before = merged.get(name)
            merged[name] = merge_patch(before if isinstance(before, Mapping) else {}, value)
        else:
            merged[name] = value
    return merged
