"""What a language model of the catalogue is, for all higher modules."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from answerdesk.core.outbound import UrlRefused, checked_url
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.core.web.text import CleanText, FilledText, Matching
from answerdesk.projects.types import Strict
from answerdesk.providers.chat_models import ModelService, Provider

MODEL_PREFIX: Final = "model"
MOST_MODELS: Final = 100
"""Maximum language models of an account."""
LONGEST_CHAIN: Final = 4
"""Maximum models of which each falls back to the next."""
NAME_LENGTH: Final = 200
URL_LENGTH: Final = 500
KEY_LENGTH: Final = 4000
_LEAST_SHOWN: Final = 12
"""Shorter keys are not shown in part: four characters would be too much of them."""

MILLION: Final = 1_000_000

Place = tuple[datetime, UUID] | None
"""The row behind which a part of a list begins: its creation time and id."""


def _base_address(url: str) -> str:
    url = url.strip()
    if "?" in url or "#" in url:
        msg = "has a query (?) or a fragment (#); write the base address, such as https://host/v1"
        raise ValueError(msg)
    try:
        return checked_url(url)
    except UrlRefused as error:
        raise ValueError(error.message) from error


_Price = Annotated[int, Field(ge=0, le=10**12)] | None
_PRICE: Final = (
    "Price of a million {which} tokens, in millionths of the currency: 2500000 is 2.50. Null: "
    "unknown, so that only caps on tokens hold."
)


class ModelFields(Strict):
    """The fields of a language model's settings, one by one."""

    name: FilledText = Field(
        max_length=NAME_LENGTH,
        description="What agents call it. A project's own model comes before one of all projects "
        "that has the same name.",
    )
    provider: Provider = Field(
        description="Who runs it. `compatible` is any service that speaks OpenAI's API, such as "
        "Ollama, vLLM or llama.cpp."
    )
    url: (
        Annotated[CleanText, AfterValidator(_base_address), Field(max_length=URL_LENGTH)] | None
    ) = Field(
        default=None,
        description="Base address of a `compatible` service, such as `https://host/v1`; not for "
        "the others.",
    )
    model: FilledText = Field(
        max_length=200, description="What its provider calls it, such as gpt-4o-mini."
    )
    max_tokens: int = Field(
        default=800, ge=1, le=100_000, description="Maximum tokens of an answer."
    )
    input_price: _Price = Field(default=None, description=_PRICE.format(which="input"))
    output_price: _Price = Field(default=None, description=_PRICE.format(which="output"))
    currency: (
        Annotated[
            CleanText, Matching(r"^[A-Z]{3}$", "has to be three capital letters, such as USD")
        ]
        | None
    ) = Field(default=None, description="Of the prices; all models of an account have the same.")


class ModelSettings(ModelFields):
    """Everything about a language model that its owner sets, except its key and its fallback."""

    @model_validator(mode="after")
    def _has_its_address(self) -> Self:
        if self.provider == "compatible" and self.url is None:
            msg = "a compatible service needs `url`, its base address, such as https://host/v1"
            raise ValueError(msg)
        if self.provider != "compatible" and self.url is not None:
            msg = (
                f"{self.provider} has an address of its own: leave `url` out, or choose the "
                "provider compatible"
            )
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _prices_come_together(self) -> Self:
        given = [one is not None for one in (self.input_price, self.output_price, self.currency)]
        if any(given) and not all(given):
            msg = "input_price, output_price and currency have to be set together or not at all"
            raise ValueError(msg)
        return self

    def service(self, key: str | None) -> ModelService:
        """Return what a client is made from."""
        return ModelService(self.provider, self.model, self.url, key)

    def cost(self, input_tokens: int, output_tokens: int) -> int | None:
        """Return what tokens cost in millionths of the currency, rounded up; None if unknown."""
        if self.input_price is None or self.output_price is None:
            return None
        return -(-(input_tokens * self.input_price + output_tokens * self.output_price) // MILLION)


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A language model of the catalogue, for one project or (None) all of the account.

    `key_end` is the end of its key, if that is long. `version` rises with every change.
    """

    account_id: AccountId
    id: UUID
    project_id: ProjectId | None
    settings: ModelSettings
    has_key: bool
    key_end: str | None
    fallback_id: UUID | None
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def name(self) -> str:
        return self.settings.name


@dataclass(frozen=True, slots=True)
class UsingAgent:
    """An agent that a language model answers for."""

    model_id: UUID
    id: UUID
    name: str
    project_id: ProjectId


def end_of(key: str | None) -> str | None:
    """Return the last characters of a key, by which people recognize it; None if it is short."""
    return key[-4:] if key is not None and len(key) >= _LEAST_SHOWN else None
