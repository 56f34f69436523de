"""Shows people sources, pages and changes, which JSON shows programs."""

import sys

from answerdesk.entrypoints.cli.output import one_line, write_note
from answerdesk.entrypoints.cli.project_work import Shown
from answerdesk.entrypoints.cli.table import write_table
from answerdesk.entrypoints.cli.websites.display import STATES


def write_list(shown: Shown) -> None:
    """Write sources as a table."""
    if not shown["sources"]:
        write_note("Nothing is known yet: `answerdesk ingest PATH or ADDRESS` changes that.")
        return
    write_table(
        [
            {
                "id": one["id"],
                "kind": one["kind"],
                "name": one_line(one["name"]),
                "state": _state(one),
                "ready": one["ready"],
                "failed": _failed(one),
            }
            | ({} if sys.stdout.isatty() else _times(one))
            for one in shown["sources"]
        ]
    )


def write_one(shown: Shown) -> None:
    """Write one source, a line for each thing that is known."""
    sync = shown["last_sync"] or {}
    rows: list[tuple[str, object]] = [
        ("Source", f"{one_line(shown['name'])} ({shown['id']})"),
        ("Kind", shown["kind"]),
        ("Address", shown["url"]),
        ("State", _state(shown)),
        ("Documents", f"{shown['ready']:,} in the answers, {shown['pending']:,} being taken in"),
        ("Failed", _failed(shown)),
        ("Every", shown["sync_every_hours"] and f"{shown['sync_every_hours']} hours"),
        ("Next sync", shown["next_sync_at"]),
        ("Last sync", sync and f"{sync['finished_at'] or sync['created_at']} ({sync['id']})"),
        ("Why", sync.get("error")),
    ]
    rows += [
        (name.capitalize(), f"{sync[name]:,}")
        for name in ("found", "fetched", "unchanged", "added", "changed", "removed", "skipped")
        if sync
    ]
    for name, value in rows:
        if value:
            sys.stdout.write(f"{name:<15} {one_line(str(value))}\n")


def write_pages(shown: Shown) -> None:
    """Write pages as a table."""
    if not shown["pages"]:
        write_note("There is no such page.")
        return
    write_table(
        [
            {
                "state": page["state"],
                "address": one_line(page["url"]),
                "title": one_line(page["title"] or ""),
                "reason": one_line(page["reason"] or ""),
            }
            for page in shown["pages"]
        ]
    )


def write_changes(shown: Shown) -> None:
    """Write changes as a table."""
    if not shown["changes"]:
        write_note("Nothing has changed.")
        return
    write_table(
        [
            {
                "change": one["change"],
                "address": one_line(one["url"]),
                "title": one_line(one["title"] or ""),
                "chunks": _chunks(one),
                "reason": one_line(one["reason"] or ""),
            }
            for one in shown["changes"]
        ]
    )


def _chunks(change: Shown) -> str:
    new, old = change["chunks_added"], change["chunks_removed"]
    return f"+{new} -{old}" if new or old else ""


def _times(source: Shown) -> Shown:
    """Return what a terminal has no place for; there `sources show` tells it."""
    sync = source["last_sync"] or {}
    return {"last sync": sync.get("finished_at") or "", "next sync": source["next_sync_at"] or ""}


def _state(source: Shown) -> str:
    sync = source["last_sync"]
    if sync is not None:
        return STATES[sync["state"]]
    if source["pending"]:
        return "taking in"
    return "done"


def _failed(source: Shown) -> int:
    sync = source["last_sync"]
    return int(source["failed"] if sync is None else sync["failed"])
