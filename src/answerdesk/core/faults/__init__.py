"""Validation errors in our own words, whichever library found them.

Pydantic writes for programmers ("Input should be a valid dictionary"). People read these texts
instead: the field as they wrote it, what is wrong with it, and what to do.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from pydantic import BaseModel

from answerdesk.core.faults.sentences import Error, did_you_mean, sentence

__all__ = ["Error", "Fault", "describe", "did_you_mean", "faults", "model_in", "position"]

_MOST_FAULTS: Final = 20
_LONGEST_NAME: Final = 80
_LINE: Final = "\n"
_OF_A_KEY: Final = "[key]"
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PROSE: Final = re.compile(r"[a-z]+ ")
_PREDICATE: Final = re.compile(r"(is|are|has|have|contains|begins|ends|needs|lies|stands)\b")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `field` is written as in the input, and empty for the whole input.

    `text` continues after the field's name ("is missing") or is a sentence of its own.
    """

    field: str
    text: str

    def __str__(self) -> str:
        if not self.field:
            is_prose = _PROSE.match(self.text) is not None
            return self.text[0].upper() + self.text[1:] if is_prose else self.text
        return f"{self.field}{' ' if _PREDICATE.match(self.text) else ': '}{self.text}"


def faults(
    errors: Iterable[Error],
    *,
    whole: str = "",
    within: str = "",
    model: type[BaseModel] | None = None,
) -> Iterator[Fault]:
    """Yield a description of each error, without repeating the input.

    `whole` names the validated thing, for errors that concern no single field. `within` is the
    field that contained it. With `model`, the model that was validated against, an unknown name is
    reported together with the nearest known name.
    """
    for error in errors:
        place: Sequence[str | int] = error["loc"]
        field = _written((within, *place) if within else place) or whole
        if error["type"] == "extra_forbidden":
            yield Fault(field, _unknown_field(place, model))
        else:
            text = sentence(error)
            yield Fault(field, f"is not a known name: it {text}" if _OF_A_KEY in place else text)


def describe(
    errors: Iterable[Error],
    *,
    whole: str = "",
    within: str = "",
    model: type[BaseModel] | None = None,
) -> str:
    """Describe all errors in one text (see `faults`); beyond twenty, only say how many more."""
    every = faults(errors, whole=whole, within=within, model=model)
    found = list(dict.fromkeys(str(fault) for fault in every))
    if len(found) > _MOST_FAULTS:
        found[_MOST_FAULTS:] = [f"and {len(found) - _MOST_FAULTS:,} more"]
    return "; ".join(found)


def position(text: str, offset: int) -> str:
    """Write a position as editors do: `line 3, column 14`."""
    before = text[:offset]
    where = f"line {before.count(_LINE) + 1:,}, column {offset - before.rfind(_LINE):,}"
    return where if text[offset:].strip() else f"its end ({where})"


def model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401  # As Python has them.
    """Return the first model that a type contains, such as the model of a list's entries."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (model_in(part) for part in get_args(annotation))
    return next((one for one in found if one is not None), None)


def _written(place: Sequence[str | int]) -> str:
    """Write a field's place as people do: `items[3].question`."""
    written = ""
    for part in place:
        if part == _OF_A_KEY:
            continue
        if isinstance(part, int):
            written += f"[{part}]"
        elif _PLAIN_NAME.fullmatch(part):
            written += f".{_shortened(part)}" if written else _shortened(part)
        else:
            # A caller may use anything as a field's name, even half of a surrogate pair.
            written += f"[{json.dumps(_shortened(part))}]"
    return written


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _unknown_field(place: Sequence[str | int], model: type[BaseModel] | None) -> str:
    known = () if model is None else _fields_at(model, place[:-1])
    return f"is not a known field{did_you_mean(str(place[-1]), known)}"


def _fields_at(model: type[BaseModel], place: Sequence[str | int]) -> Sequence[str]:
    """Return the field names of the model at a place; empty if there is no model there."""
    current: type[BaseModel] | None = model
    for part in place:
        # List indexes and table keys lead to the same model.
        field = None if current is None else current.model_fields.get(str(part))
        if field is not None:
            current = model_in(field.annotation)
    return () if current is None else list(current.model_fields)
