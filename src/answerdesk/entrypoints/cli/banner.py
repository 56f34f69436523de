"""What `serve` says once it is ready."""

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
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.cli.output import json_line, one_line
from answerdesk.projects.service import list_projects, project_public_id
from answerdesk.projects.types import Project

_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - read, not bound
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Banner:
    """Where to go now, and the key that opens everything: whoever can start us can read it."""

    url: str
    host: str
    data_dir: Path
    owner_key: str
    owner_key_file: Path | None
    projects: tuple[Project, ...]
    program: str
    """How the command line is called from the same folder to find the same data."""
    claimed: bool
    """Whether somebody has made the owner's log-in."""

    def rendered(self, *, as_json: bool) -> str:
        """Return it as `write_banner` writes it, in this process or another one."""
        return json_line(self._json()).decode() if as_json else self._text()

    def _json(self) -> dict[str, object]:
        return {
            "status": "ready",
            "url": self.url,
            "version": __version__,
            "data_dir": str(self.data_dir),
            "claimed": self.claimed,
            "owner_key_file": None if self.owner_key_file is None else str(self.owner_key_file),
            "projects": [
                {"id": project_public_id(one), "name": one.name, "demo": one.demo}
                for one in self.projects
            ],
        }

    def _text(self) -> str:
        place = f"kept in {self.owner_key_file}" if self.owner_key_file else "ANSWERDESK_OWNER_KEY"
        lines = [
            "",
            f"  Answerdesk {__version__} is ready: {self.url}",
            "",
            f"  Ask        open {self.url} and ask a question",
            *self._project_lines(),
            f"  Add        {self._knowledge()}   (your website, files, questions)",
            f"             {self.program} ingest PATH or ADDRESS…   (the same, while this runs)",
            self._account_line(),
            f"  API        {self.url}/scalar   (what programs can do)",
            f"  Owner key  {self.owner_key}   ({place})",
            f"  Data       {self.data_dir}",
        ]
        if self.host in _EVERYWHERE:
            lines.append("  Network    every machine that reaches this one can open it")
        return "\n".join([*lines, "", "  Ctrl-C stops it.", "", ""])

    def _knowledge(self) -> str:
        # Behind the # it is sent to no server and stands in no log.
        key = "" if self.claimed else f"#owner_key={self.owner_key}"
        return f"{self.url}/knowledge{key}"

    def _account_line(self) -> str:
        if self.claimed:
            return f"  Log in     {self.url}/login"
        return f"  Account    {self.url}/signup#owner_key={self.owner_key}   (make your log-in)"

    def _project_lines(self) -> list[str]:
        lines = []
        for project in self.projects[:_SHOWN]:
            name = f"{one_line(project.name)} ({project_public_id(project)})"
            lines.append(f"  {'Demo' if project.demo else 'Project':<10} {name}")
        if len(self.projects) > _SHOWN:
            lines.append(f"  {'':<10} and {len(self.projects) - _SHOWN:,} more projects")
        return lines


def write_banner(rendered: str, *, as_json: bool) -> None:
    """Write a banner to standard output; JSON is UTF-8, text what the terminal reads."""
    if as_json:
        sys.stdout.buffer.write(rendered.encode())
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(rendered)
        sys.stdout.flush()


async def read_banner(app: FastAPI, settings: Settings, port: int) -> Banner:
    """Return the banner of an application whose parts run."""
    state = app.state
    async with state.database.transaction(state.account_id) as session:
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
        owner_key=state.owner_key,
        owner_key_file=data_dir / FILE_NAME if settings.owner_key is None else None,
        projects=projects,
        program=_program(settings),
        claimed=claimed,
    )


def _program(settings: Settings) -> str:
    path = sys.argv[0]
    name = Path(path).name
    program = name if shutil.which(name) == path else path
    if "data_dir" not in settings.model_fields_set:
        return program
    return f"ANSWERDESK_DATA_DIR={shlex.quote(str(settings.data_dir))} {program}"
