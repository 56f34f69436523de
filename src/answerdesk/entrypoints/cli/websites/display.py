"""Shows people the progress of syncs, and sources, pages and changes."""

import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol, Self
from uuid import UUID

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from answerdesk.entrypoints.cli.output import make_console, one_line, write_note
from answerdesk.entrypoints.cli.project_work import Shown
from answerdesk.entrypoints.cli.table import write_table
from answerdesk.knowledge.pages.types import Sync, pages_per_minute, seconds_left

_LINE_SECONDS: Final = 5.0
_NAME_LENGTH: Final = 40
_LONG_SECONDS: Final = 90
_WIDE: Final = 130
"""Terminal width, in columns, from which the long form fits."""

STATES: Final = {
    "queued": "waiting",
    "fetching": "reading",
    "indexing": "ingesting",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Followed:
    """A sync with the name of its source."""

    name: str
    sync: Sync


class SyncDisplay(AbstractContextManager["SyncDisplay"], Protocol):
    """Shows the progress of syncs."""

    def show(self, syncs: Sequence[Followed]) -> None:
        """Show their current state."""


class Bars(SyncDisplay):
    """A bar for each sync, with its counts, its rate and the time left."""

    def __init__(self) -> None:
        console = make_console(stderr=True)
        self._narrow = console.width < _WIDE
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=12 if self._narrow else 24),
            TextColumn("{task.fields[told]}"),
            console=console,
            transient=True,
        )
        self._tasks: dict[UUID, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, syncs: Sequence[Followed]) -> None:
        for followed in syncs:
            task = self._tasks.get(followed.sync.id)
            if task is None:
                name = shortened(one_line(followed.name), 12 if self._narrow else _NAME_LENGTH)
                task = self._progress.add_task(name, total=None, told="")
                self._tasks[followed.sync.id] = task
            done, total = work_of(followed.sync)
            told = told_of(followed.sync, briefly=self._narrow)
            self._progress.update(task, completed=done, total=total or None, told=told)


class Lines(SyncDisplay):
    """A line for each running sync every few seconds, for logs."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _LINE_SECONDS

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, syncs: Sequence[Followed]) -> None:
        """Write lines if `_LINE_SECONDS` have passed since the last ones."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _LINE_SECONDS
            for followed in syncs:
                write_note(f"{one_line(followed.name)}: {told_of(followed.sync)}")


class Nothing(SyncDisplay):
    """Shows nothing; for programs, which read only the result."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, syncs: Sequence[Followed]) -> None:
        """Show nothing."""


def make_sync_display(*, terminal: bool, as_json: bool) -> SyncDisplay:
    """Return bars for a terminal, nothing for `--json`, otherwise lines."""
    if terminal:
        return Bars()
    return Nothing() if as_json else Lines()


def work_of(sync: Sync) -> tuple[int, int]:
    """Return the done and total units of the work known so far: pages visited plus ingested."""
    looked = max(0, sync.found - sync.waiting)
    total = sync.found + sync.parsed + sync.indexing
    return (looked + sync.parsed, total) if sync.running else (total, total)


def told_of(sync: Sync, *, briefly: bool = False) -> str:
    """Return a line with a sync's counts, its rate and the time left."""
    if briefly:
        looked = max(0, sync.found - sync.waiting)
        parts = [STATES[sync.state], f"{looked:,}/{sync.found:,}", f"{sync.parsed:,} in"]
    else:
        parts = [
            STATES[sync.state],
            f"{sync.found:,} found",
            f"{sync.fetched:,} fetched",
            f"{sync.parsed:,} ingested ({sync.chunks_embedded:,} chunks)",
        ]
        if sync.unchanged:
            parts.append(f"{sync.unchanged:,} unchanged")
    if sync.failed:
        parts.append(f"{sync.failed:,} failed")
    if is_silent(sync):
        parts.append("the website has not responded yet")
    rate = pages_per_minute(sync)
    left = seconds_left(sync) if sync.running else None
    if rate:
        parts.append(f"{rate:,.0f}/min")
    if left is not None:
        parts.append(f"{left:,} s left" if left < _LONG_SECONDS else f"{left / 60:,.0f} min left")
    return " · ".join(parts)


def is_silent(sync: Sync) -> bool:
    """Tell whether a running sync has had no response from the website yet."""
    return sync.state == "fetching" and sync.fetched + sync.failed + sync.skipped == 0


def shortened(name: str, length: int) -> str:
    return name if len(name) <= length else f"{name[: length - 1]}…"


def write_list(shown: Shown) -> None:
    """Write sources as a table."""
    if not shown["sources"]:
        write_note("There are no sources yet; add one: `answerdesk ingest PATH or ADDRESS`.")
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
    """Write one source, a line for each known value."""
    sync = shown["last_sync"] or {}
    rows: list[tuple[str, object]] = [
        ("Source", f"{one_line(shown['name'])} ({shown['id']})"),
        ("Kind", shown["kind"]),
        ("Address", shown["url"]),
        ("State", _state(shown)),
        ("Documents", f"{shown['ready']:,} in the answers, {shown['pending']:,} being ingested"),
        ("Failed", _failed(shown)),
        ("Every", shown["sync_every_hours"] and f"{shown['sync_every_hours']} hours"),
        ("Next sync", shown["next_sync_at"]),
        ("Last sync", sync and f"{sync['finished_at'] or sync['created_at']} ({sync['id']})"),
        ("Error", sync.get("error")),
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
        write_note("No pages found.")
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
    """Return columns for which a terminal has no space; `sources show` shows them there."""
    sync = source["last_sync"] or {}
    return {"last sync": sync.get("finished_at") or "", "next sync": source["next_sync_at"] or ""}


def _state(source: Shown) -> str:
    sync = source["last_sync"]
    if sync is not None:
        return STATES[sync["state"]]
    if source["pending"]:
        return "ingesting"
    return "done"


def _failed(source: Shown) -> int:
    sync = source["last_sync"]
    return int(source["failed"] if sync is None else sync["failed"])
