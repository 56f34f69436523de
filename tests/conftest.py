"""A real server in a process of its own, and ways to talk to it."""

import atexit
import gc
import os
import resource
import secrets
import signal
import socket
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import httpx
import psycopg
import pytest
import structlog

from answerdesk.core.postgres import EmbeddedPostgres
from tests import warm
from tests.dialects.examples.documents import summary
from tests.in_memory import work_in_memory
from tests.ready_database import lay_ready_database
from tests.waiting import PATIENCE, attempts

_STARTED: Final = frozenset(
    {
        *("server", "owner", "desk", "serve", "place", "estate", "account"),
        *("postgres", "database", "library", "admin", "application", "browser", "minilm"),
    }
)
"""Fixtures that start a server, a database, a browser or the model, or use one that runs."""

_STARTERS: Final = frozenset(
    {"Server", "EmbeddedPostgres", "warm", "subprocess", "running", "serving"}
)
"""What a module imports that starts something by itself."""

_HARD: Final = frozenset(
    Path(__file__).parent / folder
    for folder in ("bounds", "knowledge/ingestion/sandbox", "knowledge/sync")
)
"""Folders of hard work: the worst that may be sent, processes that read it, whole syncs."""

_SHOWN: Final = 4096
"""Bytes of a server's log that are shown with a failure."""

_in_use: Final[list["Server"]] = []
"""Servers that run, and those that ended since this test began."""

_APPLICATION = "tests.warm.prepared:create_app"
_PROTOCOL = "answerdesk.entrypoints.http_protocol:BoundedHttpProtocol"


def pytest_configure(config: pytest.Config) -> None:
    workers = config.getoption("numprocesses", None) or 1
    config.add_cleanup(work_in_memory(workers))
    # A shell lets what it runs in the background ignore the interrupt, and so would all programs
    # that tests start here and interrupt.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # A thousand streams are more files than many systems let a process open unless it asks.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # httpx reads the machine's certificates for each client, which takes longer than most tests do.
    # What they call is plain HTTP, and those about certificates name their own.
    os.environ.pop("SSL_CERT_FILE", None)
    os.environ["SSL_CERT_DIR"] = str(Path(__file__).parent)
    # structlog draws every local variable of a failure unless told otherwise, for seconds.
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for garbage once only: half a million objects of all tests stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what starts something: `make check` leaves it out."""
    slow_files: dict[Path, bool] = {}
    for item in items:
        path = item.path
        if path not in slow_files:
            module = vars(getattr(item, "module", None) or object)
            slow_files[path] = not (_HARD.isdisjoint(path.parents) and _STARTERS.isdisjoint(module))
        if slow_files[path] or not _STARTED.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("slow")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what servers have said since the test began."""
    report = yield
    if report.failed:
        report.sections += servers_said()
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Begin to listen to the servers that run, and forget those that others have ended."""
    _in_use[:] = [one for one in _in_use if one.pid is not None]
    for one in _in_use:
        one.heard = one.log_bytes


def servers_said() -> list[tuple[str, str]]:
    """Return the end of what each server has said since this test began, if it has."""
    return [
        (f"Log of {one.url}", one.log(since=max(one.heard, one.log_bytes - _SHOWN)))
        for one in _in_use
        if one.log_bytes > one.heard
    ]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in summary(one.nodeid for one in terminalreporter.getreports("passed")):
        terminalreporter.write_line(line)


def free_port() -> int:
    """Return a port on which nobody listens, for who asks for it by number.

    It stays bound until the run ends, so the system gives it to nobody else. A server that sets
    SO_REUSEADDR, as servers do, may listen on it, since this socket does not.
    """
    kept = socket.socket()
    kept.bind(("127.0.0.1", 0))
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    atexit.register(kept.close)
    port: int = kept.getsockname()[1]
    return port


class Server:
    """`answerdesk` serving on a loopback port from a data folder."""

    def __init__(self, data_dir: Path, *, factory: str = _APPLICATION, **environment: str) -> None:
        self.data_dir = data_dir
        self._factory = factory
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # Lives as long as the server.
        self._environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(data_dir),
            "ANSWERDESK_DATA_DIR": str(data_dir),
            "ANSWERDESK_EMBEDDER": "fake",
            "ANSWERDESK_DEMO": "0",
            # All tests of a run come from one address.
            "ANSWERDESK_VISITOR_SESSIONS_PER_MINUTE": "0",
            "ANSWERDESK_VISITOR_MESSAGES_PER_MINUTE": "0",
            "ANSWERDESK_LOG_IN_ATTEMPTS": "0",
            "ANSWERDESK_LOG_IN_ATTEMPTS_PER_ADDRESS": "0",
            "ANSWERDESK_SIGN_UPS_PER_ADDRESS": "0",
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        self.heard = 0
        """How many bytes of its log are of earlier tests."""
        self._process: warm.Process | None = None

    def start(self) -> "Server":
        """Start and wait until it is ready."""
        lay_ready_database(self.data_dir)
        command = [
            *("-m", "uvicorn", "--factory"),
            *("--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"),
            *("--no-proxy-headers", "--http", _PROTOCOL),
            self._factory,
        ]
        self._process = warm.start(
            command, env=self._environment, stdout=self._log, stderr=self._log
        )
        if self not in _in_use:
            _in_use.append(self)
        with httpx.Client(base_url=self.url, timeout=2) as client:
            for _ in attempts(PATIENCE):
                if self._process.poll() is not None:
                    break
                with suppress(httpx.HTTPError):
                    if client.get("/readyz").status_code == 200:
                        return self
        self.kill()
        raise AssertionError(f"The server did not become ready:\n{self.log()}")

    @property
    def log_bytes(self) -> int:
        """How much the server has written so far."""
        return os.fstat(self._log.fileno()).st_size

    def log(self, *, since: int = 0) -> str:
        """Return what the server has written so far, behind so many bytes."""
        # Not by `seek`: the server writes at the same place in the file.
        return os.pread(self._log.fileno(), self.log_bytes, since).decode(errors="replace")

    def logs(self, text: str) -> bool:
        """Tell whether the log comes to hold a text: a request's line follows its response."""
        return any(text in self.log() for _ in attempts(PATIENCE))

    def stop(self) -> None:
        """Ask the server to end, as an operator would, and wait for it."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the server as a crash would."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(timeout=PATIENCE)
        self._process = None

    @property
    def pid(self) -> int | None:
        """The process that serves; None while none does."""
        return None if self._process is None else self._process.pid

    @property
    def owner_key(self) -> str:
        """The key that the first start has made."""
        return (self.data_dir / "owner.key").read_text(encoding="ascii").strip()

    def client(self, *, owner: bool = False) -> httpx.Client:
        """Return a client of the server, with the owner's key if asked for."""
        headers = {"Authorization": f"Bearer {self.owner_key}"} if owner else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE)


@contextmanager
def serving(*, factory: str = _APPLICATION, **environment: str) -> Iterator[Server]:
    """Serve from a folder of its own, with settings of its own, until the block ends."""
    # pytest's own folders are long and outlive the run.
    # A database whose server was killed may still write while its folder is removed.
    with tempfile.TemporaryDirectory(prefix="answerdesk-", ignore_cleanup_errors=True) as folder:
        running = Server(Path(folder) / "data", factory=factory, **environment).start()
        try:
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server with the fake embedder, shared by all tests of a run; each makes its own project."""
    with serving() as running:
        yield running


@pytest.fixture
def visitor(server: Server) -> Iterator[httpx.Client]:
    """Somebody without any credential."""
    with server.client() as client:
        yield client


@pytest.fixture
def owner(server: Server) -> Iterator[httpx.Client]:
    """The owner of the installation."""
    with server.client(owner=True) as client:
        yield client


class Desk:
    """A project of a test's own, and short ways to fill and ask it."""

    def __init__(self, owner: httpx.Client, visitor: httpx.Client) -> None:
        self.owner = owner
        self.visitor = visitor
        created = owner.post("/v1/projects", json={"name": f"Test {secrets.token_hex(4)}"})
        assert created.status_code == 201, created.text
        self.project_id: str = created.json()["id"]
        self.path = f"/v1/projects/{self.project_id}"

    def add_text(self, title: str, content: str, **fields: Any) -> dict[str, Any]:
        """Take in a text and wait until it is searchable."""
        body = {"title": title, "content": content, **fields}
        added = self.owner.post(f"{self.path}/texts", json=body)
        assert added.status_code == 201, added.text
        return self.wait_for(added.json()["id"])

    def add_item(self, question: str, answer: str) -> dict[str, Any]:
        """Take in a Q&A item."""
        body = {"question": question, "answer": answer}
        added = self.owner.post(f"{self.path}/items", json=body)
        assert added.status_code == 201, added.text
        item: dict[str, Any] = added.json()
        return item

    def wait_for(self, document_id: str) -> dict[str, Any]:
        """Wait until a document is taken in or has failed."""
        for _ in attempts(PATIENCE):
            shown = self.owner.get(f"{self.path}/documents/{document_id}")
            assert shown.status_code == 200, shown.text
            document: dict[str, Any] = shown.json()
            if document["status"] != "pending":
                return document
        raise AssertionError(f"{document_id} was not taken in within {PATIENCE:g} s")


@pytest.fixture
def desk(owner: httpx.Client, visitor: httpx.Client) -> Desk:
    """A fresh project."""
    return Desk(owner, visitor)


Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def rows(server: Server) -> Iterator[Rows]:
    """Run a statement as the tables' owner, past every filter, and return its rows."""
    yield from rows_of(server)


def rows_of(server: Server) -> Iterator[Rows]:
    """Yield what runs statements as the owner of a server's tables."""
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:

            def run(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
                return connection.execute(statement.encode(), parameters).fetchall()

            yield run
