"""The owner's rules about messages that are for a person, whatever they ask."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from answerdesk.kit.normalisation import normalised
from answerdesk.kit.whitespace import squeezed
from answerdesk.projects.office_hours import is_open
from answerdesk.projects.types import HandoffRule, ProjectSettings

_WORDS: Final = re.compile(r"\w+")
# Scripts that put no spaces between words.
_UNSPACED: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff]"
)


def is_for_a_person(
    settings: ProjectSettings,
    text: str,
    page_url: str | None,
    moment: datetime,
    *,
    was_passed_on: bool,
) -> bool:
    """Tell whether a rule says so of a message at `moment` (aware).

    A rule without keywords says so of every message on a page or at a time, so it counts only
    until the conversation was passed on: what a person has handed back stays with the assistant.
    """
    rules = settings.handoff.rules
    if not rules:
        return False
    said, path = _Said(text), _path(page_url)
    for rule in rules:
        if was_passed_on and not rule.keywords:
            continue
        if rule.keywords and not any(said.has(one) for one in rule.keywords):
            continue
        if rule.pages and not _is_on(path, rule.pages):
            continue
        if _is_at(rule, settings, moment):
            return True
    return False


class _Said:
    """A message, prepared once for all rules."""

    def __init__(self, text: str) -> None:
        self._squeezed = _folded(text)
        self._words = _in_words(self._squeezed)

    def has(self, keyword: str) -> bool:
        """Tell whether it contains the keyword as whole words."""
        folded, words = _prepared(keyword)
        return words in self._words if words else folded in self._squeezed


@lru_cache(maxsize=4096)
def _prepared(keyword: str) -> tuple[str, str]:
    """Return a keyword folded, and as words; no words if it is to be found anywhere."""
    folded = _folded(keyword)
    anywhere = _UNSPACED.search(folded) is not None or _WORDS.search(folded) is None
    return folded, "" if anywhere else _in_words(folded)


def _folded(text: str) -> str:
    return squeezed(normalised(text, "NFKC")).casefold()


def _in_words(folded: str) -> str:
    return f" {' '.join(_WORDS.findall(folded))} "


def _path(page_url: str | None) -> str | None:
    try:
        return None if page_url is None else urlsplit(page_url).path or "/"
    except ValueError:
        return None


def _is_on(path: str | None, pages: Sequence[str]) -> bool:
    if path is None:
        return False
    for page in pages:
        wanted = _path(page) or page
        if wanted.endswith("*"):
            if path.startswith(wanted[:-1]):
                return True
        elif path.rstrip("/") == wanted.rstrip("/"):
            return True
    return False


def _is_at(rule: HandoffRule, settings: ProjectSettings, moment: datetime) -> bool:
    if rule.during is None:
        return True
    return is_open(settings.office_hours, moment) == (rule.during == "office_hours")
