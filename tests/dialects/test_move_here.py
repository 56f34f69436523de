"""The steps of each reference page's “Move here”, as they are printed, on a server as it ships."""

import json
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from answerdesk.core.dialects import DIALECTS, Dialect
from tests.dialects.orac.chat import parse_frames
from tests.entrypoints.installation import Installation
from tests.ready_database import lay_ready_database
from tests.rules.tree import ROOT
from tests.waiting import PATIENCE

_HOST: Final = "https://your-answerdesk.example"
_COMMAND: Final = re.compile(r"\$\(answerdesk ([^)]*)\)")
_BLOCK: Final = re.compile(r"## Move here\n.*?```sh\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """A running server, and what stands in place of the printed ids."""

    installation: Installation
    url: str
    ids: Mapping[str, str]

    def run(self, dialect: Dialect, host: str) -> str:
        """Run a page's steps; return what they print."""
        steps = printed(dialect).replace(_HOST, host)
        for word, one in self.ids.items():
            steps = steps.replace(word, one)
        # The program runs warm: to start it takes longer than everything else.
        (command,) = _COMMAND.findall(steps)
        printed_key = self.installation.run(*shlex.split(command)).ok().output
        shell = 'answerdesk() { printf "%s" "$PRINTED"; }\n'
        shell += 'curl() { command curl -sS --fail-with-body "$@"; }\n'
        done = subprocess.run(
            ["bash", "-e", "-c", shell + steps],
            env={**self.installation.environment, "PRINTED": printed_key},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout


def printed(dialect: Dialect) -> str:
    """Return the commands of a page's “Move here”."""
    page = ROOT / "docs" / "reference" / "dialects" / f"{dialect}.md"
    (block,) = _BLOCK.findall(page.read_text(encoding="utf-8"))
    return str(block)


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        installation = Installation(Path(folder) / "data")
        lay_ready_database(installation.data_dir)
        with installation.serving() as told:
            key = (installation.data_dir / "owner.key").read_text().strip()
            headers = {"Authorization": f"Bearer {key}"}
            with httpx.Client(base_url=told["url"], headers=headers, timeout=PATIENCE) as owner:
                project = owner.post("/v1/projects", json={"name": "My project"}).json()["id"]
                agents = owner.get(f"/v1/projects/{project}/agents").json()["items"]
                path = f"/v1/projects/{project}/domains"
                domain = owner.post(path, json={"website_url": "https://other.example"}).json()
            ids = {
                "widget_abc123": project.replace("proj_", "widget_"),
                "your-chatbot-id": project,
                "proj_abc123": project,
                "your-agent-id": agents[0]["id"],
                "wk_live_YOUR_TOKEN": domain["website_token"],
                # A name has to be known; nothing is sent there.
                "https://your-program.example": "https://1.2.3.4",
            }
            yield Place(installation, told["url"], ids)


def values(text: str) -> list[Any]:
    """Return the JSON values that were printed one after the other."""
    found, rest = [], text.strip()
    while rest:
        value, end = json.JSONDecoder().raw_decode(rest)
        found.append(value)
        rest = rest[end:].strip()
    return found


@pytest.mark.parametrize("below_its_name", [False, True])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_steps_hold(place: Place, dialect: Dialect, *, below_its_name: bool) -> None:
    told = place.run(dialect, f"{place.url}/{dialect}" if below_its_name else place.url)
    match dialect:
        case "noras":
            widgets, chat, rows = values(told)
            assert place.ids["widget_abc123"] in [one["widget_key"] for one in widgets["widgets"]]
            assert chat["conversation_id"] == rows["conversations"][0]["id"]
        case "chatorex":
            chat, sources, config = values(told)
            assert chat["session_id"]
            assert sources == {"sources": []}
            assert config["name"] == "My project"
        case "novachat":
            status, bound, domains, begun = values(told)
            assert status["plan"] == "unlimited"
            assert bound["domain_id"] in [one["id"] for one in domains]
            assert begun["status"] == "open"
        case "novaro":
            verified, agents, webhook, chat = values(told)
            assert verified == {"authenticated": True}
            assert place.ids["your-agent-id"] in [one["id"] for one in agents["agents"]]
            assert webhook["url"] == "https://1.2.3.4/webhook"
            assert chat["messages"][0]["role"] == "assistant"
        case "orac":
            before, _, stream = told.partition("event: ")
            projects, listed, config = values(before)
            assert place.ids["proj_abc123"] in [one["id"] for one in projects["projects"]]
            assert listed["limit"] == 50
            assert config["name"] == "My project"
            assert parse_frames(f"event: {stream}").names[-1] == "done"


def test_a_step_that_fails_is_seen(place: Place) -> None:
    with pytest.raises(AssertionError, match="widget"):
        Place(place.installation, place.url, {}).run("noras", place.url)
