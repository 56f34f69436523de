"""The widget's texts: ours, one file a language, and the owner's over them."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

FALLBACK: Final = "en"
"""The language whose texts are complete by definition; others are compared with it."""

WELCOME: Final = "welcome.text"
OFFER: Final = "person.offer"

_RIGHT_TO_LEFT: Final = frozenset(
    {"ar", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"}
)
_PLACE: Final = re.compile(r"\{([a-z_]{1,40})\}")
_RANGE: Final = re.compile(r"([a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3})(?:;q=([01](?:\.[0-9]{0,3})?))?")
_LONGEST_HEADER: Final = 500

Overrides = Mapping[str, Mapping[str, str]]
"""The owner's texts, by locale and key."""


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that we have texts in; another file adds another."""
    folder = files(__package__).joinpath("texts")
    return tuple(sorted(one.name.removesuffix(".json") for one in folder.iterdir()))


@cache
def built_in(language: str) -> Mapping[str, str]:
    """Return our texts in one of `languages()`, by key."""
    file = files(__package__).joinpath("texts", f"{language}.json")
    texts: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return texts


def places(text: str) -> list[str]:
    """Return the names in a text that something else stands for, such as `name` for `{name}`."""
    return sorted({*_PLACE.findall(text)})


def checked_text(key: str, text: str) -> str:
    """Return an owner's text; raises ValueError if nothing shows it, or with a place of no text."""
    known = built_in(FALLBACK).get(key)
    if known is None:
        msg = "is not a text of the widget"
        raise ValueError(msg)
    unknown = [one for one in places(text) if one not in places(known)]
    if unknown:
        can = ", ".join(f"{{{one}}}" for one in places(known)) or "nothing in braces"
        msg = f"has {{{unknown[0]}}}, which stands for nothing here; it can have {can}"
        raise ValueError(msg)
    return text


def accepted_languages(header: str) -> list[str]:
    """Return what an `Accept-Language` header asks for, the most wanted first."""
    wanted: list[tuple[float, str]] = []
    for part in header[:_LONGEST_HEADER].lower().split(","):
        found = _RANGE.fullmatch(part.replace(" ", ""))
        if found is not None and (weight := float(found[2] or 1)) > 0:
            wanted.append((-weight, found[1]))
    return [language for _, language in sorted(wanted, key=lambda one: one[0])]


def choose_locale(
    wanted: Iterable[str], offered: Sequence[str], default: str | None, own: Overrides
) -> str:
    """Return the locale that a visitor reads: the first one wanted that there is.

    There are our languages and the owner's locales, those of `offered` only, unless that is empty.
    `pt-BR` is also met by `pt`. Otherwise it is the default, if there is such a one, or English.
    """
    there = {one.lower(): one for one in (*languages(), *own)}
    if offered:
        there = {
            tag: one for tag, one in there.items() if any(_covers(tag, each) for each in offered)
        }
    for tag in (*wanted, *([default] if default else ())):
        found = next((there[part] for part in _broader(tag.lower()) if part in there), None)
        if found is not None:
            return found
    return next(iter(there.values()), FALLBACK) if FALLBACK not in there else FALLBACK


def _covers(tag: str, offered: str) -> bool:
    """Tell whether who offers a language offers this locale: `pt` and `pt-BR` meet each other."""
    offered = offered.lower()
    return tag in _broader(offered) or offered in _broader(tag)


def _broader(tag: str) -> list[str]:
    parts = tag.split("-")
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]


def texts_in(locale: str, own: Overrides) -> dict[str, str]:
    """Return every text in a locale: the owner's, or else ours, or else English."""
    told = dict(built_in(FALLBACK))
    by_tag = {tag.lower(): texts for tag, texts in own.items()}
    for tag in reversed(_broader(locale.lower())):
        told.update(built_in(tag) if tag in languages() else {})
        told.update(by_tag.get(tag, {}))
    return told


def own_text(key: str, locale: str, own: Overrides) -> str | None:
    """Return what the owner says instead of one of our texts in a locale, if anything."""
    by_tag = {tag.lower(): texts for tag, texts in own.items()}
    found = (by_tag.get(tag, {}).get(key) for tag in _broader(locale.lower()))
    return next((text for text in found if text is not None), None)


def direction(locale: str) -> str:
    """Return `rtl` or `ltr`: how the locale is written."""
    language, *rest = locale.lower().split("-")
    if "latn" in rest or "cyrl" in rest:
        return "ltr"
    return "rtl" if language in _RIGHT_TO_LEFT or "arab" in rest or "hebr" in rest else "ltr"
