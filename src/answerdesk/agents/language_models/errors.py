"""What can go wrong with language models."""

from collections.abc import Sequence

from answerdesk.agents.language_models.types import LONGEST_CHAIN, MOST_MODELS
from answerdesk.core.errors import Conflict, InvalidInput, NotFound, NotPermitted


def model_not_found() -> NotFound:
    """For an id that names no language model that the caller may see."""
    return NotFound("Language model not found", code="language_model_not_found")


def models_not_in_plan() -> NotPermitted:
    return NotPermitted(
        "This account's plan does not include language models of your own (feature: byok); choose "
        "a larger plan",
        code="feature_missing",
    )


def too_many_models() -> Conflict:
    return Conflict(
        f"An account has at most {MOST_MODELS} language models; delete one before you add another",
        code="too_many_language_models",
    )


def name_taken(name: str) -> Conflict:
    return Conflict(
        f"There is already a language model named {name!r} for the same projects; choose another "
        "name",
        code="language_model_name_taken",
    )


def all_projects_needed() -> NotPermitted:
    """For a key of some projects that would add or change a model of all."""
    return NotPermitted(
        "This key reaches only some projects, and the language model is for all; name a project",
        code="project_needed",
    )


def currency_differs(used: str) -> Conflict:
    return Conflict(
        f"currency: this account's other language models are priced in {used}, and caps add their "
        f"prices up; write the prices in {used}",
        code="currency_differs",
    )


def key_refused(reason: str) -> InvalidInput:
    return InvalidInput(f"key: {reason}", code="key_refused")


def key_needed_again() -> InvalidInput:
    """For a new host, to which a stored key would go that was meant for another."""
    return InvalidInput(
        "key: the url leads to another host, so send the key again, or null to use none",
        code="key_needed",
    )


def fallback_unknown(told: str) -> InvalidInput:
    return InvalidInput(
        f"fallback: {told!r} is no language model that the same projects can use",
        code="fallback_unknown",
    )


def fallback_circle() -> InvalidInput:
    return InvalidInput(
        "fallback: this model would, over others, fall back to itself", code="fallback_circle"
    )


def chain_too_long() -> InvalidInput:
    return InvalidInput(
        f"fallback: at most {LONGEST_CHAIN} models may fall back to one another in a row",
        code="fallback_too_long",
    )


def used_by_agents(names: Sequence[str], *, more: bool) -> Conflict:
    """For a model that agents name; `more` tells that they are not all."""
    told = _listed(names, more=more)
    return Conflict(
        f"Agents answer with this language model: {told}. Choose another model for them first",
        code="language_model_in_use",
    )


def used_as_fallback(names: Sequence[str], *, more: bool) -> Conflict:
    """For a model that others fall back to."""
    told = _listed(names, more=more)
    return Conflict(
        f"Other language models fall back to this one: {told}. Change their fallback first",
        code="language_model_in_use",
    )


def _listed(names: Sequence[str], *, more: bool) -> str:
    return ", ".join(names) + (" and others" if more else "")


def key_not_readable() -> Conflict:
    """For a model that cannot be asked, since its key was sealed with another secret key."""
    return Conflict(
        "The language model's key cannot be opened with this installation's secret keys; send the "
        "key again",
        code="language_model_key_lost",
    )


def does_not_answer(reason: str) -> InvalidInput:
    """For a model that was asked for a word when it was saved, and didn't answer."""
    return InvalidInput(
        f"The language model does not answer. {reason}. Correct it, or save it as it is with "
        "?unchecked=true",
        code="language_model_unusable",
    )
