"""What can go wrong with webhooks."""

from collections.abc import Sequence

from answerdesk.core.errors import Conflict, InvalidInput, NotFound, NotPermitted
from answerdesk.core.faults import did_you_mean
from answerdesk.webhooks.types import FORMATS, MOST_ENDPOINTS


def webhook_not_found() -> NotFound:
    """For an id that names no endpoint that the caller reaches."""
    return NotFound("Webhook not found", code="webhook_not_found")


def too_many_webhooks() -> Conflict:
    return Conflict(
        f"An account has at most {MOST_ENDPOINTS} webhooks; delete one before you add another",
        code="too_many_webhooks",
    )


def webhooks_not_in_plan() -> NotPermitted:
    return NotPermitted(
        "This account's plan does not include webhooks (feature: webhooks); choose a larger plan",
        code="feature_missing",
    )


def project_needed() -> InvalidInput:
    """For a key of some projects that would create a webhook for all."""
    return InvalidInput(
        "project_id: this key reaches only some projects; name one of them",
        code="project_id_missing",
    )


def url_too_long(most: int) -> InvalidInput:
    return InvalidInput(f"url must not be longer than {most:,} characters", code="url_too_long")


def description_too_long(most: int) -> InvalidInput:
    return InvalidInput(
        f"description must not be longer than {most} characters", code="description_too_long"
    )


def format_unknown(name: str) -> InvalidInput:
    return InvalidInput(
        f"format: {name!r} is not a format{did_you_mean(name, FORMATS)}; choose from "
        f"{', '.join(FORMATS)}",
        code="format_unknown",
    )


def events_empty() -> InvalidInput:
    return InvalidInput(
        "events: name at least one type of event, or leave it out for all that the format can tell",
        code="events_empty",
    )


def event_unknown(name: str, known: Sequence[str]) -> InvalidInput:
    return InvalidInput(
        f"events: {name!r} is not a type of event{did_you_mean(name, known)}; GET /v1/event-types "
        "lists them",
        code="event_unknown",
    )


def event_not_in_format(name: str, chosen: str, told: Sequence[str]) -> InvalidInput:
    """For an event that the format has no words for; `told` are those that it can tell."""
    can = f"only {', '.join(told)}" if told else "no events, only replies that were asked for"
    return InvalidInput(
        f"events: the format {chosen} can't tell {name!r}; it tells {can}",
        code="event_not_in_format",
    )


def secret_invalid(why: str) -> InvalidInput:
    """For a secret of the owner's own that is not used; `why` follows the field's name."""
    return InvalidInput(
        f"secret {why}: write whsec_ and 24 to 64 random bytes in base64, or leave it out and get "
        "a new one",
        code="secret_invalid",
    )


def secret_not_shown_again() -> NotPermitted:
    """For a secret that its format shows only once."""
    return NotPermitted(
        "Only webhooks of the format orac show their secret again; rotate the secret to get a new "
        "one",
        code="secret_not_shown_again",
    )
