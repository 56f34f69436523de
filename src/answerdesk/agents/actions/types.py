"""What an action is, what is planned for a message, and what a call came to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import Field, field_validator, model_validator

from answerdesk.agents.actions.addresses import placeholders, require_address
from answerdesk.agents.actions.template import fields_of
from answerdesk.core.outbound import UrlRefused
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, ProjectId
from answerdesk.core.web.text import CleanText, FilledText, Matching
from answerdesk.projects.types import Strict

ACTION_PREFIX: Final = "action"
CALL_PREFIX: Final = "call"
CONVERSATION_PREFIX: Final = "conv"
"""Conversations are a higher slice; their ids are opaque values here."""

MOST_ACTIONS: Final = 50
"""Maximum actions of a project, whatever the plan: each message is compared with all of them."""
MOST_PARAMETERS: Final = 10
MOST_HEADERS: Final = 10
NAME_LENGTH: Final = 100
VALUE_LENGTH: Final = 200
"""Maximum length of a parameter's value, in code points."""
KEPT_DAYS: Final = 30
"""Days for which the log keeps a call."""

MOST_CALLS: Final = 10
WINDOW_SECONDS: Final = 60
"""At most so many calls in so many seconds for one visitor, and as many tests of one action."""

HttpMethod = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
ParameterType = Literal["string", "number", "boolean"]
Format = Literal["code", "date", "email"]
Value = str | int | float | bool

_NAME: Final = Matching(
    r"^[A-Za-z_][A-Za-z0-9_]{0,49}$",
    "has to begin with a letter and may have letters, digits and underscores, at most 50",
)
_UNBROKEN: Final = Matching(r"^\S{1,40}$", "has to have 1 to 40 characters and no spaces")
_SHAPES: Final = ("choices", "format", "prefix", "example")


class Parameter(Strict):
    """A value that an action needs, and how it is found in what a visitor writes.

    Numbers are found by themselves. A string is found by one of `choices`, `format`, `prefix` and
    `example`; without them, and for a boolean, the visitor is asked, and the next message is it.
    """

    name: Annotated[str, _NAME] = Field(examples=["order"])
    type: ParameterType = "string"
    description: Annotated[CleanText, Field(max_length=200)] = Field(
        default="", description="What a visitor is asked for, such as `your order number`."
    )
    required: bool = True
    choices: tuple[Annotated[FilledText, Field(max_length=100)], ...] = Field(
        default=(), max_length=50, description="The only values; one is found as whole words."
    )
    format: Format | None = Field(
        default=None,
        description="`code`: letters and digits with at least one digit; `date`: 2026-05-31 or "
        "31.5.2026; `email`: an e-mail address.",
    )
    prefix: Annotated[CleanText, _UNBROKEN] | None = Field(
        default=None,
        description="What the value begins with; a digit has to follow.",
        examples=["ORD-"],
    )
    example: Annotated[CleanText, _UNBROKEN] | None = Field(
        default=None,
        description="A value of the same form: letters stand for letters, digits for digits.",
        examples=["A-1234"],
    )

    @model_validator(mode="after")
    def _has_one_shape(self) -> Self:
        given = [name for name in _SHAPES if getattr(self, name)]
        if len(given) > 1:
            msg = f"can have only one of {', '.join(_SHAPES)}"
            raise ValueError(msg)
        if given and self.type != "string":
            msg = f"{given[0]} is for strings only"
            raise ValueError(msg)
        return self

    @property
    def wanted(self) -> str:
        """What a visitor is asked for."""
        said = self.description.strip().rstrip(".") or self.name.replace("_", " ")
        shown = ", ".join(self.choices[:6]) if self.choices else self.example
        return f"{said} ({shown})" if shown else said


class ActionSettings(Strict):
    """Everything about an action that its owner sets, except its name and its headers."""

    description: CleanText = Field(default="", max_length=1000)
    url: CleanText = Field(
        max_length=2000,
        description="A public address. `{parameter}` in its path or query stands for a value.",
        examples=["https://shop.example/orders/{order}"],
    )
    method: HttpMethod = "GET"
    parameters: tuple[Parameter, ...] = Field(
        default=(),
        max_length=MOST_PARAMETERS,
        description="Those that the address doesn't name are sent in the query (GET, DELETE) or "
        "as a JSON object in the body.",
    )
    triggers: tuple[Annotated[FilledText, Field(max_length=100)], ...] = Field(
        default=(),
        max_length=20,
        description="Words or phrases that call it. Without any it is never called by rule.",
    )
    answer: Annotated[FilledText, Field(max_length=2000)] | None = Field(
        default=None,
        description="What the visitor reads; `{customer.name}` stands for a field of the JSON "
        "response. Null: the response as plain text, or its fields.",
    )
    fallback: Annotated[FilledText, Field(max_length=1000)] | None = Field(
        default=None, description="What the visitor reads if the call fails."
    )
    needs_identity: bool = Field(
        default=False, description="Call it only for visitors whose identity is verified."
    )
    enabled: bool = True

    @field_validator("url")
    @classmethod
    def _fetchable(cls, url: str) -> str:
        try:
            return require_address(url)
        except UrlRefused as error:
            raise ValueError(error.message) from error

    @field_validator("answer")
    @classmethod
    def _readable(cls, answer: str | None) -> str | None:
        if answer is not None:
            fields_of(answer)
        return answer

    @model_validator(mode="after")
    def _fits(self) -> Self:
        names = [one.name for one in self.parameters]
        if len(set(names)) < len(names):
            msg = "two parameters have the same name"
            raise ValueError(msg)
        required = {one.name for one in self.parameters if one.required}
        for name in placeholders(self.url):
            if name not in names:
                msg = f"url names {{{name}}}, which is not among the parameters"
                raise ValueError(msg)
            if name not in required:
                msg = f"{name} is in the url, so it has to be required"
                raise ValueError(msg)
        return self


@dataclass(frozen=True, slots=True)
class Action:
    """An action of a project. `version` rises with every change."""

    account_id: AccountId
    id: UUID
    project_id: ProjectId
    name: str
    settings: ActionSettings
    header_names: tuple[str, ...]
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def only_reads(self) -> bool:
        """What changes something is never a model's to call."""
        return self.settings.method == "GET"


@dataclass(frozen=True, slots=True)
class OfferedAction:
    """An enabled action with triggers, as messages are compared with it."""

    id: UUID
    settings: ActionSettings


@dataclass(frozen=True, slots=True)
class OfferedActions:
    """A project's offered actions, oldest first; `version` rises when one of them changes."""

    version: int = 0
    actions: Sequence[OfferedAction] = ()


Step = Literal["call", "ask", "log_in"]
"""Call the action; ask the visitor for a parameter; tell the visitor to log in first."""


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """What to do for a message with an action: decided once, and stored on the message's turn.

    `parameters` were found so far. `asks` is the parameter that the visitor is asked for, `wanted`
    in words. `verified`: with this message the visitor proved to be whose conversation it is.
    """

    action_id: UUID
    step: Step
    parameters: Mapping[str, Value] = field(default_factory=dict)
    asks: str | None = None
    wanted: str = ""
    verified: bool = False

    def stored(self) -> dict[str, Any]:
        """Return what `read_planned` reads."""
        return {
            "action": str(self.action_id),
            "step": self.step,
            "parameters": dict(self.parameters),
            "asks": self.asks,
            "wanted": self.wanted,
            "verified": self.verified,
        }


def read_planned(stored: Mapping[str, Any] | None) -> PlannedAction | None:
    """Read a stored plan."""
    if stored is None:
        return None
    return PlannedAction(
        UUID(stored["action"]),
        stored["step"],
        stored["parameters"],
        stored["asks"],
        stored["wanted"],
        stored["verified"],
    )


@dataclass(frozen=True, slots=True)
class Errand:
    """A call to make. `key` is the same whenever the same call is made again.

    `subject` is the site's own id of the visitor, if the visitor has proved it. A test has neither
    conversation nor question. With `only_reads`, an action that may change something is not called.
    """

    project_id: ProjectId
    action_id: UUID
    parameters: Mapping[str, Value]
    key: str
    only_reads: bool = False
    subject: str | None = None
    conversation_id: ConversationId | None = None
    question_id: MessageId | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to: what the visitor reads, or (None) the `error` in words for the owner.

    `response` is the beginning of what came back.
    """

    text: str | None
    status: int | None
    milliseconds: int
    response: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """A call in the log. Without `milliseconds` it is being made, or a crash interrupted it.

    Personal data in `parameters` and `response` are replaced.
    """

    id: UUID
    conversation_id: ConversationId | None
    begun_at: datetime
    parameters: Mapping[str, Value]
    status: int | None
    milliseconds: int | None
    response: str | None
    error: str | None
