"""The pages of what owners set: API keys, language models, a project's settings, its websites."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from answerdesk.accounts.api_keys.service import REACHABLE
from answerdesk.accounts.api_keys.types import KeyPrefix
from answerdesk.entrypoints.pages.responses import Markup, element, fill, join, team_page
from answerdesk.projects.types import DEFAULT_WELCOME, WEEKDAYS, Weekday

_STYLES: Final = ("knowledge.css", "settings.css")

_PROGRAMS: Final[tuple[tuple[str, str, KeyPrefix, str], ...]] = (
    ("answerdesk", "Answerdesk", "ad_live_", "ad_live_"),
    ("noras", "Noras", "sk_", "sk_"),
    ("chatorex", "Chatorex", "sk_live_", "sk_live_"),
    ("novachat", "Nova Chat", "nc_live_", "nc_live_"),
    ("orac", "Orac", "orac_live_", "orac_live_"),
    ("novaro", "Novaro", "ad_live_", "any beginning"),
)
"""Programs that keys are for: name, title, the prefix of their keys, what is said of it."""

_SUBJECTS: Final[Mapping[str, str]] = {
    "agents": "agents and contexts",
    "conversations": "conversations",
    "knowledge": "the knowledge",
    "leads": "leads",
    "privacy": "erasure and export of a person",
    "projects": "projects and their settings",
    "webhooks": "webhooks",
}
"""What people call the resources that a key can be given access to."""

_DAYS: Final[Mapping[Weekday, str]] = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def add_settings_pages(router: APIRouter) -> None:
    router.add_api_route("/settings", settings_page, methods=["GET", "HEAD"])
    router.add_api_route("/language-models", language_models_page, methods=["GET", "HEAD"])
    router.add_api_route("/app/settings/websites", websites_page, methods=["GET", "HEAD"])


async def settings_page() -> HTMLResponse:
    """Show API keys and the settings of a project; its script asks who has opened it."""
    return team_page(
        "Settings",
        "settings.html",
        "/settings",
        script="settings/page.js",
        styles=_STYLES,
        programs=_programs(),
        subjects=_subjects(),
        days=_days(),
        greeting=DEFAULT_WELCOME,
        section_end=fill("section_end.html"),
    )


async def language_models_page() -> HTMLResponse:
    """Show the language models, who uses them, and what they cost."""
    return team_page(
        "Language models",
        "language-models.html",
        "/language-models",
        script="models/page.js",
        styles=(*_STYLES, "models.css"),
    )


async def websites_page() -> HTMLResponse:
    """Show a project's websites with their tags."""
    return team_page(
        "Websites",
        "websites.html",
        "/app/settings/websites",
        script="websites/page.js",
        styles=_STYLES,
    )


def _programs() -> Markup:
    return join(
        element("option", f"{title} ({said})", value=name, data_prefix=prefix, data_title=title)
        for name, title, prefix, said in _PROGRAMS
    )


def _subjects() -> Markup:
    access = (("", "nothing"), ("read", "read"), ("write", "read and write"))
    options = join(element("option", text, value=value) for value, text in access)
    return join(
        element(
            "p",
            element("label", _SUBJECTS[one].capitalize(), for_=f"subject-{one}"),
            element(
                "select",
                options,
                id=f"subject-{one}",
                data_subject=one,
                data_said=_SUBJECTS[one],
            ),
        )
        for one in REACHABLE
    )


def _days() -> Markup:
    return join(
        element(
            "li",
            element("span", _DAYS[day], class_="day-name", id=f"day-{day}"),
            element("div", class_="intervals"),
            element("span", "Closed", class_="row-note closed-note"),
            data_day=day,
            data_name=_DAYS[day],
            role="group",
            aria_labelledby=f"day-{day}",
        )
        for day in WEEKDAYS
    )
