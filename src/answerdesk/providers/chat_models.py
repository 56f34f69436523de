"""Which class speaks to which provider of language models; each is imported on first use."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Final, Literal, cast

from answerdesk.core.outbound import Outbound
from answerdesk.providers.chat_model import ChatModel, ModelRefuses

Provider = Literal["openai", "anthropic", "google", "compatible"]
"""`compatible` is any service that speaks OpenAI's API at an address of its own."""

_CLASSES: Final[dict[Provider, tuple[str, str]]] = {
    "openai": ("openai_chat", "OpenAiChat"),
    "anthropic": ("anthropic_chat", "AnthropicChat"),
    "google": ("google_chat", "GoogleChat"),
    "compatible": ("openai_chat", "OpenAiChat"),
}


@dataclass(frozen=True, slots=True)
class ModelService:
    """A model of one provider, and what opens it. Without `url` it is at the provider's own."""

    provider: Provider
    model: str
    url: str | None = None
    key: str | None = field(default=None, repr=False)


MakeChatModel = Callable[[ModelService], ChatModel]


def make_chat_model(outbound: Outbound, service: ModelService) -> ChatModel:
    """Return a client of a model. Nothing is sent before the first question.

    It may import a module, which takes a while. Raises UrlRefused for an address that is never
    fetched, and ModelRefuses if what speaks to the provider is not installed.
    """
    module, name = _CLASSES[service.provider]
    try:
        make = getattr(import_module(f"answerdesk.providers.{module}"), name)
    except ModuleNotFoundError as error:
        raise ModelRefuses(
            f"This installation lacks what speaks to the provider {service.provider}",
            code="provider_not_installed",
        ) from error
    at = {} if service.url is None else {"url": service.url}
    return cast("ChatModel", make(outbound, service.model, key=service.key, **at))
