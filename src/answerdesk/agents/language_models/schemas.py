"""Bodies of the routes of language models."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from answerdesk.accounts.limits.spending.types import Answers
from answerdesk.accounts.principal import Principal
from answerdesk.agents.language_models.nearby import Nearby
from answerdesk.agents.language_models.service import ModelDraft, Tested
from answerdesk.agents.language_models.types import (
    KEY_LENGTH,
    MODEL_PREFIX,
    NAME_LENGTH,
    LanguageModel,
    ModelFields,
    ModelSettings,
    UsingAgent,
)
from answerdesk.agents.language_models.usage import Counted, Spending, SpendingReport
from answerdesk.agents.types import AGENT_PREFIX
from answerdesk.core.tenancy import ProjectId, parse_public_id, public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.core.web.text import CleanText
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.types import PROJECT_PREFIX

_Key = Annotated[
    SecretStr | None,
    Field(
        max_length=KEY_LENGTH,
        description="The provider's API key. It is stored sealed and never shown again. Null: the "
        "service needs none.",
    ),
]
_FALLBACK: Final = (
    "The model, by id or name, that answers if this one is unavailable; null for none."
)


class LanguageModelIn(ModelSettings):
    """A language model to add."""

    project_id: CleanText | None = Field(
        default=None, max_length=100, description="The only project; null for all of the account."
    )
    key: _Key = None
    fallback: CleanText | None = Field(default=None, max_length=NAME_LENGTH, description=_FALLBACK)

    def draft(self) -> ModelDraft:
        """Convert for the service; raises NotFound for an id that names no project."""
        beside = {"project_id", "key", "fallback"}
        return ModelDraft(
            project_id=project_id_of(self.project_id),
            settings=ModelSettings.model_validate(self.model_dump(exclude=beside)),
            key=None if self.key is None else self.key.get_secret_value().strip(),
            fallback=self.fallback,
        )


class LanguageModelPatch(BaseModel):
    """Changes to a language model, as a JSON merge patch (RFC 7396): omitted fields stay unchanged.

    Null resets a field to its default; of `key` and `fallback` it leaves none.
    """

    model_config = ConfigDict(extra="forbid")

    name: CleanText = Field(default="", max_length=NAME_LENGTH)
    url: str | None = None
    model: CleanText = Field(default="", max_length=200)
    max_tokens: int | None = None
    input_price: int | None = None
    output_price: int | None = None
    currency: str | None = None
    key: _Key = None
    fallback: CleanText | None = Field(default=None, max_length=NAME_LENGTH, description=_FALLBACK)

    def changes(self) -> dict[str, Any]:
        """Return what is given."""
        given = self.model_dump(exclude_unset=True)
        if self.key is not None:
            given["key"] = self.key.get_secret_value().strip()
        return given


class LanguageModelOut(ModelFields):
    """A language model. `version` rises with every change.

    Of one that is for all projects, a key of some projects doesn't see the address.
    """

    id: str
    project_id: str | None = Field(description="Null: agents of all projects can name it.")
    has_key: bool
    key_end: str | None = Field(
        description="The last characters of the key, by which people recognize it; null if it is "
        "short."
    )
    fallback: str | None = Field(description="The id of the model that answers instead.")
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, model: LanguageModel, caller: Principal, **more: Sequence["UsingAgentOut"]) -> Self:
        is_ours = caller.projects is None or model.project_id is not None
        shown = model.settings.model_dump() | ({} if is_ours else {"url": None})
        project_id, fallback_id = model.project_id, model.fallback_id
        return cls(
            **shown,
            id=public_id(MODEL_PREFIX, model.id),
            project_id=None if project_id is None else public_id(PROJECT_PREFIX, project_id),
            has_key=model.has_key,
            key_end=model.key_end if is_ours else None,
            fallback=None if fallback_id is None else public_id(MODEL_PREFIX, fallback_id),
            version=model.version,
            created_at=model.created_at,
            updated_at=model.updated_at,
            **more,
        )


class UsingAgentOut(BaseModel):
    """An agent that answers with a language model."""

    id: str
    name: str
    project_id: str

    @classmethod
    def of(cls, agent: UsingAgent) -> Self:
        return cls(
            id=public_id(AGENT_PREFIX, agent.id),
            name=agent.name,
            project_id=public_id(PROJECT_PREFIX, agent.project_id),
        )


class ListedModel(LanguageModelOut):
    """A language model, with the agents that name it."""

    agents: list[UsingAgentOut] = Field(
        description="Agents that answer with it; of all models listed, at most 500."
    )


class LanguageModelList(Listing[ListedModel]):
    """Language models, oldest first."""


class ModelTestOut(BaseModel):
    """What came of asking a model for a word."""

    milliseconds: int
    answer: str | None = Field(description="The beginning of its answer; null if it failed.")
    error: str | None = Field(description="Why it failed; null if it did not.")

    @classmethod
    def of(cls, tested: Tested) -> Self:
        return cls(milliseconds=tested.milliseconds, answer=tested.answer, error=tested.error)


class NearbyOut(BaseModel):
    """An Ollama on the machine that Answerdesk runs on. All is empty if none was noticed."""

    url: str | None = Field(description="Its base address, to add its models with.")
    models: list[str] = Field(description="What it calls its models; empty while it is closed.")
    setting: str | None = Field(
        description="The setting with which the operator opens it; null if it is open."
    )

    @classmethod
    def of(cls, nearby: Nearby) -> Self:
        return cls(url=nearby.url, models=list(nearby.models), setting=nearby.setting)


class CountedOut(BaseModel):
    """What was spent, and the most that may be; null means no cap."""

    tokens: int
    money: int
    most_tokens: int | None
    most_money: int | None

    @classmethod
    def of(cls, counted: Counted) -> Self:
        cap = counted.cap
        return cls(
            tokens=counted.tokens,
            money=counted.money,
            most_tokens=cap.tokens,
            most_money=cap.money,
        )


class SpendingOut(BaseModel):
    """What was spent this day and month (UTC), answers that are being written included."""

    day: CountedOut
    month: CountedOut


class ProjectSpendingOut(SpendingOut):
    """What a project has spent."""

    project_id: str


class AnswersOut(BaseModel):
    """What a model's answers cost together."""

    answers: int
    input_tokens: int
    output_tokens: int
    money: int

    @classmethod
    def of(cls, answers: Answers) -> Self:
        return cls(**asdict(answers))


class ModelUsageOut(BaseModel):
    """What a language model's answers cost in a project. The model may be deleted by now."""

    project_id: str
    model_id: str
    name: str
    day: AnswersOut
    month: AnswersOut


class LanguageModelUsage(BaseModel):
    """What language models cost. Money is in millionths of the currency; days are those of UTC."""

    currency: str | None
    account: SpendingOut | None = Field(description="Null for a key of some projects.")
    projects: list[ProjectSpendingOut] = Field(description="At most 200.")
    models: list[ModelUsageOut] = Field(
        description="By model and project, the most expensive first; at most 500."
    )

    @classmethod
    def of(cls, report: SpendingReport) -> Self:
        account = report.account
        return cls(
            currency=report.currency,
            account=None if account is None else SpendingOut(**_periods(account)),
            projects=[
                ProjectSpendingOut(
                    project_id=public_id(PROJECT_PREFIX, one.project_id), **_periods(one)
                )
                for one in report.projects
                if one.project_id is not None
            ],
            models=[
                ModelUsageOut(
                    project_id=public_id(PROJECT_PREFIX, one.project_id),
                    model_id=public_id(MODEL_PREFIX, one.model.id),
                    name=one.model.name,
                    day=AnswersOut.of(one.day),
                    month=AnswersOut.of(one.month),
                )
                for one in report.models
            ],
        )


def _periods(spending: Spending) -> dict[str, CountedOut]:
    return {"day": CountedOut.of(spending.day), "month": CountedOut.of(spending.month)}


def project_id_of(text: str | None) -> ProjectId | None:
    """Return the project that a body or a query names; raises NotFound if the text is no id."""
    if text is None:
        return None
    value = parse_public_id(PROJECT_PREFIX, text)
    if value is None:
        raise project_not_found()
    return ProjectId(value)
