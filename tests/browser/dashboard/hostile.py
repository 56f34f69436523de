"""What others can fill in an account, overwritten with what has run elsewhere.

Each text begins with a picture that names its column. It shall be read and not seen, and so the
words of a page tell which columns it shows.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from playwright.async_api import Dialog, Page
from playwright.async_api import TimeoutError as WaitedInVain

from tests.browser.widget.payloads import ADDRESSES, MARKUP, RUN
from tests.conftest import Rows

_TEXTS: Final = {
    "account": ("name",),
    "action": ("name",),
    "action_call": ("response", "error"),
    "agent": ("name",),
    "api_key": ("name",),
    "app_user": ("name",),
    "audit_entry": ("actor_name", "action"),
    "canned_reply": ("shortcut", "title", "content"),
    "chunk": ("content",),
    "context": ("name", "text"),
    "conversation_tag": ("tag",),
    "document": ("title", "path", "error", "note"),
    "draft": ("content",),
    "feedback": ("reason",),
    "invitation": ("email",),
    "item": ("question", "answer", "category"),
    "item_draft": ("question", "answer", "category"),
    "lead": ("name", "phone", "message", "excerpt", "consent_text"),
    "message": ("content",),
    "note": ("content",),
    "page": ("title", "reason"),
    "project": ("name",),
    "satisfaction": ("comment",),
    "saved_view": ("name",),
    "source": ("name",),
    "sync_change": ("title", "reason"),
    "visitor": ("name", "email", "external_id"),
    "webhook_attempt": ("answer", "error"),
    "webhook_endpoint": ("description",),
    "widget_key": ("name",),
}
_LISTS: Final = {
    "chunk": ("heading_path",),
    "item": ("tags",),
    "item_draft": ("tags",),
    "synonym_group": ("terms",),
}
_ADDRESSES: Final = {
    "conversation": ("page_url",),
    "lead": ("page_url", "consent_page_url"),
    "document": ("url",),
    "page": ("url", "linked_from"),
    "sync_change": ("url",),
    "source": ("url",),
}
"""Columns of addresses, which get one that runs something."""

_READ: Final = {"chunk.content", "message.content", "note.content"}
"""Columns in which links, paragraphs or sentences are looked for: they get every payload."""

_WHOSE: Final = {
    "app_user.name": "id in (select user_id from membership where account_id = %s)",
    "message.blocks": "author = 'assistant' and account_id = %s",
}
_PICTURES: Final = 'img:not([src^="data:"]), #content script'
_SAYS: Final = """(words) => [
  document.title,
  document.body.textContent,
  ...Array.from(document.querySelectorAll("input, textarea"), ({value}) => value),
].some((one) => one.includes(words))"""


def overwrite(rows: Rows, account: str) -> None:
    """Write the payloads into everything that others can fill."""
    address = next(one for one in ADDRESSES if one.startswith("javascript:"))
    agreed = "update lead set consent_text = 'Yes', consented_at = now()"
    rows(f"{agreed} where account_id = %s returning 1", account)
    # Some have to differ from row to row.
    for column in _columns(_ADDRESSES):
        _put(rows, account, column, "%s || ctid", address)
    for column in _columns(_TEXTS):
        _put(rows, account, column, "%s || ctid", _text(column))
    for column in _columns(_LISTS):
        _put(rows, account, column, "array[%s || ctid]", _text(column))
    for column, value in _structures().items():
        _put(rows, account, column, "cast(%s as jsonb)", json.dumps(value))
    for number, one in enumerate(ADDRESSES):
        rows(
            "update message set citations = jsonb_set(jsonb_set(citations, '{0,url}', %s::jsonb),"
            " '{0,title}', %s::jsonb) where author = 'assistant' and account_id = %s"
            " and jsonb_array_length(citations) > 0 and abs(hashtext(id::text)) %% %s = %s"
            " returning 1",
            *(json.dumps(one), json.dumps(_text("message.citations"))),
            *(account, len(ADDRESSES), number),
        )


def _columns(tables: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{table}.{name}" for table, names in tables.items() for name in names]


def _put(rows: Rows, account: str, column: str, value: str, text: str) -> None:
    table, name = column.split(".")
    whose = _WHOSE.get(column, "account_id = %s")
    rows(f"update {table} set {name} = {value} where {whose} returning 1", text, account)


def _mark(column: str) -> str:
    return f"<img src=x onerror={RUN} alt={column}>"


def _text(column: str) -> str:
    more = "\n" + "\n".join(MARKUP) if column in _READ else f'"><svg onload={RUN}>'
    return _mark(column) + more


def _structures() -> dict[str, Any]:
    """What the columns of JSON get."""
    blocks, contact = _text("message.blocks"), _text("visitor.attributes")
    detail, headers = _text("audit_entry.detail"), _text("webhook_attempt.headers")
    return {
        "audit_entry.detail": dict.fromkeys(("name", "from", "to", "reason"), detail),
        "message.blocks": [
            {"type": "heading", "text": blocks, "source": None},
            *({"type": "paragraph", "text": one, "source": 0, "marked": [one]} for one in MARKUP),
            {"type": "code", "text": blocks, "language": blocks, "source": 0},
        ],
        "turn.trace": _trace(_text("turn.trace")),
        "visitor.attributes": {contact: contact},
        "webhook_attempt.headers": {headers: headers},
    }


def _trace(text: str) -> dict[str, Any]:
    """Record an answer with `text` wherever the record says anything."""
    numbers = {"score": 1, "bm25": 1, "similarity": 1}
    verdict = {"sentence": text, "actions": [text], "score": 1, "reason": text}
    call = {"tool": text, "verdict": text, "result": text, "arguments": {text: text}, "error": text}
    named = ("model", "failed", "cost", "reason", "verification", "knowledge")
    return {
        **dict.fromkeys(("rewritten", "language"), text),
        **{name: [text] for name in ("terms", "halves", "queries")},
        "corrections": {text: text},
        "synonyms": {text: [text]},
        "stages": {text: 1},
        "candidates": [{"chunk": text, "document": text, "title": text, **numbers}],
        "generation": {
            **dict.fromkeys(named, text),
            "prompt": [{"role": text, "text": text}],
            "verdicts": [verdict],
            "calls": [call],
        },
    }


def dialogs_of(page: Page) -> list[str]:
    """Return the dialogs that the page is going to open: what has run says so by one."""
    ran: list[str] = []

    async def dismiss(dialog: Dialog) -> None:
        # Pages with unsaved changes ask before they are left.
        if dialog.type == "beforeunload":
            await dialog.accept()
            return
        ran.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", dismiss)
    return ran


async def is_read(page: Page, column: str) -> bool:
    """Say whether the page comes to say what a column was overwritten with."""
    try:
        await page.wait_for_function(_SAYS, arg=_mark(column))
    except WaitedInVain:
        return False
    return True


async def looked_at(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands."""
    links = await page.locator("a[href]").evaluate_all("(all) => all.map((one) => one.href)")
    fine = ("http://", "https://", "mailto:", "tel:")
    wrong = [f"link: {one[:80]}" for one in links if not one.startswith(fine)]
    if await page.evaluate(f"document.querySelectorAll('{_PICTURES}').length"):
        wrong.append("a picture or a script came out of a text")
    return wrong
