"""What the page in the frame is told: the project's look, its texts in one language, its hours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from answerdesk.agents.types import Desk
from answerdesk.entrypoints.demo import EXAMPLE_QUESTIONS
from answerdesk.entrypoints.pages.responses import Markup, in_script
from answerdesk.kit.origins import normalise_origin
from answerdesk.projects.domains.types import Domain
from answerdesk.projects.office_hours import is_open, next_opening
from answerdesk.projects.service import project_public_id
from answerdesk.projects.types import GradientStop, LeadField
from answerdesk.projects.widget.texts import OFFER, WELCOME, direction, own_text, texts_in

_INKS: Final = ("#ffffff", "#000000")
"""One of the two has a contrast of at least 4.58 with any colour."""


class _Told(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, frozen=True)


class FrameLook(_Told):
    """Colours and what stands around the conversation; text on `color` has the colour `ink`."""

    color: str
    ink: str
    gradient: tuple[GradientStop, ...]
    position: str
    avatar: str | None
    show_branding: bool
    theme: Literal["auto", "light", "dark"]
    custom_css: str


class FrameHours(_Told):
    """Whether people are there, and when they will be next (ISO 8601, in their own zone)."""

    open: bool
    opens_at: str | None


class FrameLeadForm(_Told):
    """What visitors are asked for before a person writes to them."""

    fields: tuple[LeadField, ...]
    message: str
    consent_text: str | None


class FrameSettings(_Told):
    """Everything that the frame shows before anybody says anything."""

    project: str
    website_token: str | None
    name: str
    locale: str
    dir: str
    texts: Mapping[str, str]
    look: FrameLook
    welcome: str
    quick_prompts: tuple[str, ...]
    hours: FrameHours
    offers_person: bool
    lead_form: FrameLeadForm | None
    shares_subdomains: bool

    def in_html(self) -> Markup:
        """Return it as JSON that may stand in a script element."""
        return in_script(self.model_dump(mode="json", by_alias=True))


def frame_settings(desk: Desk, domain: Domain | None, locale: str, now: datetime) -> FrameSettings:
    """Return what the frame of a project, or of one of its websites, shows in a locale."""
    settings = desk.project.settings
    own = settings.widget.texts
    return FrameSettings(
        project=project_public_id(desk.project),
        website_token=None if domain is None else domain.website_token,
        name=name_of(desk),
        locale=locale,
        dir=direction(locale),
        texts=texts_in(locale, own),
        look=_look(desk),
        welcome=_welcome(desk, locale),
        quick_prompts=settings.look.quick_prompts or _examples(desk),
        hours=_hours(desk, now),
        offers_person=settings.widget.offers_person,
        lead_form=_lead_form(desk, locale),
        shares_subdomains=settings.widget.shares_subdomains,
    )


def name_of(desk: Desk) -> str:
    """Return the name of who answers."""
    return desk.project.name if desk.agent is None else desk.agent.name


def _welcome(desk: Desk, locale: str) -> str:
    own = desk.project.settings.widget.texts
    said = (own_text(WELCOME, locale, own), desk.own_welcome)
    return next((one for one in said if one is not None), texts_in(locale, own)[WELCOME])


def _look(desk: Desk) -> FrameLook:
    look = desk.project.settings.look
    return FrameLook(
        color=look.color,
        ink=ink_on(look.color),
        gradient=look.gradient_stops,
        position=look.position,
        avatar=look.avatar if named_origin(look.avatar) else None,
        show_branding=look.show_branding,
        theme=desk.project.settings.widget.theme,
        custom_css=look.custom_css,
    )


def _examples(desk: Desk) -> tuple[str, ...]:
    return EXAMPLE_QUESTIONS if desk.project.demo else ()


def _hours(desk: Desk, now: datetime) -> FrameHours:
    if is_open(desk.hours, now):
        return FrameHours(open=True, opens_at=None)
    opening = next_opening(desk.hours, now)
    return FrameHours(open=False, opens_at=None if opening is None else opening.isoformat())


def _lead_form(desk: Desk, locale: str) -> FrameLeadForm | None:
    capture = desk.project.settings.lead_capture
    if not capture.enabled:
        return None
    own = desk.project.settings.widget.texts
    return FrameLeadForm(
        fields=capture.fields,
        message=own_text(OFFER, locale, own) or capture.message or texts_in(locale, own)[OFFER],
        consent_text=capture.consent_text,
    )


def named_origin(address: str | None) -> str | None:
    """Return an address's origin for a policy; None if it has none that can be named."""
    try:
        split = urlsplit(address or "")
        origin = normalise_origin(f"{split.scheme}://{split.netloc}")
    except ValueError:
        return None
    return None if "*" in origin else origin


def ink_on(color: str) -> str:
    """Return the colour of text on a ground of `color`: the one with the higher contrast."""
    ground = _luminance(color)
    return max(_INKS, key=lambda ink: _contrast(_luminance(ink), ground))


def _luminance(color: str) -> float:
    """Return the relative luminance of `#rrggbb`, as WCAG defines it."""
    parts = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
