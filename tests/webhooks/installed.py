"""What a running server uses to change endpoints, for tests of what no request causes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from answerdesk.bootstrap.webhooks import make_endpoints
from answerdesk.core.crypto import Sealer, load_secret_keys
from answerdesk.core.database import Database
from answerdesk.core.outbound import Outbound, OutboundPolicy
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.webhooks.service import Endpoints
from tests.conftest import Server


@asynccontextmanager
async def installed(server: Server) -> AsyncIterator[tuple[Endpoints, Database]]:
    """Open the server's database as the runtime role, with the server's keys."""
    outbound = Outbound(OutboundPolicy())
    endpoints = make_endpoints(Sealer(load_secret_keys(server.data_dir)), outbound)
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        runtime = postgres.conninfo(user=postgres.runtime_user, password=postgres.runtime_password)
        database = Database({**runtime}, pool_size=2)
        yield endpoints, database
        await database.close()
    await outbound.close()
