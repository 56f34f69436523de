"""Adds websites, waits until their syncs have ended, and reports the results."""

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from answerdesk.bootstrap import working
from answerdesk.core.outbound import Outbound, checked_url
from answerdesk.core.outbound.urls import completed
from answerdesk.core.tenancy import public_id
from answerdesk.entrypoints.cli.output import one_line, write_error, write_note
from answerdesk.entrypoints.cli.project_work import ProjectWork, Shown
from answerdesk.entrypoints.cli.websites.display import Followed, make_sync_display
from answerdesk.knowledge.ingestion.parse import supported_extensions
from answerdesk.knowledge.pages.schemas import PageOut, SyncOut
from answerdesk.knowledge.pages.types import Page, PageState, Sync
from answerdesk.knowledge.schemas import SourceOut
from answerdesk.knowledge.sync.service import Websites
from answerdesk.knowledge.sync.types import NewSource
from answerdesk.knowledge.types import SOURCE_PREFIX, Source, SourceSettings

_LOOK_SECONDS: Final = 0.3
_FAILED_SHOWN: Final = 1000
_PAGES: Final = 500


@dataclass(frozen=True, slots=True)
class Begun:
    """A source and its sync to follow; `joined` if the sync was already running."""

    source: Source
    sync: Sync
    joined: bool


async def follow(work: ProjectWork, begun: Sequence[Begun], *, as_json: bool) -> list[Followed]:
    """Do due work until the syncs have ended, showing their progress.

    If cancelled, it says that nothing is lost and what continues the syncs.
    """
    now = [Followed(one.source.name, one.sync) for one in begun]
    display = make_sync_display(terminal=sys.stderr.isatty(), as_json=as_json)
    try:
        async with working(work.application):
            with display:
                while any(one.sync.running for one in now):
                    display.show(now)
                    await asyncio.sleep(_LOOK_SECONDS)
                    now = await _look(work, begun)
                display.show(now)
    except asyncio.CancelledError:
        if not as_json:
            _tell_what_is_left(now, begun)
        raise
    return now


async def _look(work: ProjectWork, begun: Sequence[Begun]) -> list[Followed]:
    async with work.knowledge() as knowledge:
        websites = Websites(knowledge)
        return [
            Followed(one.source.name, await websites.one_sync(one.source.id, one.sync.id))
            for one in begun
        ]


def _tell_what_is_left(now: Sequence[Followed], begun: Sequence[Begun]) -> None:
    for followed, one in zip(now, begun, strict=True):
        if followed.sync.running:
            write_note(
                f"Stopped waiting for {followed.name}. Nothing is lost: a running `answerdesk "
                "serve` or `answerdesk worker`, or the next one, continues the sync. `answerdesk "
                f"sources cancel {public_id(SOURCE_PREFIX, one.source.id)}` cancels it."
            )


async def outcome(work: ProjectWork, source_id: UUID, sync: Sync) -> Shown:
    """Return a source with its ended sync as JSON, and its failed pages, at most 1,000."""
    async with work.knowledge() as knowledge:
        source = await knowledge.source(source_id)
    failed = await pages_of(work, source_id, "failed", most=_FAILED_SHOWN) if sync.failed else []
    return {
        **SourceOut.of(source, sync).model_dump(mode="json"),
        "failed_pages": [
            {
                "url": page.url,
                "code": page.reason_code,
                "reason": page.reason,
                "linked_from": page.linked_from,
            }
            for page in failed
        ],
    }


async def pages_of(
    work: ProjectWork, source_id: UUID, state: PageState | None, *, most: int | None = None
) -> list[Page]:
    """Return a source's pages by address, all or the first `most`."""
    found: list[Page] = []
    while most is None or len(found) < most:
        async with work.knowledge() as knowledge:
            after = found[-1].id if found else None
            rows = await Websites(knowledge).list_pages(source_id, state, after, _PAGES)
        found += rows
        if len(rows) < _PAGES:
            break
    return found if most is None else found[:most]


def page_as_json(page: Page) -> Shown:
    return PageOut.of(page).model_dump(mode="json")


def sync_as_json(sync: Sync) -> Shown:
    return SyncOut.of(sync).model_dump(mode="json")


_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_FILES: Final = frozenset(supported_extensions()) | {
    *(".zip", ".gz", ".tar", ".doc", ".xls", ".ppt", ".pptx", ".odt", ".ods", ".rtf", ".epub"),
    *(".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".mp3", ".mp4", ".mov"),
    *(".py", ".js", ".ts", ".css", ".xml", ".yaml", ".yml", ".toml", ".sh", ".sql", ".log"),
}
"""Extensions of file names; some of them are top-level domains as well."""

_DAILY: Final = 24


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """How to read websites; None or empty means not given.

    `every` is the number of hours between two syncs, 0 for never.
    """

    page: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_pages: int | None = None
    every: int | None = None

    @property
    def said(self) -> bool:
        """Whether any option was given."""
        return self != SiteOptions()

    def patch(self) -> dict[str, Any]:
        """Return the given options as changes of an existing source."""
        patch: dict[str, Any] = {}
        if self.include:
            patch["include"] = list(self.include)
        if self.exclude:
            patch["exclude"] = list(self.exclude)
        if self.max_pages is not None:
            patch["max_pages"] = self.max_pages
        if self.every is not None:
            patch["sync_every_hours"] = self.every or None
        return patch


def is_address(argument: str) -> bool:
    """Tell whether an argument is an address, as opposed to a path."""
    return _ADDRESS.match(argument) is not None


def as_address(argument: str) -> str | None:
    """Return the full address for a short one such as `example.com/docs`; None for a path.

    An argument is a path if it exists, or if its name ends like a file's.
    """
    if is_address(argument) or os.path.lexists(argument):
        return None
    host = argument.partition("/")[0].partition(":")[0]
    if Path(host).suffix.lower() in _FILES:
        return None
    return completed(argument)


def check_addresses(addresses: Sequence[str]) -> None:
    """Raise UrlRefused for an address that is never fetched, before anything is created."""
    for address in addresses:
        checked_url(address)


async def require_hosts(outbound: Outbound, addresses: Sequence[str]) -> None:
    """Raise HostUnknown if an address names a host that certainly doesn't exist."""
    for address in addresses:
        await outbound.require_host(address)


async def begin(work: ProjectWork, address: str, options: SiteOptions) -> Begun:
    """Add a website and begin its first sync; change an existing one and sync it again.

    A sync that is already running is joined. Raises InvalidInput for an invalid address or pattern.
    """
    new = NewSource(
        kind="page" if options.page else "site",
        url=address,
        name=None,
        settings=SourceSettings(options.include, options.exclude, options.max_pages),
        sync_every_hours=_DAILY if options.every is None else options.every or None,
    )
    async with work.knowledge() as knowledge:
        websites = Websites(knowledge)
        source, is_new = await websites.add(new)
        if not is_new and options.patch():
            source = await websites.change(source.id, options.patch(), None)
        last = await websites.last_sync(source.id)
        if last is not None and last.running:
            return Begun(source, last, joined=not is_new)
        return Begun(source, await websites.sync(source.id), joined=False)


_NAMED: Final = 20


def has_failed(website: Shown) -> bool:
    """Tell whether a source's last sync, or a page in it, has failed."""
    sync = website["last_sync"]
    return bool(sync["state"] != "done" or sync["failed"] > 0)


def write_website(website: Shown) -> None:
    """Write the results of a source's last sync; failures go to standard error."""
    sync = website["last_sync"]
    _write_failures(website)
    since = [f"{sync[what]:,} {what}" for what in ("changed", "unchanged", "removed")]
    rows = [
        ("Website", f"{one_line(website['name'])} ({website['id']})"),
        ("Pages", f"{website['ready']:,} in the answers, {sync['found']:,} found"),
        ("This sync", f"{sync['added']:,} new, {', '.join(since)}"),
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
            f"`answerdesk sources changes {website['id']}` lists the pages that seem to be gone, "
            f"`answerdesk sources sync {website['id']} --confirm-removals` removes them."
        )


def _write_failures(website: Shown) -> None:
    sync = website["last_sync"]
    name = website["name"]
    if sync["state"] == "cancelled":
        write_error(f"{name}: the sync was cancelled; the pages ingested so far stay")
    elif sync["error"]:
        write_error(f"{name}: {sync['error']}")
    # If a whole website cannot be read, its first page repeats the sync's error.
    pages = [page for page in website["failed_pages"] if page["reason"] != sync["error"]]
    for page in pages[:_NAMED]:
        giver = f" (linked from {page['linked_from']})" if page["linked_from"] else ""
        write_error(f"{page['url']}: {page['reason']}{giver}")
    if len(pages) > _NAMED:
        write_error(
            f"and {sync['failed'] - _NAMED:,} more pages: "
            f"answerdesk sources pages {website['id']} --state failed"
        )
