"""The owner's rules about messages that are for a person, whatever they ask."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from answerdesk.kit.whole_words import Said
from answerdesk.projects.office_hours import is_open
from answerdesk.projects.types import HandoffRule, ProjectSettings


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
    said, path = Said(text), _path(page_url)
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
