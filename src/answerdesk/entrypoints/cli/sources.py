"""`answerdesk sources …`: the sources of a project's knowledge, and their syncs."""

from collections.abc import Sequence
from typing import Final

from answerdesk.core.errors import InvalidInput, NotFound
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.entrypoints.cli.output import write_note
from answerdesk.entrypoints.cli.project_work import ProjectWork, Result, Shown, run_on_project
from answerdesk.entrypoints.cli.websites.display import (
    write_changes,
    write_list,
    write_one,
    write_pages,
)
from answerdesk.entrypoints.cli.websites.follow import (
    Begun,
    follow,
    has_failed,
    outcome,
    page_as_json,
    pages_of,
    sync_as_json,
    write_website,
)
from answerdesk.knowledge.pages.schemas import PageChangeOut
from answerdesk.knowledge.pages.types import Change, PageState, Sync, SyncChange
from answerdesk.knowledge.schemas import SourceOut
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.errors import sync_not_found
from answerdesk.knowledge.sync.service import Websites
from answerdesk.knowledge.types import SOURCE_PREFIX, SYNC_PREFIX, Source

_LISTED: Final = 10
_ROWS: Final = 500
_ORDER: Final[Sequence[Change]] = ("held", "failed", "removed", "changed", "added")


def run_list(*, project: str | None, as_json: bool) -> None:
    async def work(on: ProjectWork) -> Result:
        async with on.knowledge() as knowledge:
            sources = await knowledge.sources()
            return Result({"sources": await _shown(knowledge, sources)})

    run_on_project(work, write_list, project=project, as_json=as_json)


def run_show(wanted: str, *, project: str | None, as_json: bool) -> None:
    async def work(on: ProjectWork) -> Result:
        async with on.knowledge() as knowledge:
            source = await _find(knowledge, wanted)
            [shown] = await _shown(knowledge, [source])
        return Result(shown)

    run_on_project(work, write_one, project=project, as_json=as_json, source=wanted)


def run_sync(
    wanted: str,
    *,
    only_failed: bool,
    confirm_removals: bool,
    wait: bool,
    project: str | None,
    as_json: bool,
) -> None:
    """Sync a source, and exit when the sync has ended, or immediately without `wait`."""

    async def work(on: ProjectWork) -> Result:
        async with on.knowledge() as knowledge:
            source = await _find(knowledge, wanted)
            sync = await Websites(knowledge).sync(
                source.id, only_failed=only_failed, confirm_removals=confirm_removals
            )
        if not wait:
            shown = {**SourceOut.of(source, sync).model_dump(mode="json"), "failed_pages": []}
            return Result(shown)
        [ended] = await follow(on, [Begun(source, sync, joined=False)], as_json=as_json)
        shown = await outcome(on, source.id, ended.sync)
        return Result(shown, failed=has_failed(shown))

    def write(shown: Shown) -> None:
        if wait:
            write_website(shown)
        else:
            write_note(
                f"The sync of {shown['name']} is queued; `answerdesk serve` or `answerdesk worker` "
                "runs it."
            )

    run_on_project(work, write, project=project, as_json=as_json, source=wanted)


def run_cancel(wanted: str, *, project: str | None, as_json: bool) -> None:
    """Cancel a source's running sync, and exit."""

    async def work(on: ProjectWork) -> Result:
        async with on.knowledge() as knowledge:
            source = await _find(knowledge, wanted)
            websites = Websites(knowledge)
            last = await websites.last_sync(source.id)
            if last is None or not last.running:
                message = f"No sync of {source.name!r} is running"
                raise NotFound(message, code="no_sync_running")
            return Result(sync_as_json(await websites.cancel(source.id, last.id)))

    def write(shown: Shown) -> None:
        write_note(f"Cancelled {shown['id']}. The pages ingested so far stay.")

    run_on_project(work, write, project=project, as_json=as_json, source=wanted)


def run_pages(wanted: str, state: PageState | None, *, project: str | None, as_json: bool) -> None:
    async def work(on: ProjectWork) -> Result:
        async with on.knowledge() as knowledge:
            source = await _website(knowledge, wanted)
        found = await pages_of(on, source.id, state)
        return Result({"pages": [page_as_json(page) for page in found]})

    run_on_project(work, write_pages, project=project, as_json=as_json, source=wanted)


def run_changes(wanted: str, since: str | None, *, project: str | None, as_json: bool) -> None:
    """List the changes by a website's last sync, or by all syncs since `since`, and exit."""

    async def work(on: ProjectWork) -> Result:
        async with on.knowledge() as knowledge:
            source = await _website(knowledge, wanted)
            last = await Websites(knowledge).last_sync(source.id)
            if last is None:
                return Result({"sync": None, "changes": []})
            found = await _changes(knowledge, source, last, since)
            changes = [PageChangeOut.of(one).model_dump(mode="json") for one in found]
            return Result({"sync": sync_as_json(last), "changes": changes})

    run_on_project(work, write_changes, project=project, as_json=as_json, source=wanted)


def run_remove(wanted: str, *, yes: bool, project: str | None, as_json: bool) -> None:
    """Remove a source with its documents, and exit; refuses without `yes`."""

    async def work(on: ProjectWork) -> Result:
        async with on.knowledge() as knowledge:
            source = await _find(knowledge, wanted)
            documents = source.ready + source.pending + source.failed
            if not yes:
                raise InvalidInput(
                    f"{source.name!r} has {documents:,} documents, {source.ready:,} of them in the "
                    "answers. All of them and the record of its syncs would be removed. To remove "
                    "them, repeat with --yes",
                    code="removal_unconfirmed",
                )
            await knowledge.remove_source(source.id)
            shown_id = public_id(SOURCE_PREFIX, source.id)
            await knowledge.audit("source.removed", "source", shown_id)
        return Result({"id": shown_id, "name": source.name, "removed": documents})

    def write(shown: Shown) -> None:
        write_note(f"Removed {shown['name']} with {shown['removed']:,} documents.")

    run_on_project(work, write, project=project, as_json=as_json, source=wanted)


async def _find(knowledge: Knowledge, wanted: str) -> Source:
    """Find a source by its id, name or address; raises NotFound or InvalidInput."""
    sources = await knowledge.sources()
    source_id = parse_public_id(SOURCE_PREFIX, wanted)
    found = [one for one in sources if one.id == source_id]
    found = found or [one for one in sources if wanted in (one.name, one.url)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(public_id(SOURCE_PREFIX, one.id) for one in found)
        raise InvalidInput(
            f"{len(found)} sources match {wanted!r}; name one by its id: {ids}",
            code="source_ambiguous",
        )
    listed = [f"{one.name} ({public_id(SOURCE_PREFIX, one.id)})" for one in sources[:_LISTED]]
    if len(sources) > _LISTED:
        listed.append(f"and {len(sources) - _LISTED} more")
    known = f"there is {'; '.join(listed)}" if listed else "there is none yet"
    raise NotFound(f"No source {wanted!r}: {known}", code="source_not_found")


async def _website(knowledge: Knowledge, wanted: str) -> Source:
    source = await _find(knowledge, wanted)
    if source.url is None:
        raise InvalidInput(
            f"{source.name!r} is not a website, so it has no pages; it was added by hand",
            code="source_not_website",
        )
    return source


async def _changes(
    knowledge: Knowledge, source: Source, last: Sync, since: str | None
) -> list[SyncChange]:
    """Return the changes by `last`, or all since `since`; those that need attention first."""
    websites = Websites(knowledge)
    first = None if since is None else parse_public_id(SYNC_PREFIX, since)
    if since is not None and first is None:
        raise sync_not_found()
    found: list[SyncChange] = []
    while True:
        after = found[-1].page_id if found else None
        if first is None:
            rows = await websites.list_changes(source.id, last.id, after, _ROWS)
        else:
            between = (first, last.id)
            rows = await websites.list_net_changes(source.id, between, after, _ROWS)
        found += rows
        if len(rows) < _ROWS:
            return sorted(found, key=lambda one: (_ORDER.index(one.change), one.url))


async def _shown(knowledge: Knowledge, sources: Sequence[Source]) -> list[Shown]:
    last = await knowledge.last_syncs([source.id for source in sources])
    return [SourceOut.of(source, last.get(source.id)).model_dump(mode="json") for source in sources]
