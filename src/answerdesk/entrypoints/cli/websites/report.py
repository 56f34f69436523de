"""Tells a person what became of a sync."""

import sys
from typing import Final

from answerdesk.entrypoints.cli.output import one_line, write_error, write_note
from answerdesk.entrypoints.cli.project_work import Shown

_NAMED: Final = 20


def has_failed(website: Shown) -> bool:
    """Tell whether a source's last sync, or a page in it, has failed."""
    sync = website["last_sync"]
    return bool(sync["state"] != "done" or sync["failed"] > 0)


def write_website(website: Shown) -> None:
    """Write what the last sync of a source has done, and on standard error what went wrong."""
    sync = website["last_sync"]
    _write_failures(website)
    since = [f"{sync[what]:,} {what}" for what in ("changed", "unchanged", "removed")]
    rows = [
        ("Website", f"{one_line(website['name'])} ({website['id']})"),
        ("Pages", f"{website['ready']:,} in the answers, {sync['found']:,} looked at"),
        ("Since before", f"{sync['added']:,} new, {', '.join(since)}"),
        ("Embedded", f"{sync['chunks_embedded']:,} chunks"),
    ]
    if sync["skipped"]:
        rows.append(("Skipped", f"{sync['skipped']:,}"))
    if sync["failed"]:
        rows.append(("Failed", f"{sync['failed']:,}"))
    sys.stdout.write("".join(f"{name:<15} {text}\n" for name, text in rows))
    sys.stdout.flush()
    if sync["removals_held"]:
        write_note(
            f"`answerdesk sources changes {website['id']}` lists what seems to be gone, "
            f"`answerdesk sources sync {website['id']} --confirm-removals` lets it go."
        )


def _write_failures(website: Shown) -> None:
    sync = website["last_sync"]
    name = website["name"]
    if sync["state"] == "cancelled":
        write_error(f"{name}: the sync was cancelled; what it has taken in stays")
    elif sync["error"]:
        write_error(f"{name}: {sync['error']}")
    # The reason why a whole website cannot be read stands at its first page, too.
    pages = [page for page in website["failed_pages"] if page["reason"] != sync["error"]]
    for page in pages[:_NAMED]:
        giver = f" (linked from {page['linked_from']})" if page["linked_from"] else ""
        write_error(f"{page['url']}: {page['reason']}{giver}")
    if len(pages) > _NAMED:
        write_error(
            f"and {sync['failed'] - _NAMED:,} more pages: "
            f"answerdesk sources pages {website['id']} --state failed"
        )
