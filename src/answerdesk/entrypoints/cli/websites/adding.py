"""Adds websites by their addresses, and begins to read them."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from answerdesk.core.outbound import Outbound, checked_url
from answerdesk.core.outbound.urls import completed
from answerdesk.entrypoints.cli.project_work import ProjectWork
from answerdesk.entrypoints.cli.websites.follow import Begun
from answerdesk.knowledge.ingestion.parse import supported_extensions
from answerdesk.knowledge.sync.service import Websites
from answerdesk.knowledge.sync.types import NewSource
from answerdesk.knowledge.types import SourceSettings

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_FILES: Final = frozenset(supported_extensions()) | {
    *(".zip", ".gz", ".tar", ".doc", ".xls", ".ppt", ".pptx", ".odt", ".ods", ".rtf", ".epub"),
    *(".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".mp3", ".mp4", ".mov"),
    *(".py", ".js", ".ts", ".css", ".xml", ".yaml", ".yml", ".toml", ".sh", ".sql", ".log"),
}
"""How names of files end, some of which domains end in as well."""

_DAILY: Final = 24


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """How websites are to be read; what is None or empty was not said.

    `every` is hours between two syncs, 0 for never.
    """

    page: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_pages: int | None = None
    every: int | None = None

    @property
    def said(self) -> bool:
        """Whether anything was said."""
        return self != SiteOptions()

    def patch(self) -> dict[str, Any]:
        """Return what was said as changes of a source that is there already."""
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
    """Tell whether an argument is the address of a website, and not a path."""
    return _ADDRESS.match(argument) is not None


def as_address(argument: str) -> str | None:
    """Return the address that `example.com/docs` is short for; None for what may be a path.

    What is there is a path, and so is what is called like a file.
    """
    if is_address(argument) or os.path.lexists(argument):
        return None
    host = argument.partition("/")[0].partition(":")[0]
    if Path(host).suffix.lower() in _FILES:
        return None
    return completed(argument)


def check_addresses(addresses: Sequence[str]) -> None:
    """Raise UrlRefused for an address that is never fetched, before anything is made for it."""
    for address in addresses:
        checked_url(address)


async def require_hosts(outbound: Outbound, addresses: Sequence[str]) -> None:
    """Raise HostUnknown where surely no host has the name that an address names."""
    for address in addresses:
        await outbound.require_host(address)


async def begin(work: ProjectWork, address: str, options: SiteOptions) -> Begun:
    """Add a website and begin its first sync; one that is there is changed and synced again.

    A sync that runs already is joined. Raises InvalidInput for an address or a pattern that cannot
    be meant.
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
