"""The guide's calls do what it says: they are run as they are printed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.inbox.team import Team, ok

GUIDE = Path(__file__).parents[2] / "docs/how-to/work-in-the-inbox.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
def test_every_call_of_the_guide_succeeds(team: Team) -> None:
    ok(team.guest.post(f"conversations/{team.conversation_id}/escalate"), 204)
    setting, *calls = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert setting.startswith("DESK=")
    assert len(calls) > 8
    script = "\n".join(calls).replace("VISITOR=visitor_…", "").replace("curl ", "curl -sS --fail ")
    environment = {
        "PATH": "/usr/bin:/bin",
        "DESK": team.server.url,
        "TOKEN": team.ana.tokens["access_token"],
        "CONVERSATION": team.conversation_id,
        "VISITOR": team.guest.id,
    }
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(
        command, check=False, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "She called, too." in done.stdout
