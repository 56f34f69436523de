"""Every route that the application has, and what may be expected of it.

A route that is not here fails a test, so that nobody adds one without saying who may call it.
"""

from secrets import token_hex
from typing import Any

from answerdesk.core.dialects import DIALECTS
from answerdesk.entrypoints.pages.moved import MOVED, OF_A_PROJECT
from tests.isolation.agents_table import AGENTS, planted_context
from tests.isolation.estate import Holding
from tests.isolation.inbox_table import INBOX
from tests.isolation.route import Route, named, nothing, nowhere, reads, writes


def _titled(_: Holding) -> dict[str, Any]:
    return {"title": f"Planted {token_hex(6)}?", "content": "Planted."}


def _scored(_: Holding) -> dict[str, Any]:
    return {"score": 1}


def _numbered(_: Holding) -> dict[str, Any]:
    return {"id": "1"}


def _synonyms(_: Holding) -> dict[str, Any]:
    return {"terms": ["planted", "sown"]}


def _webhook(held: Holding) -> dict[str, Any]:
    return {"url": "http://127.0.0.1:9/planted", "project_id": held.ids["project"]}


def _action(held: Holding) -> dict[str, Any]:
    fields = {"name": "Planted", "url": "https://planted.example", "enabled": False}
    return {**fields, "project_id": held.ids["project"]}


def _named_action(held: Holding) -> dict[str, Any]:
    return {"id": held.ids["action"]}


def _said(_: Holding) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": "Hello?"}]}


_PROJECT = "/v1/projects/{project_id}"
_ITEM_DRAFT = f"{_PROJECT}/item-drafts/{{draft_id}}"
_OF_ITEM_DRAFT = {"draft_id": "item_draft"}
_WIDGET_KEY = {"key_id": "widget_key"}
_WEBSITE = {"source_id": "website"}
_SYNCS = f"{_PROJECT}/sources/{{source_id}}/syncs"
_WEBHOOK = "/v1/webhooks/{webhook_id}"
_NOVARO = "/novaro/api/v1"
_OF_NORAS = {"widget_key": "noras_widget"}
_NOVACHAT = "/novachat/nc-api/v1"
_NUMBERED = {
    **{f"{name}_id": f"{name}_number" for name in ("conversation", "domain", "item", "key")},
}
_PAGES = (
    *("/", "/signup", "/login", "/forgotten", "/reset", "/confirm-email", "/invitation"),
    *("/app", "/app/{path:path}"),
    # Where pages were that the dashboard has replaced.
    *(*MOVED, *OF_A_PROJECT, "/answers"),
    *("/developers/docs", "/scalar", *(f"/{one}/scalar" for one in DIALECTS)),
)

ROUTES: dict[tuple[str, str], Route] = {
    **AGENTS,
    **INBOX,
    # Projects
    ("GET", "/v1/projects"): reads("projects", lists=True),
    ("POST", "/v1/projects"): writes("projects", named),
    ("GET", _PROJECT): reads("projects"),
    ("PATCH", _PROJECT): writes("projects", named),
    ("DELETE", _PROJECT): writes("projects"),
    ("GET", f"{_PROJECT}/availability"): reads("projects"),
    ("GET", f"{_PROJECT}/widget-keys"): reads("projects", lists=True),
    ("POST", f"{_PROJECT}/widget-keys"): writes("projects", named),
    ("DELETE", f"{_PROJECT}/widget-keys/{{key_id}}"): writes("projects", ids=_WIDGET_KEY),
    ("GET", f"{_PROJECT}/identity-secret"): reads("projects"),
    ("POST", f"{_PROJECT}/identity-secret"): writes("projects", nothing),
    ("DELETE", f"{_PROJECT}/identity-secret"): writes("projects"),
    ("GET", f"{_PROJECT}/domains"): reads("projects", lists=True),
    ("POST", f"{_PROJECT}/domains"): writes(
        "projects", lambda _: {"website_url": "https://planted.example"}
    ),
    ("PATCH", f"{_PROJECT}/domains/{{domain_id}}"): writes(
        "projects", lambda _: {"label": "Somebody else's"}
    ),
    ("DELETE", f"{_PROJECT}/domains/{{domain_id}}"): writes("projects"),
    # Privacy
    ("POST", f"{_PROJECT}/erasures"): writes("privacy", lambda _: {"identity": "nobody"}),
    ("GET", f"{_PROJECT}/erasures"): reads("privacy", lists=True),
    ("GET", f"{_PROJECT}/erasures/{{erasure_id}}"): reads("privacy"),
    ("POST", f"{_PROJECT}/exports"): writes("privacy", lambda _: {"identity": "nobody"}),
    # Delayed replies
    ("POST", f"{_PROJECT}/agents/{{agent_id}}/replies"): writes("agents", _said),
    ("GET", "/v1/delayed-replies/{reply_id}"): reads("agents"),
    ("DELETE", "/v1/delayed-replies/{reply_id}"): writes("agents"),
    # Knowledge
    ("GET", f"{_PROJECT}/synonyms"): reads("knowledge", lists=True),
    ("POST", f"{_PROJECT}/synonyms"): writes("knowledge", _synonyms),
    ("GET", f"{_PROJECT}/synonyms/{{synonyms_id}}"): reads("knowledge"),
    ("PUT", f"{_PROJECT}/synonyms/{{synonyms_id}}"): writes("knowledge", _synonyms),
    ("DELETE", f"{_PROJECT}/synonyms/{{synonyms_id}}"): writes("knowledge"),
    ("POST", f"{_PROJECT}/texts"): writes(
        "knowledge", lambda _: {"title": "Planted", "content": "Planted by somebody else."}
    ),
    ("POST", f"{_PROJECT}/items"): writes(
        "knowledge", lambda _: {"question": "Planted?", "answer": "Planted."}
    ),
    ("GET", f"{_PROJECT}/items"): reads("knowledge", lists=True),
    ("POST", f"{_PROJECT}/items/import"): writes(
        "knowledge", lambda _: {"items": [{"question": "Planted?", "answer": "Many times."}]}
    ),
    ("GET", f"{_PROJECT}/items/categories"): reads("knowledge", lists=True),
    ("GET", f"{_PROJECT}/items/export"): reads("knowledge"),
    ("GET", f"{_PROJECT}/items/{{item_id}}"): reads("knowledge"),
    ("PUT", f"{_PROJECT}/items/{{item_id}}"): writes(
        "knowledge", lambda _: {"question": "Changed?", "answer": "Changed."}
    ),
    ("DELETE", f"{_PROJECT}/items/{{item_id}}"): writes("knowledge"),
    ("POST", f"{_PROJECT}/files"): writes("knowledge"),
    ("GET", f"{_PROJECT}/sources"): reads("knowledge", lists=True),
    ("GET", f"{_PROJECT}/sources/{{source_id}}"): reads("knowledge"),
    ("DELETE", f"{_PROJECT}/sources/{{source_id}}"): writes("knowledge"),
    ("GET", f"{_PROJECT}/sources/{{source_id}}/documents"): reads("knowledge", lists=True),
    # Websites as sources
    ("POST", f"{_PROJECT}/sources"): writes(
        "knowledge", lambda _: {"kind": "page", "url": "http://127.0.0.1/planted"}
    ),
    ("PATCH", f"{_PROJECT}/sources/{{source_id}}"): writes("knowledge", named, _WEBSITE),
    ("POST", f"{_SYNCS}"): writes("knowledge", nothing, _WEBSITE),
    ("GET", f"{_SYNCS}"): reads("knowledge", lists=True, ids=_WEBSITE),
    ("GET", f"{_SYNCS}/{{sync_id}}"): reads("knowledge", ids=_WEBSITE),
    ("POST", f"{_SYNCS}/{{sync_id}}/cancel"): writes("knowledge", nothing, _WEBSITE),
    ("GET", f"{_SYNCS}/{{sync_id}}/changes"): reads("knowledge", lists=True, ids=_WEBSITE),
    ("GET", f"{_SYNCS}/{{sync_id}}/progress"): reads("knowledge", ids=_WEBSITE),
    ("GET", f"{_PROJECT}/sources/{{source_id}}/changes"): Route(
        "scope",
        "knowledge:read",
        query=lambda held: {"since": held.ids["sync"]},
        ids=_WEBSITE,
        lists=True,
    ),
    ("GET", f"{_PROJECT}/sources/{{source_id}}/pages"): reads(
        "knowledge", lists=True, ids=_WEBSITE
    ),
    ("GET", f"{_PROJECT}/pages"): reads("knowledge", lists=True),
    ("GET", f"{_PROJECT}/pages/{{page_id}}"): reads("knowledge"),
    ("POST", f"{_PROJECT}/pages/{{page_id}}/retry"): writes("knowledge", nothing),
    # What visitors asked is shown there: both scopes are needed, as every role has both.
    ("GET", f"{_PROJECT}/documents/{{document_id}}/answers"): reads("conversations", lists=True),
    ("GET", f"{_PROJECT}/pages/{{page_id}}/answers"): reads("conversations", lists=True),
    ("GET", f"{_PROJECT}/documents"): reads("knowledge", lists=True),
    ("GET", f"{_PROJECT}/documents/{{document_id}}/passages"): reads("knowledge", lists=True),
    ("GET", f"{_PROJECT}/documents/{{document_id}}"): reads("knowledge"),
    ("DELETE", f"{_PROJECT}/documents/{{document_id}}"): writes("knowledge"),
    ("GET", f"{_PROJECT}/embedding"): reads("knowledge"),
    ("POST", f"{_PROJECT}/embedding/change"): writes("knowledge", lambda _: {"space": "fake:2"}),
    ("POST", f"{_PROJECT}/embedding/cancel"): writes("knowledge", nothing),
    ("POST", f"{_PROJECT}/embedding/rollback"): writes("knowledge", nothing),
    ("DELETE", f"{_PROJECT}/embedding/previous"): writes("knowledge"),
    ("GET", f"{_PROJECT}/reading"): reads("knowledge"),
    ("POST", f"{_PROJECT}/reading/again"): writes("knowledge", nothing),
    ("POST", f"{_PROJECT}/reading/cancel"): writes("knowledge", nothing),
    ("GET", "/v1/passages/{project_id}/{passage_id}"): Route("id"),
    # What conversations teach; what visitors asked is shown there, so it takes both scopes to read
    ("POST", "/v1/conversations/{conversation_id}/item-drafts"): writes("conversations", nothing),
    ("GET", f"{_PROJECT}/item-drafts"): reads("knowledge", lists=True),
    ("GET", _ITEM_DRAFT): reads("knowledge", ids=_OF_ITEM_DRAFT),
    ("PATCH", _ITEM_DRAFT): writes(
        "knowledge", lambda _: {"answer": "Somebody else's."}, _OF_ITEM_DRAFT
    ),
    ("POST", f"{_ITEM_DRAFT}/approve"): writes("knowledge", nothing, _OF_ITEM_DRAFT),
    ("POST", f"{_ITEM_DRAFT}/reject"): writes("knowledge", nothing, _OF_ITEM_DRAFT),
    ("GET", f"{_PROJECT}/overview"): reads("conversations"),
    ("GET", f"{_PROJECT}/open-questions"): reads("knowledge", lists=True),
    ("POST", f"{_PROJECT}/open-questions/{{question_id}}/answer"): writes(
        "knowledge", lambda _: {"answer": "Somebody else's."}
    ),
    ("POST", f"{_PROJECT}/open-questions/{{question_id}}/dismiss"): writes("knowledge", nothing),
    # Conversations and leads, for their owner
    ("GET", f"{_PROJECT}/conversations"): reads("conversations", lists=True),
    ("GET", "/v1/conversations/{conversation_id}"): reads("conversations"),
    ("GET", "/v1/conversations/{conversation_id}/messages/{message_id}/trace"): reads(
        "conversations"
    ),
    ("GET", f"{_PROJECT}/leads"): reads("leads", lists=True),
    ("POST", f"{_PROJECT}/leads"): writes("leads", lambda _: {"email": "planted@example.com"}),
    ("GET", f"{_PROJECT}/leads/export"): reads("leads"),
    ("GET", f"{_PROJECT}/leads/{{lead_id}}"): reads("leads"),
    ("DELETE", f"{_PROJECT}/leads/{{lead_id}}"): writes("leads"),
    # Webhooks and events
    ("GET", "/v1/webhooks"): reads("webhooks", lists=True),
    ("POST", "/v1/webhooks"): writes("webhooks", _webhook),
    ("GET", _WEBHOOK): reads("webhooks"),
    ("PATCH", _WEBHOOK): writes("webhooks", lambda _: {"description": "Somebody else's"}),
    ("DELETE", _WEBHOOK): writes("webhooks"),
    ("POST", f"{_WEBHOOK}/enable"): writes("webhooks", nothing),
    ("POST", f"{_WEBHOOK}/rotate-secret"): writes("webhooks", nothing),
    ("POST", f"{_WEBHOOK}/secret"): writes("webhooks", lambda _: {"password": "not theirs"}),
    ("POST", f"{_WEBHOOK}/test"): writes("webhooks", nothing),
    ("GET", f"{_WEBHOOK}/deliveries"): reads("webhooks", lists=True),
    ("GET", f"{_WEBHOOK}/deliveries/{{delivery_id}}"): reads("webhooks"),
    ("POST", f"{_WEBHOOK}/deliveries/{{delivery_id}}/replay"): writes("webhooks", nothing),
    ("POST", f"{_WEBHOOK}/replay"): writes("webhooks", lambda _: {"since": "2020-01-01T00:00Z"}),
    ("GET", "/v1/events"): reads("webhooks"),
    ("GET", "/v1/event-types"): reads("webhooks"),
    # Keys, the log, limits
    ("GET", "/v1/api-keys"): reads("keys", lists=True),
    ("POST", "/v1/api-keys"): writes(
        "keys",
        lambda held: {"name": "n", "scopes": ["read"], "project_ids": [held.ids["project"]]},
    ),
    ("DELETE", "/v1/api-keys/{key_id}"): writes("keys", ids={"key_id": "key"}),
    ("GET", "/v1/audit-log"): reads("audit", lists=True),
    ("GET", "/v1/account/usage"): reads("account"),
    # People and accounts
    ("GET", "/v1/account"): reads("account"),
    ("PATCH", "/v1/account"): writes("account", named),
    ("GET", "/v1/members"): reads("members", lists=True),
    ("GET", "/v1/members/{member_id}"): reads("members"),
    ("PATCH", "/v1/members/{member_id}"): writes("members", lambda _: {"role": "agent"}),
    ("DELETE", "/v1/members/{member_id}"): writes("members"),
    ("GET", "/v1/invitations"): reads("members", lists=True),
    ("GET", "/v1/invitations/{invitation_id}"): reads("members"),
    ("POST", "/v1/invitations"): writes(
        "members", lambda _: {"email": f"{token_hex(6)}@example.com", "role": "viewer"}
    ),
    ("DELETE", "/v1/invitations/{invitation_id}"): writes("members"),
    ("GET", "/v1/me"): Route("person"),
    ("PATCH", "/v1/me"): Route("person", body=named),
    ("POST", "/v1/me/email-change"): Route(
        "person",
        body=lambda _: {
            "email": f"{token_hex(6)}@example.com",
            "current_password": "not the password at all",
        },
    ),
    ("POST", "/v1/me/email-change/letter"): Route("person"),
    ("DELETE", "/v1/me/email-change"): Route("person"),
    ("POST", "/v1/auth/switch"): Route(
        "person", body=lambda held: {"account_id": held.ids["account"]}
    ),
    ("POST", "/v1/auth/password"): Route(
        "person",
        body=lambda _: {
            "current_password": "not the password at all",
            "new_password": "nor is this one it",
        },
    ),
    # Visitors
    ("POST", "/v1/visitor/chat"): Route(
        "visitor",
        body=lambda held: {"message": "And now?", "conversation_id": held.ids["conversation"]},
    ),
    ("GET", "/v1/visitor/conversations"): Route("visitor", lists=True),
    ("GET", "/v1/visitor/conversations/{conversation_id}/messages"): Route("visitor"),
    ("POST", "/v1/visitor/conversations/{conversation_id}/feedback"): Route(
        "visitor", body=lambda held: {"message_id": held.ids["message"], "rating": "negative"}
    ),
    ("POST", "/v1/visitor/conversations/{conversation_id}/rating"): Route("visitor", body=_scored),
    ("GET", "/v1/visitor/conversations/{conversation_id}/stream"): Route("visitor", query=nowhere),
    ("POST", "/v1/visitor/conversations/{conversation_id}/typing"): Route("visitor"),
    ("POST", "/v1/visitor/conversations/{conversation_id}/lead"): Route(
        "visitor", body=lambda _: {"email": "ann@example.com"}
    ),
    ("POST", "/v1/visitor/conversations/{conversation_id}/escalate"): Route(
        "visitor", body=nothing
    ),
    # Orac's widget tier: the ids are the credential, by its contract
    ("POST", "/orac/api/chat"): Route(
        "id",
        body=lambda held: {
            "project_id": held.ids["project"],
            "message": "Hello?",
            "conversation_id": held.ids["conversation"],
        },
    ),
    ("GET", "/orac/api/widget/config"): Route("id", query=lambda held: {"id": held.ids["project"]}),
    ("GET", "/orac/api/widget/messages"): Route(
        "id", query=lambda held: {"conversationId": held.ids["conversation"]}
    ),
    ("POST", "/orac/api/widget/feedback"): Route(
        "id", body=lambda held: {"message_id": held.ids["message"], "rating": "positive"}
    ),
    ("POST", "/orac/api/widget/escalate"): Route(
        "id", body=lambda held: {"conversation_id": held.ids["conversation"]}
    ),
    # Novaro
    ("GET", f"{_NOVARO}/auth/verify"): reads("agents"),
    ("POST", f"{_NOVARO}/messages"): Route(
        "scope",
        "agents:read",
        body=lambda held: {
            **_said(held),
            "agentId": held.ids["agent"],
        },
    ),
    ("POST", f"{_NOVARO}/messages/async"): writes(
        "agents",
        lambda held: {
            **_said(held),
            "agentId": held.ids["agent"],
            "webhookId": held.ids["novaro_webhook"],
            "reference": "planted",
        },
    ),
    ("GET", f"{_NOVARO}/messages/async/{{reply_id}}"): reads("agents"),
    ("DELETE", f"{_NOVARO}/messages/async/{{reply_id}}"): writes("agents"),
    ("GET", f"{_NOVARO}/webhooks"): reads("webhooks"),
    ("POST", f"{_NOVARO}/webhooks"): writes(
        "webhooks",
        lambda held: {
            "url": "http://127.0.0.1:9/planted",
            "projectId": held.ids["project"],
        },
    ),
    ("GET", f"{_NOVARO}/agents"): reads("agents"),
    ("POST", f"{_NOVARO}/agents"): writes("agents", named),
    ("POST", f"{_NOVARO}/agents/batch"): writes("agents", lambda held: {"agents": [named(held)]}),
    ("GET", f"{_NOVARO}/agents/{{agent_id}}"): reads("agents"),
    ("PUT", f"{_NOVARO}/agents/{{agent_id}}"): writes("agents", named),
    ("DELETE", f"{_NOVARO}/agents/{{agent_id}}"): writes("agents"),
    ("GET", f"{_NOVARO}/contexts"): reads("agents"),
    ("POST", f"{_NOVARO}/contexts"): writes("agents", planted_context),
    ("GET", f"{_NOVARO}/contexts/{{context_id}}"): reads("agents"),
    ("PUT", f"{_NOVARO}/contexts/{{context_id}}"): writes("agents", planted_context),
    ("DELETE", f"{_NOVARO}/contexts/{{context_id}}"): writes("agents"),
    # Chatorex
    ("POST", "/chatorex/api/chat"): writes(
        "conversations",
        lambda held: {"chatbot_id": held.ids["project"], "message": "Hello?"},
    ),
    ("GET", "/chatorex/api/sources"): reads("knowledge"),
    ("POST", "/chatorex/api/sources"): writes(
        "knowledge",
        lambda held: {
            "chatbot_id": held.ids["project"],
            "type": "text",
            "title": "Planted",
            "content": "Planted by somebody else.",
        },
    ),
    ("DELETE", "/chatorex/api/sources"): Route(
        "scope", "knowledge:write", query=lambda held: {"id": held.ids["source"]}
    ),
    ("GET", "/chatorex/api/leads"): reads("leads"),
    ("GET", "/chatorex/api/widget-config"): Route(
        "scope", "projects:read", query=lambda held: {"chatbot_id": held.ids["project"]}
    ),
    ("GET", "/chatorex/api/widget-settings"): Route(
        "scope", "projects:read", query=lambda held: {"chatbot_id": held.ids["project"]}
    ),
    ("PUT", "/chatorex/api/widget-settings"): writes(
        "projects", lambda held: {"chatbot_id": held.ids["project"], "welcome_message": "Planted"}
    ),
    # Noras
    ("POST", "/noras/api/chat"): writes(
        "conversations",
        lambda held: {
            "widget_key": held.ids["noras_widget"],
            "message": "Hello?",
            "user_code": "planted",
        },
    ),
    ("GET", "/noras/api/conversations/{widget_key}"): reads("conversations", ids=_OF_NORAS),
    ("GET", "/noras/api/widgets"): reads("projects"),
    ("GET", "/noras/api/widgets/{widget_key}"): reads("projects", ids=_OF_NORAS),
    ("PUT", "/noras/api/widgets/{widget_key}"): writes("projects", named, ids=_OF_NORAS),
    ("PATCH", "/noras/api/widgets/{widget_key}"): writes("projects", named, ids=_OF_NORAS),
    ("GET", "/noras/api/analytics"): reads("conversations"),
    ("GET", "/noras/api/analytics/{widget_key}"): reads("conversations", ids=_OF_NORAS),
    # Orac's programmatic tier
    ("GET", "/orac/api/projects"): reads("projects"),
    ("POST", "/orac/api/projects"): writes("projects", named),
    ("GET", "/orac/api/sources"): reads("knowledge"),
    ("POST", "/orac/api/sources"): writes(
        "knowledge",
        lambda held: {
            "project_id": held.ids["project"],
            "type": "text",
            "title": "Planted",
            "content": "Planted by somebody else.",
        },
    ),
    ("DELETE", "/orac/api/sources"): Route(
        "scope", "knowledge:write", query=lambda held: {"id": held.ids["source"]}
    ),
    ("GET", "/orac/api/conversations"): reads("conversations"),
    ("GET", "/orac/api/conversations/{conversation_id}"): reads("conversations"),
    ("GET", "/orac/api/leads"): reads("leads"),
    ("POST", "/orac/api/leads"): writes(
        "leads",
        lambda held: {"project_id": held.ids["project"], "email": "planted@example.com"},
    ),
    ("GET", "/orac/api/analytics"): reads("conversations"),
    ("GET", "/orac/api/actions"): reads("agents"),
    ("POST", "/orac/api/actions"): writes("agents", _action),
    ("PUT", "/orac/api/actions"): Route("scope", "agents:write", named, _named_action),
    ("DELETE", "/orac/api/actions"): Route("scope", "agents:write", query=_named_action),
    ("POST", "/orac/api/actions/test"): Route("scope", "agents:write", nothing, _named_action),
    ("GET", "/progress/{project_id}"): Route("id"),
    ("GET", "/passages/{project_id}/{passage_id}"): Route("id"),
    ("GET", "/embed"): Route("id", query=lambda held: {"project": held.ids["project"]}),
    ("GET", "/embed/look.js"): Route("id", query=lambda held: {"project": held.ids["project"]}),
    ("GET", "/widget/test"): Route("id", query=lambda held: {"project": held.ids["project"]}),
    ("POST", "/embed/preview/{project_id}"): Route("scope", "projects:read", nothing),
    # What shows nothing of anybody's, or takes a secret of its own in the body
    ("POST", "/v1/visitor/session"): Route("none"),
    ("POST", "/visits/{project_id}"): Route("none"),
    ("GET", "/v1/installation"): Route("none"),
    ("POST", "/v1/auth/signup"): Route("none"),
    ("POST", "/v1/auth/login"): Route("none"),
    ("POST", "/v1/auth/refresh"): Route("none"),
    ("POST", "/v1/auth/logout"): Route("none"),
    ("POST", "/v1/auth/reset-request"): Route("none"),
    ("POST", "/v1/auth/reset"): Route("none"),
    ("POST", "/v1/auth/confirm-email"): Route("none"),
    ("POST", "/v1/auth/accept-invitation"): Route("none"),
    ("POST", "/v1/auth/invitation"): Route("none"),
    ("GET", "/scalar/scalar.js"): Route("none"),
    ("GET", "/widget.js"): Route("none"),
    ("GET", "/embed/frame.js"): Route("none"),
    ("GET", "/embed/frame.css"): Route("none"),
    ("GET", "/embed/preview"): Route("none"),
    ("GET", "/embed/texts"): Route("none"),
    ("GET", "/nova-widget-sdk-v2.js"): Route("none"),
    ("GET", "/novachat/widget.js"): Route("none"),
    ("GET", "/novachat/nova-widget-sdk-v2.js"): Route("none"),
    ("GET", "/openapi.json"): Route("none"),
    ("GET", "/chatorex/openapi.json"): Route("none"),
    ("GET", "/noras/openapi.json"): Route("none"),
    ("GET", "/orac/openapi.json"): Route("none"),
    ("GET", "/novaro/openapi.json"): Route("none"),
    # Nova Chat
    ("GET", f"{_NOVACHAT}/account/status"): reads("projects"),
    ("POST", f"{_NOVACHAT}/account/bind-domain"): writes(
        "projects", lambda _: {"website_url": f"https://{token_hex(6)}.example"}
    ),
    ("GET", f"{_NOVACHAT}/account/domains"): reads("projects"),
    ("POST", f"{_NOVACHAT}/account/domains/{{domain_id}}/ai-config"): writes(
        "projects", lambda _: {"is_active": False}, _NUMBERED
    ),
    ("GET", f"{_NOVACHAT}/agents"): reads("agents"),
    ("POST", f"{_NOVACHAT}/agents"): writes("agents", lambda _: {"bot_name": "Planted"}),
    ("GET", f"{_NOVACHAT}/api-keys"): reads("keys"),
    ("POST", f"{_NOVACHAT}/api-keys"): writes("keys", named),
    ("DELETE", f"{_NOVACHAT}/api-keys"): Route("scope", "keys:write", query=_numbered),
    ("DELETE", f"{_NOVACHAT}/api-keys/{{key_id}}"): writes("keys", ids=_NUMBERED),
    ("GET", f"{_NOVACHAT}/knowledge_base/items"): reads("knowledge"),
    ("POST", f"{_NOVACHAT}/knowledge_base/items"): writes("knowledge", _titled),
    ("PUT", f"{_NOVACHAT}/knowledge_base/items"): Route(
        "scope", "knowledge:write", body=_titled, query=_numbered
    ),
    ("DELETE", f"{_NOVACHAT}/knowledge_base/items"): Route(
        "scope", "knowledge:write", query=_numbered
    ),
    ("GET", f"{_NOVACHAT}/knowledge_base/items/{{item_id}}"): reads("knowledge", ids=_NUMBERED),
    ("PUT", f"{_NOVACHAT}/knowledge_base/items/{{item_id}}"): writes(
        "knowledge", _titled, _NUMBERED
    ),
    ("DELETE", f"{_NOVACHAT}/knowledge_base/items/{{item_id}}"): writes("knowledge", ids=_NUMBERED),
    ("POST", f"{_NOVACHAT}/knowledge_base/items/import"): writes("knowledge", nothing),
    ("POST", f"{_NOVACHAT}/knowledge_base/import"): writes(
        "knowledge", lambda held: {"items": [_titled(held)]}
    ),
    ("POST", f"{_NOVACHAT}/agentic-rag/analyze"): writes(
        "conversations", lambda _: {"conversation_id": 1}
    ),
    ("GET", f"{_NOVACHAT}/conversations"): reads("conversations"),
    ("POST", f"{_NOVACHAT}/conversations"): writes(
        "conversations", lambda _: {"conversation_id": 1, "status": "resolved"}
    ),
    ("GET", f"{_NOVACHAT}/conversations/{{conversation_id}}"): reads(
        "conversations", ids=_NUMBERED
    ),
    ("GET", "/novachat/api/v1/sla/status"): reads("conversations"),
    ("POST", "/novachat/api/v1/widget/conversations"): Route("id"),
    ("POST", "/novachat/api/v1/widget/messages"): Route("id"),
    ("GET", "/novachat/api/v1/widget/messages"): Route("id"),
    ("POST", f"{_NOVACHAT}/accounts"): Route("none"),
    ("POST", f"{_NOVACHAT}/auth/login"): Route("none"),
    ("GET", "/novachat/openapi.json"): Route("none"),
    ("GET", "/healthz"): Route("none"),
    ("GET", "/readyz"): Route("none"),
    ("GET", "/assets"): Route("none"),
    # Built files, which are named by what is in them; an id is the name of none.
    ("GET", "/app/assets/{name}"): Route("none", ids={"name": "project"}),
    **{("GET", path): Route("none") for path in _PAGES},
}
