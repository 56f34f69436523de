"""What is used of which limit, on the wire."""

from typing import Self

from pydantic import BaseModel, Field

from answerdesk.accounts.limits.types import Usage


class UsageOut(BaseModel):
    """One metric of the plans file."""

    metric: str
    limit: int | None = Field(description="Null is no limit.")
    used: int | None = Field(description="Null where nothing limits and so nothing counts.")

    @classmethod
    def of(cls, usage: Usage) -> Self:
        """Write a metric as the outside sees it."""
        return cls(metric=usage.metric, limit=usage.limit, used=usage.used)


class AccountUsage(BaseModel):
    """The account's plan, and what is used of it."""

    plan: str
    features: dict[str, bool]
    things: list[UsageOut] = Field(description="What the account has; over the limit 403.")
    messages: list[UsageOut] = Field(description="Visitors' messages of this day and month (UTC).")
    requests: list[UsageOut] = Field(description="The caller's own; over the limit 429.")
