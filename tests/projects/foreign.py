"""Another account's project with a widget key and an agent, put there past every filter."""

from dataclasses import dataclass
from uuid import uuid4

from tests.conftest import Rows


@dataclass(frozen=True, slots=True)
class Foreign:
    """Ids of somebody else's things, as the outside writes them."""

    project: str
    widget_key: str
    agent: str

    @property
    def path(self) -> str:
        """The project's address."""
        return f"/v1/projects/{self.project}"


def make_foreign(rows: Rows) -> Foreign:
    """Make an account with one of each."""
    account, project, key, agent = (uuid4() for _ in range(4))
    rows("insert into account (account_id, name) values (%s, 'Theirs') returning 1", account)
    for one in (project, key):
        rows("insert into public_id (id, account_id) values (%s, %s) returning 1", one, account)
    rows(
        "insert into project (account_id, id, name) values (%s, %s, 'Theirs') returning 1",
        *(account, project),
    )
    rows(
        "insert into widget_key (account_id, id, project_id, name)"
        " values (%s, %s, %s, 'Theirs') returning 1",
        *(account, key, project),
    )
    rows(
        "insert into agent (account_id, id, project_id, name, active)"
        " values (%s, %s, %s, 'Theirs', true) returning 1",
        *(account, agent, project),
    )
    return Foreign(f"proj_{project.hex}", f"wk_{key.hex}", f"agent_{agent.hex}")
