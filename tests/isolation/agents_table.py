"""The routes of agents: contexts, language models and actions, too."""

from typing import Any

from tests.isolation.estate import Holding
from tests.isolation.route import Route, named, nothing, reads, writes

_PROJECT = "/v1/projects/{project_id}"


def planted_context(_: Holding) -> dict[str, Any]:
    return {"name": "Planted", "text": "Planted by somebody else."}


def _native_action(_: Holding) -> dict[str, Any]:
    return {"name": "Planted", "url": "https://planted.example", "enabled": False}


def _language_model(held: Holding) -> dict[str, Any]:
    # At an address that is refused without a look at the network.
    at = {"provider": "compatible", "url": "http://127.0.0.1:9/v1", "model": "x"}
    return {**at, "name": "Somebody else's", "project_id": held.ids["project"]}


def _question(_: Holding) -> dict[str, Any]:
    return {"question": "Planted by somebody else?", "model_id": None}


AGENTS: dict[tuple[str, str], Route] = {
    ("GET", f"{_PROJECT}/agents"): reads("agents", lists=True),
    ("POST", f"{_PROJECT}/agents"): writes("agents", named),
    ("GET", f"{_PROJECT}/agents/{{agent_id}}"): reads("agents"),
    ("PATCH", f"{_PROJECT}/agents/{{agent_id}}"): writes("agents", named),
    ("DELETE", f"{_PROJECT}/agents/{{agent_id}}"): writes("agents"),
    ("POST", f"{_PROJECT}/agents/{{agent_id}}/activate"): writes("agents", nothing),
    ("POST", f"{_PROJECT}/playground"): writes("agents", _question),
    ("GET", f"{_PROJECT}/contexts"): reads("agents", lists=True),
    ("POST", f"{_PROJECT}/contexts"): writes("agents", planted_context),
    ("GET", f"{_PROJECT}/contexts/{{context_id}}"): reads("agents"),
    ("PUT", f"{_PROJECT}/contexts/{{context_id}}"): writes("agents", planted_context),
    ("DELETE", f"{_PROJECT}/contexts/{{context_id}}"): writes("agents"),
    ("GET", "/v1/language-models"): reads("agents", lists=True),
    ("POST", "/v1/language-models"): writes("agents", _language_model),
    ("GET", "/v1/language-models/nearby"): reads("agents"),
    ("GET", "/v1/language-models/usage"): reads("agents"),
    ("GET", "/v1/language-models/{model_id}"): reads("agents"),
    ("PATCH", "/v1/language-models/{model_id}"): writes("agents", named),
    ("DELETE", "/v1/language-models/{model_id}"): writes("agents"),
    ("POST", "/v1/language-models/{model_id}/test"): writes("agents", nothing),
    ("GET", f"{_PROJECT}/actions"): reads("agents", lists=True),
    ("POST", f"{_PROJECT}/actions"): writes("agents", _native_action),
    ("GET", "/v1/actions/{action_id}"): reads("agents"),
    ("PATCH", "/v1/actions/{action_id}"): writes("agents", named),
    ("DELETE", "/v1/actions/{action_id}"): writes("agents"),
    ("POST", "/v1/actions/{action_id}/test"): writes("agents", nothing),
    ("GET", "/v1/actions/{action_id}/calls"): reads("agents", lists=True),
}
