"""Caps on what language models cost, and what is counted against them.

Money is in whole millionths of the account's currency.
"""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.accounts.types import Period
from answerdesk.core.tenancy import AccountId, ProjectId

Scope = Literal["visitor", "project", "account"]
Measure = Literal["tokens", "money"]

_Most = Annotated[int, Field(ge=0, le=10**15)] | None


class _Caps(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SpendingCap(_Caps):
    """At most so much; null means no cap."""

    tokens: _Most = Field(default=None, description="Tokens of questions and answers together.")
    money: _Most = Field(
        default=None,
        description="In millionths of the currency of the models' prices: 5000000 is 5.00. A model "
        "without prices is not held to it.",
    )


class AccountSpendingCaps(_Caps):
    """What language models may cost an account, by day and month (UTC)."""

    per_day: SpendingCap = SpendingCap()
    per_month: SpendingCap = SpendingCap()


class ProjectSpendingCaps(AccountSpendingCaps):
    """What language models may cost a project, and each of its visitors, by day and month (UTC)."""

    per_visitor_per_day: SpendingCap = SpendingCap()
    per_visitor_per_month: SpendingCap = SpendingCap()


@dataclass(frozen=True, slots=True)
class Amount:
    """Tokens and money. `money` is None if the model's prices are unknown."""

    input_tokens: int
    output_tokens: int
    money: int | None = None

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, slots=True)
class BilledModel:
    """The language model that an amount is for."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Reservation:
    """An amount that counts as spent until it is settled or released."""

    account_id: AccountId
    id: UUID


@dataclass(frozen=True, slots=True)
class Refused:
    """A cap without room for an amount: nothing was counted.

    `first` is true once per cap's counter and period, so that it is reported once.
    """

    scope: Scope
    period: Period
    measure: Measure
    most: int
    first: bool


@dataclass(frozen=True, slots=True)
class Spent:
    """What counts as spent in the current day or month: settled, or reserved."""

    scope: Scope
    subject_id: UUID
    period: Period
    tokens: int
    money: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model's answers cost together."""

    answers: int
    input_tokens: int
    output_tokens: int
    money: int


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """What a model's answers in a project cost today and this month (UTC)."""

    project_id: ProjectId
    model: BilledModel
    day: Answers
    month: Answers
