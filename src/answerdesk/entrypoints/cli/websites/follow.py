"""Waits until syncs have ended, whoever runs them, and returns what became of them."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from answerdesk.bootstrap import working
from answerdesk.core.tenancy import public_id
from answerdesk.entrypoints.cli.output import write_note
from answerdesk.entrypoints.cli.project_work import ProjectWork, Shown
from answerdesk.entrypoints.cli.websites.display import Followed, make_sync_display
from answerdesk.knowledge.ledger.schemas import PageOut, SyncOut
from answerdesk.knowledge.ledger.types import Page, PageState, Sync
from answerdesk.knowledge.schemas import SourceOut
from answerdesk.knowledge.sync.service import Websites
from answerdesk.knowledge.types import SOURCE_PREFIX, Source

_LOOK_SECONDS: Final = 0.3
_FAILED_SHOWN: Final = 1000
_PAGES: Final = 500


@dataclass(frozen=True, slots=True)
class Begun:
    """A source and its sync that is to be followed; `joined` when it was running already."""

    source: Source
    sync: Sync
    joined: bool


async def follow(work: ProjectWork, begun: Sequence[Begun], *, as_json: bool) -> list[Followed]:
    """Do due work until the syncs have ended, showing how far they are.

    When that is cancelled, it says that nothing is lost and who goes on.
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
                f"Stopped waiting for {followed.name}: its sync keeps what it has and goes on "
                "where it was with a running `answerdesk serve` or `answerdesk worker`, otherwise "
                "with the next one. `answerdesk sources cancel "
                f"{public_id(SOURCE_PREFIX, one.source.id)}` ends it."
            )


async def outcome(work: ProjectWork, source_id: UUID, sync: Sync) -> Shown:
    """Return a source with the sync that has ended, as JSON shows them, and the pages that failed.

    Of very many failed pages the first are named.
    """
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
    """Return a source's pages by address, all of them or the first `most`."""
    found: list[Page] = []
    while most is None or len(found) < most:
        async with work.knowledge() as knowledge:
            after = found[-1].id if found else None
            rows = await Websites(knowledge).pages_page(source_id, state, after, _PAGES)
        found += rows
        if len(rows) < _PAGES:
            break
    return found if most is None else found[:most]


def page_as_json(page: Page) -> Shown:
    """Return a page as JSON shows it."""
    return PageOut.of(page).model_dump(mode="json")


def sync_as_json(sync: Sync) -> Shown:
    """Return a sync as JSON shows it."""
    return SyncOut.of(sync).model_dump(mode="json")
