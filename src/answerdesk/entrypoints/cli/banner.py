"""The text that `serve` prints once it is ready."""

import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from answerdesk import __version__
from answerdesk.accounts.members.service import list_members
from answerdesk.accounts.owner_key import FILE_NAME
from answerdesk.bootstrap import Application
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.cli.output import json_line, one_line
from answerdesk.projects.service import list_projects, project_public_id
from answerdesk.projects.types import Project

_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - read, not bound
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Banner:
    """Where to go now, and the owner key.

    A terminal shows the key itself, since the person who started us could read its file anyway.
    Elsewhere, such as in a log, the key would be exposed, so only its file is named.
    """

    url: str
    host: str
    data_dir: Path
    owner_key: str
    owner_key_file: Path | None
    projects: tuple[Project, ...]
    program: str
    """How to call the command line from the same folder with the same data."""
    claimed: bool
    """Whether somebody has made the owner's log-in."""
    letters: Path | None
    """The file that letters are written to if there is no mail server."""

    def rendered(self, *, as_json: bool) -> str:
        """Return the text for `write_banner`, in this process or another one."""
        if as_json:
            return json_line(self._json()).decode()
        return self._text(show_key=sys.stdout.isatty())

    def _json(self) -> dict[str, object]:
        return {
            "status": "ready",
            "url": self.url,
            "version": __version__,
            "data_dir": str(self.data_dir),
            "claimed": self.claimed,
            "owner_key_file": None if self.owner_key_file is None else str(self.owner_key_file),
            "letters_file": None if self.letters is None else str(self.letters),
            "projects": [
                {"id": project_public_id(one), "name": one.name, "demo": one.demo}
                for one in self.projects
            ],
        }

    def _text(self, *, show_key: bool) -> str:
        lines = [
            "",
            f"  Answerdesk {__version__} is ready: {self.url}",
            "",
            self._account_line(show_key),
            f"  Ask        open {self.url} and ask a question",
            *self._project_lines(),
            f"  Add        {self._page('app/knowledge', show_key)}   (website, files, questions)",
            f"             {self.program} ingest PATH or ADDRESS…   (the same, while this runs)",
            f"  Inbox      {self._page('inbox', show_key)}   (reply to visitors as a person)",
            f"  Website    {self._page('app/settings/websites', show_key)}   (its tag)",
            f"  Settings   {self._page('settings', show_key)}   (look, office hours, API keys)",
            f"  API        {self.url}/scalar   (reference for programs)",
            f"  Owner key  {self._key(show_key)}",
            f"  Data       {self.data_dir}",
        ]
        if self.letters is not None:
            lines.append(f"  Letters    {self.letters}   (no mail server is set up)")
        if self.host in _EVERYWHERE:
            lines.append("  Network    every machine that can reach this one can open it")
        return "\n".join([*lines, "", "  Ctrl-C stops it.", "", ""])

    def _key(self, show_key: bool) -> str:
        if self.owner_key_file is None:
            given = "set by ANSWERDESK_OWNER_KEY"
            return f"{self.owner_key}   ({given})" if show_key else given
        kept = f"kept in {self.owner_key_file}"
        return f"{self.owner_key}   ({kept})" if show_key else kept

    def _page(self, name: str, show_key: bool) -> str:
        # After the # it is neither sent to a server nor logged.
        key = f"#owner_key={self.owner_key}" if show_key and not self.claimed else ""
        return f"{self.url}/{name}{key}"

    def _account_line(self, show_key: bool) -> str:
        if self.claimed:
            return f"  Log in     {self.url}/app"
        # Creating the log-in leads on to the dashboard, and there to the first steps.
        if show_key:
            key, note = self.owner_key, "create your log-in"
        else:
            key, note = "KEY", "create your log-in, with the owner key in place of KEY"
        return f"  Begin      {self.url}/signup?next=/app#owner_key={key}   ({note})"

    def _project_lines(self) -> list[str]:
        lines = []
        for project in self.projects[:_SHOWN]:
            name = f"{one_line(project.name)} ({project_public_id(project)})"
            lines.append(f"  {'Demo' if project.demo else 'Project':<10} {name}")
        if len(self.projects) > _SHOWN:
            lines.append(f"  {'':<10} and {len(self.projects) - _SHOWN:,} more projects")
        return lines


def write_banner(rendered: str, *, as_json: bool) -> None:
    """Write a banner to standard output: JSON in UTF-8, text in the terminal's encoding."""
    if as_json:
        sys.stdout.buffer.write(rendered.encode())
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(rendered)
        sys.stdout.flush()


async def read_banner(app: FastAPI, settings: Settings, port: int) -> Banner:
    """Return the banner of a running application."""
    application: Application = app.state.application
    async with application.database.transaction(application.account_id) as session:
        projects = tuple(await list_projects(session))
        claimed = bool(await list_members(session, limit=1, after=None))
    address = _EVERYWHERE.get(settings.host, settings.host)
    if ":" in address and not address.startswith("["):
        address = f"[{address}]"
    data_dir = settings.data_dir.absolute()
    return Banner(
        url=(settings.public_url or f"http://{address}:{port}").rstrip("/"),
        host=settings.host,
        data_dir=data_dir,
        owner_key=application.owner_key,
        owner_key_file=data_dir / FILE_NAME if settings.owner_key is None else None,
        projects=projects,
        program=_program(settings),
        claimed=claimed,
        letters=application.post.kept_in,
    )


def _program(settings: Settings) -> str:
    path = sys.argv[0]
    name = Path(path).name
    program = name if shutil.which(name) == path else path
    if "data_dir" not in settings.model_fields_set:
        return program
    return f"ANSWERDESK_DATA_DIR={shlex.quote(str(settings.data_dir))} {program}"
