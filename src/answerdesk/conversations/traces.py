"""The record of how an answer came about, as its owner reads it.

Answering and the actions write it (`Trace`), and it is stored as it was written. So the record of
an earlier version has fewer fields: what it lacks is not there. What it has besides, or in another
form, stays readable.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

_MOST_REPAIRS: Final = 5
"""Rounds of leaving out what cannot be read; each goes deeper into what is left."""


class _Part(BaseModel):
    """A part of the record, with what was stored and nothing else."""

    model_config = ConfigDict(extra="allow")

    @model_serializer(mode="wrap")
    def _as_stored(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = write(self)
        return {name: value for name, value in told.items() if name in self.model_fields_set}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        # The serializer would be described as any object.
        return handler(_without_serializer(core_schema))


def _without_serializer(schema: Any) -> Any:  # noqa: ANN401  # A union of a hundred types.
    plain = {name: value for name, value in schema.items() if name != "serialization"}
    if isinstance(plain.get("schema"), dict):
        plain["schema"] = _without_serializer(plain["schema"])
    return plain


class CandidateTrace(_Part):
    """A passage that was considered, with what speaks for it."""

    chunk: str = Field(default="", description="The passage's id.")
    document: str = Field(default="", description="The path of its document.")
    title: str = Field(default="", description="Its document's title, and its section's.")
    score: float = Field(
        default=0.0, description="By which the candidates are ordered: log odds of an answer."
    )
    bm25: float = Field(default=0.0, description="How well the words match, 0 to 1.")
    similarity: float = Field(
        default=0.0, description="How near the meaning is: the cosine of the nearest sentence."
    )
    reranker: float | None = Field(
        default=None, description="The score of a reranking service, if one was asked."
    )
    chosen: bool = Field(default=False, description="The answer without a model is from here.")


class CallTrace(_Part):
    """A call of an action that a model asked for."""

    tool: str = Field(default="", description="What the model calls the action.")
    verdict: str = Field(
        default="",
        description="`called`, `failed`, `refused` (wrong, so not called), `log_in` (only for "
        "visitors who are logged in), `too_often`, or `would_call` (in the playground, which calls "
        "nothing).",
    )
    result: str = Field(default="", description="What the model was told.")
    action: str | None = Field(default=None, description="The action's id, if there is one.")
    arguments: dict[str, Any] | None = Field(default=None, description="The values that were sent.")
    call: str | None = Field(default=None, description="The id of the call in the action's log.")
    milliseconds: float | None = Field(default=None, description="How long the call took.")
    error: str | None = Field(default=None, description="Why the call failed.")


class ToolCallTrace(_Part):
    """A call as it stands in the conversation with a model."""

    tool: str = Field(default="", description="What the model calls the action.")
    arguments: str = Field(default="", description="The values, as JSON in a text.")


class TurnOfPrompt(_Part):
    """A message of what a model was asked."""

    role: str = Field(default="", description="`system`, `user`, `assistant` or `tool`.")
    text: str = Field(default="", description="What it says.")
    calls: list[ToolCallTrace] = Field(default=[], description="What the model asked to call.")


class VerdictTrace(_Part):
    """What the passages say of a sentence of a model's answer."""

    sentence: str = Field(default="", description="The sentence, without numbers of sources.")
    supported: bool | None = Field(
        default=None, description="Whether a passage says it; null if it claims nothing."
    )
    passages: list[int] = Field(
        default=[], description="The passages that say it, by their place in `passages`, from 1."
    )
    score: float = Field(default=0.0, description="The probability that they say it, 0 to 1.")
    reason: str | None = Field(
        default=None,
        description="What speaks against it: `number`, `name`, `negation`, `opposite` or `unsaid`.",
    )
    actions: list[str] = Field(default=[], description="The actions whose results say it.")


class GenerationTrace(_Part):
    """How a model wrote the answer."""

    model: str | None = Field(
        default=None, description="The model that began to answer, as its provider names it."
    )
    attempts: int | None = Field(default=None, description="How often models were asked.")
    failed: str | None = Field(
        default=None,
        description="Why there is no answer of a model's; `spending_cap` if a cap left no room.",
    )
    first_token_milliseconds: float | None = Field(
        default=None, description="When the model began to answer."
    )
    milliseconds: float | None = Field(default=None, description="How long the model's part took.")
    input_tokens: int | None = Field(default=None, description="Tokens that were sent.")
    output_tokens: int | None = Field(default=None, description="Tokens that came back.")
    tokens_estimated: bool = Field(default=False, description="The provider didn't count them.")
    cost: str | None = Field(
        default=None, description='What it cost, such as "0.001200 USD"; null without a price.'
    )
    reason: str | None = Field(default=None, description="Why the model stopped.")
    no_answer: bool = Field(
        default=False, description="The model said that the passages hold no answer."
    )
    verification: str | None = Field(
        default=None, description="The agent's `verification`: `mark`, `remove` or `off`."
    )
    knowledge: str | None = Field(
        default=None, description="The agent's `knowledge`: `strict` or `open`."
    )
    prompt: list[TurnOfPrompt] = Field(default=[], description="What the model was asked last.")
    passages: list[str] = Field(
        default=[], description="The ids of the passages that it was given, in their order."
    )
    verdicts: list[VerdictTrace] = Field(
        default=[], description="Its sentences, and whether the passages say them."
    )
    tools: list[str] = Field(default=[], description="The actions that it could call.")
    calls: list[CallTrace] = Field(default=[], description="The calls that it asked for.")
    calls_ignored: int = Field(default=0, description="Calls that were too many or too late.")


class TraceOut(_Part):
    """How an answer came about; an action's has only the last five fields.

    What an answer's record doesn't have is left out: older records have fewer fields. Its fields
    may grow.
    """

    rewritten: str | None = Field(
        default=None, description="The question as it was looked for, so that it stands alone."
    )
    language: str | None = Field(
        default=None, description="The question's language (ISO 639-1), `und` if unknown."
    )
    terms: list[str] = Field(default=[], description="The words that were looked up, as stems.")
    corrections: dict[str, str] = Field(
        default={}, description="Mistyped words, and what each was read as."
    )
    synonyms: dict[str, list[str]] = Field(
        default={}, description="Words of the question, and what else each was looked up as."
    )
    halves: list[str] = Field(
        default=[], description="The two questions whose answers were combined."
    )
    queries: list[str] = Field(default=[], description="What was searched for.")
    milliseconds: float | None = Field(
        default=None, description="How long finding the answer took; for an action, its call."
    )
    stages: dict[str, float] = Field(
        default={},
        description="Milliseconds of each stage: `rewrite`, `retrieve`, `rerank`, `decide`, "
        "`generate`, `verify`.",
    )
    candidates: list[CandidateTrace] = Field(
        default=[], description="The best ten passages, best first."
    )
    generation: GenerationTrace | None = Field(
        default=None, description="How a model wrote the answer; missing if none was asked."
    )
    action: str | None = Field(default=None, description="The id of the action that answered.")
    step: str | None = Field(
        default=None,
        description="`call`, `ask` (the visitor was asked for a value) or `log_in` (the visitor "
        "was told to log in).",
    )
    call: str | None = Field(default=None, description="The id of the call in the action's log.")
    error: str | None = Field(default=None, description="Why the action's call failed.")

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Read a record of any version; what is of another form than today's is left out."""
        told: Any = dict(stored)
        for _ in range(_MOST_REPAIRS):
            try:
                return cls.model_validate(told)
            except ValidationError as error:
                # From the end, so that the places of those before stay right.
                for one in reversed(error.errors(include_url=False, include_input=False)):
                    told = _without(told, one["loc"])
        return cls()


def _without(told: Any, place: Sequence[str | int]) -> Any:  # noqa: ANN401  # Any JSON.
    """Return JSON without the field, or the item of a list, that is at a place."""
    first, *rest = place
    if isinstance(told, list) and isinstance(first, int) and first < len(told):
        kept = [_without(told[first], rest)] if rest else []
        return [*told[:first], *kept, *told[first + 1 :]]
    if isinstance(told, dict) and first in told:
        if rest and isinstance(told[first], dict | list):
            return {**told, first: _without(told[first], rest)}
        return {name: value for name, value in told.items() if name != first}
    return told
