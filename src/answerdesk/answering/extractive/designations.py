"""Codes, versions and the names of models: what a question names by them, an answer must be about.

"E104" is "E-104" and "E 104", but not "E-140". "Aquila 400" is not "Aquila 300", and "Nova Max" not
"Nova Plus". Another thing's answer is worse than none.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

_CODE: Final = re.compile(r"(?<![\w.,])[^\W_]{1,40}(?:[-_/.][^\W_]{1,40}){0,6}(?![\w])")
_SEPARATORS: Final = re.compile(r"[-_/. ]")
_SPACED: Final = re.compile(r"(?<![\w-])[A-Z]{1,3} \d{1,6}(?:[A-Z]?)(?![\w-])")
"""Capital letters and a number that may be a code with a space in it: "E 104", "HTTP 404"."""
_VERSION: Final = re.compile(r"v?\d{1,5}(?:\.\d{1,5}){1,3}")
_LONG_NUMBER: Final = 5
"""Digits from which a number without letters is a code: shorter ones are amounts and years."""
_UNITS: Final = (
    "mm cm m km in inch inches ft feet yd mg g kg lb lbs oz ml l kb mb gb tb px pt dpi"
    " ms s sec secs min mins h hr hrs hour hours day days week weeks yr yrs year years"
    " hz khz mhz ghz v w kw kwh mah am pm st nd rd th k x"
)
_MEASURE: Final = re.compile(
    rf"\d{{1,9}}(?:{_UNITS.replace(' ', '|')})"
    r"|\d{1,5}(?:x\d{1,5}){1,2}(?:mm|cm|m|in|inch|inches|ft)?"
    r"|\d{1,4}(?:/\d{1,4}){1,2}"
)
"""Amounts, sizes and dates look like codes and name nothing: "20cm", "78x60", "3/12/2026"."""

_MODEL: Final = re.compile(
    r"(?<![\w.])(?P<name>[a-z]?[A-Z][\w'’]{1,30})"
    r" (?P<model>\d{1,5}[a-zA-Z]{0,2}|[A-Z][a-z]{1,20}|[IVX]{1,4}|[A-Z]\d{1,4})(?!\w|[.,]\w)"
)
_WORD: Final = re.compile(r"[^\W_]{2,40}")
_MOST: Final = 64
_MOST_WORDS: Final = 1000
"""Maximum designations, and words, of one line that are looked at."""
_SHORT_HEADING: Final = 4
"""Maximum words of a heading that is only about what it names."""


@dataclass(frozen=True, slots=True)
class Designations:
    """What a text names by a code, and by a name with a model after it, in small letters.

    `codes` are without separators; `versions` are apart from them. `models` are (name, model).
    `words` are all its words.
    """

    codes: frozenset[str]
    versions: frozenset[str]
    models: frozenset[tuple[str, str]]
    words: frozenset[str]


def designations_in(lines: Iterable[str]) -> Designations:
    """Return what some lines name."""
    codes: set[str] = set()
    versions: set[str] = set()
    models: set[tuple[str, str]] = set()
    words: set[str] = set()
    for line in lines:
        _add_codes(line, codes, versions)
        models.update(
            (match["name"].lower(), match["model"].lower())
            for match in islice(_MODEL.finditer(line), _MOST)
        )
        words.update(match[0].lower() for match in islice(_WORD.finditer(line), _MOST_WORDS))
    return Designations(frozenset(codes), frozenset(versions), frozenset(models), frozenset(words))


def asked_by(question: str) -> Designations:
    """Return what a question names. That its first word has a capital says nothing."""
    named = designations_in([question])
    first = next((match[0].lower() for match in _WORD.finditer(question)), "")
    models = {one for one in named.models if one[0] != first or one[1][:1].isdigit()}
    return replace(named, models=frozenset(models))


def _add_codes(line: str, codes: set[str], versions: set[str]) -> None:
    for match in islice(_CODE.finditer(line), _MOST_WORDS):
        text = match[0].lower()
        if not any(one.isdigit() for one in text):
            continue
        if _VERSION.fullmatch(text):
            versions.add(text.removeprefix("v"))
        elif _MEASURE.fullmatch(text):
            continue
        elif any(one.isalpha() for one in text) or sum(map(str.isdigit, text)) >= _LONG_NUMBER:
            codes.add(_SEPARATORS.sub("", text))
    spaced = islice(_SPACED.finditer(line), _MOST)
    codes.update(_SEPARATORS.sub("", match[0]).lower() for match in spaced)


_IDENTIFIER: Final = re.compile(
    r"(?<![\w.@/-])-{0,2}_?[^\W\d_]\w{0,60}(?:[.-]\w{1,60}){0,6}(?![\w/])"
)
_HUMP: Final = re.compile(r"[a-z][A-Z]")


def identifiers_in(line: str) -> frozenset[str]:
    """Return the names of settings, options, files and functions that a line writes as code does.

    "skip_if_exists", "--dry-run", "config.yaml" and "maxRetries" are such; "e-mail" is not. They
    are in small letters, with "_" for "-", and without any before and after.
    """
    found = (match[0] for match in islice(_IDENTIFIER.finditer(line), _MOST))
    return frozenset(one.strip("-_").replace("-", "_").lower() for one in found if _is_code(one))


def identifiers_of(heading: str) -> frozenset[str]:
    """Return the identifiers that a section is about, by its heading: "The `skip_tasks` option"."""
    return identifiers_in(heading) if len(heading.split()) <= _SHORT_HEADING else frozenset()


def _is_code(name: str) -> bool:
    bare = name.strip("-_")
    return (
        name.startswith("--")
        or "_" in bare
        or bool(_HUMP.search(bare))
        or ("." in bare and all(len(part) > 1 for part in bare.split(".")))
    )


def are_met(asked: Designations, said: Designations) -> bool | None:
    """Tell whether a passage is about what a question names; None if neither can be said.

    A passage that says a name without any model may be about all of them. A number without letters
    is often the visitor's own (of an order, a post code): it only speaks against a passage that has
    others.
    """
    has_numbers = any(code.isdigit() for code in said.codes)
    codes = [code for code in asked.codes if has_numbers or not code.isdigit()]
    if not (codes or asked.versions or asked.models):
        return None
    return (
        all(code in said.codes or code in said.words for code in codes)
        and all(_version_met(version, said.versions) for version in asked.versions)
        and all(_model_met(name, model, said) for name, model in asked.models)
    )


def _version_met(version: str, said: frozenset[str]) -> bool:
    """Tell whether a version is said, as 3.2 is by "3.2.1"; or none is."""
    return not said or any(f"{one}.".startswith(f"{version}.") for one in said)


def _model_met(name: str, model: str, said: Designations) -> bool:
    if (name, model) in said.models or f"{name}{model}" in said.codes:
        return True
    others = any(other == name for other, _ in said.models)
    if model[:1].isdigit():
        return name in said.words and not others
    return model in said.words or (name in said.words and not others)
