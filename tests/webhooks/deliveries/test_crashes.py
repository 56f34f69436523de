"""A process that is killed loses nothing: what it was sending is sent again, unchanged."""

import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import Desk, Server, rows_of
from tests.waiting import PATIENCE
from tests.webhooks.deliveries.conftest import NETWORKS, Hooks
from tests.webhooks.receiver import Request, answer, receiving


def test_an_attempt_that_was_not_recorded_is_repeated() -> None:
    """With the same id and the same bytes: the body was stored before it was first sent."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder, receiving() as receiver:
        server = Server(Path(folder) / "data", ANSWERDESK_WEBHOOK_NETWORKS=NETWORKS).start()

        killed = threading.Event()

        def kill(request: Request) -> None:
            server.kill()
            request.close_connection = True
            killed.set()

        with server.client(owner=True) as owner, contextmanager(rows_of)(server) as rows:
            hooks = Hooks(Desk(owner, owner), receiver)
            webhook = hooks.webhook(kill, answer())
            lead_id = hooks.lead("ann@example.com")
            assert killed.wait(PATIENCE)
            # A body that is built anew would tell this.
            rows(
                "update lead set email = 'bob@example.com' where id = %s returning 1",
                lead_id.removeprefix("lead_"),
            )
            server.start()
            try:
                first, again = webhook.received(2)
                assert (again.id, again.body) == (first.id, first.body)
                assert first.json["data"]["lead"]["email"] == "ann@example.com"
                (delivery,) = webhook.ended()
                assert (delivery["state"], delivery["id"]) == ("delivered", first.id)
                assert delivery["attempts"] == 1
            finally:
                server.stop()
