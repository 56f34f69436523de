"""A worker that is killed again and again while it crawls and ingests changes nothing."""

import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests import warm
from tests.conftest import Server
from tests.knowledge.sync.conftest import LOOPBACK
from tests.knowledge.sync.site_desk import Found, SiteDesk
from tests.websites import Website, manual

_SECONDS = 600.0
_APART = {
    *("id", "project_id", "source_id", "document_id", "sync_id", "page_id", "chunk_id"),
    *("account_id", "key", "memory", "queued_in", "seen_in", "missing_in"),
    *("added_rev", "removed_rev", "lexemes", "terms", "vector", "number", "written_by"),
}
"""Columns of ids and times; what else is left out here is compared below."""


class Installation:
    """A server that does no work itself, and workers beside it."""

    def __init__(self, folder: Path) -> None:
        self.server = Server(folder / "data", ANSWERDESK_WORKER="0", **LOOPBACK).start()
        self._environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(folder),
            "ANSWERDESK_DATA_DIR": str(folder / "data"),
            "ANSWERDESK_EMBEDDER": "fake",
            "ANSWERDESK_LOG_LEVEL": "error",
            **LOOPBACK,
        }
        self._postgres = EmbeddedPostgres.start(self.server.data_dir)
        admin = self._postgres.conninfo(
            user=self._postgres.admin_user, password=self._postgres.admin_password
        )
        self._connection = psycopg.connect(**admin, autocommit=True)

    def worker(self) -> warm.Process:
        """Start a worker."""
        return warm.start(["-m", "tests.knowledge.sync.mortal_worker"], env=self._environment)

    def rows(self, statement: str, *parameters: object) -> list[dict[str, Any]]:
        """Run a statement as the tables' owner."""
        with self._connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            return cursor.execute(statement.encode(), parameters).fetchall()

    def close(self) -> None:
        """End it."""
        self._connection.close()
        self._postgres.close()
        self.server.stop()


@pytest.fixture
def installation() -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        running = Installation(Path(folder))
        yield running
        running.close()


def _done(installation: Installation, sync: Found) -> int:
    """Return how much of a sync is done: pages looked at and documents taken in."""
    (row,) = installation.rows(
        "select fetched + parsed + skipped + failed as done, finished_at from sync where id = %s",
        sync["id"].removeprefix("sync_"),
    )
    return -1 if row["finished_at"] is not None else int(row["done"])


def _kill_at(installation: Installation, sync: Found, mark: int) -> bool:
    """Let a worker work until so much is done, then kill it; tell whether the sync goes on."""
    worker = installation.worker()
    deadline = time.monotonic() + _SECONDS
    done = 0
    try:
        while time.monotonic() < deadline:
            done = _done(installation, sync)
            if done < 0 or done >= mark:
                return done >= 0
            assert worker.poll() is None, "the worker ended by itself"
            time.sleep(0.005)
        raise AssertionError(f"{mark} was not reached: {done}")
    finally:
        worker.kill()
        worker.wait()


def _add(desk: SiteDesk, site: Website) -> Found:
    body = {"kind": "site", "url": f"{site.url}/"}
    added = desk.owner.post(f"{desk.path}/sources", json=body)
    assert added.status_code == 201, added.text
    source: Found = added.json()
    return source


def _finish(installation: Installation, sync: Found) -> None:
    worker = installation.worker()
    deadline = time.monotonic() + _SECONDS
    try:
        while _done(installation, sync) >= 0:
            assert time.monotonic() < deadline, "the sync has not ended"
            time.sleep(0.05)
    finally:
        worker.terminate()
        worker.wait()


def _plain(row: dict[str, Any]) -> str:
    kept = {
        name: value
        for name, value in row.items()
        if name not in _APART and not name.endswith("_at") and name != "at"
    }
    # Ids of other rows stand in payloads, too.
    return re.sub(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "·", str(kept))


def _everything(installation: Installation, desk: SiteDesk) -> dict[str, list[str]]:
    """Return all rows that a project has, without their ids and times."""
    project = desk.project_id.removeprefix("proj_")
    found = {}
    for table in ("source", "sync", "page", "sync_change", "document", "chunk", "term", "event"):
        rows = installation.rows(f"select * from {table} where project_id = %s", project)
        found[table] = sorted(_plain(row) for row in rows)
    found["lexemes"] = sorted(
        str((row["content_hash"], row["words"]))
        for row in installation.rows(
            "select c.content_hash, (select array_agg(regexp_replace(l, '^[0-9]+:', '') order by 1)"
            " from unnest(tsvector_to_array(c.lexemes)) l) as words"
            " from chunk c where c.project_id = %s",
            project,
        )
    )
    return found


def _vectors(installation: Installation, desk: SiteDesk) -> np.ndarray[Any, np.dtype[np.float64]]:
    rows = installation.rows(
        "select e.vector::text as vector from embedding e"
        " join chunk c on c.account_id = e.account_id and c.id = e.chunk_id"
        " join document d on d.account_id = c.account_id and d.id = c.document_id"
        " where e.project_id = %s order by d.path, c.ordinal",
        desk.project_id.removeprefix("proj_"),
    )
    return np.array([[float(n) for n in row["vector"][1:-1].split(",")] for row in rows])


def _compare(installation: Installation, pages: int, kills: int) -> None:
    with Website() as site, installation.server.client(owner=True) as owner:
        site.put(manual(pages).all_html())
        disturbed, calm = SiteDesk(owner, owner), SiteDesk(owner, owner)
        sync = _add(disturbed, site)["last_sync"]
        # Each page counts twice: once it is fetched, once it is taken in.
        for kill in range(1, kills + 1):
            assert _kill_at(installation, sync, 2 * pages * kill // (kills + 1))
        _finish(installation, sync)
        _finish(installation, _add(calm, site)["last_sync"])
        was, is_now = _everything(installation, calm), _everything(installation, disturbed)
        assert len(was["page"]) == pages
        assert len(was["chunk"]) > pages
        for table, rows in was.items():
            assert is_now[table] == rows, table
        difference = np.abs(_vectors(installation, calm) - _vectors(installation, disturbed))
        assert difference.max() <= 1e-3


def test_killing_the_worker_five_times_changes_nothing(installation: Installation) -> None:
    _compare(installation, pages=20, kills=5)


@pytest.mark.soak
def test_killing_the_worker_twenty_times_over_a_thousand_pages_changes_nothing(
    installation: Installation,
) -> None:
    _compare(installation, pages=1000, kills=20)
