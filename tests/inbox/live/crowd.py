"""Many people and visitors at one process: who hears what, how often, how soon."""

import asyncio
import random
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import psutil

from answerdesk.accounts.sessions.tokens import AccessClaims, make_access_token
from answerdesk.core.crypto import Sealer, load_secret_keys
from answerdesk.core.tenancy import AccountId, UserId
from tests.conftest import Rows, Server
from tests.conversations.visitors.site import Site
from tests.waiting import PATIENCE

_AT_ONCE: Final = 20
_BUSY: Final = 503
"""What an overloaded machine answers; nothing is acknowledged then, so nothing has to be heard."""
_SAID: Final = re.compile(
    rb'event: message\ndata: \{"id":"(msg_[0-9a-f]{32})"[^\n]*?"content":"(\w+)"'
)
_MADE: Final = re.compile(rb'"created_at":"([^"]+)"[^"]*"conversation_id"')


@lru_cache(maxsize=1024)
def _said(frames: bytes) -> Sequence[tuple[bytes, float | None]]:
    """Return the marked words in frames, and when they were written; equal bytes are read once."""
    return [(found[2], _made_at(frames, found)) for found in _SAID.finditer(frames)]


def _made_at(frames: bytes, found: re.Match[bytes]) -> float | None:
    end = frames.find(b"\n", found.end())
    made = _MADE.search(frames, found.start(), len(frames) if end < 0 else end)
    return None if made is None else datetime.fromisoformat(made[1].decode()).timestamp()


class Ear(asyncio.Protocol):
    """Listens to one stream; keeps which marked messages came, and of some how late."""

    def __init__(self, request: bytes, *, timed: bool) -> None:
        self._request = request
        self._timed = timed
        self._rest = b""
        self._transport: asyncio.Transport | None = None
        self.begun = asyncio.Event()
        self.heard: Counter[bytes] = Counter()
        self.late: list[float] = []
        self.ended = False
        self.reloads = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._rest += data
        end = self._rest.rfind(b"\n\n")
        if end < 0:
            return
        whole, self._rest = self._rest[:end], self._rest[end:]
        if b"event:" in whole:
            self.begun.set()
        self.reloads += whole.count(b"event: reload")
        for word, made_at in _said(whole):
            self.heard[word] += 1
            if self._timed and made_at is not None:
                self.late.append(time.time() - made_at)

    def connection_lost(self, _: Exception | None) -> None:
        self.ended = True

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


@dataclass
class Caller:
    """Somebody with a credential, their conversation if a visitor, and their stream."""

    token: str
    conversation_id: str = ""
    ear: Ear | None = None
    said: list[bytes] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class Crowd:
    """People and visitors of one project, all of them at one server."""

    server: Server
    site: Site
    people: list[Caller]
    visitors: list[Caller] = field(default_factory=list)

    @classmethod
    def of(cls, server: Server, rows: Rows, site: Site, people: int) -> "Crowd":
        return cls(server, site, [_person(server, rows, site) for _ in range(people)])

    async def come(self, visitors: int) -> None:
        """Let visitors begin conversations, and everybody open their stream."""
        places = asyncio.Semaphore(_AT_ONCE)
        async with httpx.AsyncClient(base_url=self.server.url, timeout=PATIENCE) as client:

            async def one() -> None:
                async with places:
                    self.visitors.append(await self._visitor(client))

            await asyncio.gather(*(one() for _ in range(visitors)))
        for number, caller in enumerate(self.people):
            await self._listen(caller, "/v1/inbox/stream", timed=number < 5)
        for caller in self.visitors:
            path = f"/v1/visitor/conversations/{caller.conversation_id}/stream"
            await self._listen(caller, path, timed=False)

    async def _visitor(self, client: httpx.AsyncClient) -> Caller:
        begun = await client.post("/v1/visitor/session", json={"widget_key": self.site.widget_key})
        caller = Caller(begun.json()["visitor_token"])
        text = ""
        for pause in (0, 1, 3, 9):
            await asyncio.sleep(pause)
            if text := await _chat(client, caller, "begin"):
                break
        data = re.search(r'"conversation_id":"(conv_\w+)"', text)
        assert data is not None, text
        caller.conversation_id = data[1]
        return caller

    async def _listen(self, caller: Caller, path: str, *, timed: bool) -> None:
        request = (
            f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n"
            f"authorization: Bearer {caller.token}\r\n\r\n"
        ).encode()
        loop = asyncio.get_running_loop()
        _, caller.ear = await loop.create_connection(
            lambda: Ear(request, timed=timed), "127.0.0.1", self.server.port
        )
        async with asyncio.timeout(PATIENCE):
            await caller.ear.begun.wait()

    async def talk(self, seconds: float, *, visitors_every: float, people_every: float) -> None:
        """Let everybody write at random times, on average so often."""
        ends = time.monotonic() + seconds
        limits = httpx.Limits(max_connections=100)
        async with httpx.AsyncClient(
            base_url=self.server.url, timeout=PATIENCE, limits=limits
        ) as client:

            async def keep(caller: Caller, every: float, *, is_visitor: bool) -> None:
                while (pause := random.expovariate(1 / every)) < ends - time.monotonic():
                    await asyncio.sleep(pause)
                    word = f"{'v' if is_visitor else 'p'}{secrets.token_hex(8)}"
                    if is_visitor:
                        await _chat(client, caller, word)
                    else:
                        await self._reply(client, caller, word)

            await asyncio.gather(
                *(keep(one, visitors_every, is_visitor=True) for one in self.visitors),
                *(keep(one, people_every, is_visitor=False) for one in self.people),
            )

    async def _reply(self, client: httpx.AsyncClient, caller: Caller, word: str) -> None:
        visitor = random.choice(self.visitors)
        path = f"/v1/conversations/{visitor.conversation_id}/messages"
        body = {"content": word, "go_ahead": True}
        answer = await client.post(path, json=body, headers=caller.headers)
        if answer.status_code != _BUSY:
            assert answer.status_code == 201, answer.text
            visitor.said.append(word.encode())

    async def expect_all_heard(self) -> None:
        """Hold that everybody has heard what is for them, once."""
        everything = Counter({word: 1 for one in self.visitors for word in one.said})
        await _until(
            lambda: not any(one.ear and len(one.ear.heard) < len(everything) for one in self.people)
        )
        for one in self.people:
            assert one.ear is not None
            assert not one.ear.ended
            heard = Counter({w: n for w, n in one.ear.heard.items() if w in everything})
            assert heard == everything
        for one in self.visitors:
            assert one.ear is not None
            own = Counter(one.said)
            await _until(partial(_are_in, own.keys(), one.ear.heard))
            assert {w: n for w, n in one.ear.heard.items() if w in everything} == own

    @property
    def lateness(self) -> list[float]:
        """Seconds from the writing of a message until a person has it."""
        return sorted(late for one in self.people if one.ear for late in one.ear.late)

    @property
    def memory(self) -> int:
        return int(psutil.Process(self.server.pid).memory_info().rss)

    def go(self) -> None:
        for one in [*self.people, *self.visitors]:
            if one.ear is not None:
                one.ear.close()


def _are_in(words: Iterable[bytes], heard: Counter[bytes]) -> bool:
    return all(one in heard for one in words)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110  # What is heard sets no event.
            await asyncio.sleep(0.05)


async def _chat(client: httpx.AsyncClient, caller: Caller, word: str) -> str:
    """Say a word; return what is answered, or nothing if the word was refused."""
    body: dict[str, Any] = {"message": word}
    if caller.conversation_id:
        body["conversation_id"] = caller.conversation_id
    answer = await client.post("/v1/visitor/chat", json=body, headers=caller.headers)
    if answer.status_code == _BUSY:
        return ""
    assert answer.status_code == 200, answer.text
    if word != "begin":
        caller.said.append(word.encode())
    return answer.text


def _person(server: Server, rows: Rows, site: Site) -> Caller:
    """Add a member of the installation's account, who is logged in."""
    project = UUID(site.project_id.rpartition("_")[2])
    ((account,),) = rows("select account_id from project where id = %s", project)
    user, session = uuid4(), uuid4()
    email = f"{user.hex}@example.com"
    rows(
        "with person as (insert into app_user (id, email, email_key, name)"
        "  values (%s, %s, %s, 'Crowd') returning id),"
        " member as (insert into membership (account_id, id, user_id, role)"
        "  select %s, gen_random_uuid(), id, 'agent' from person returning user_id)"
        " insert into login_session (account_id, id, user_id, secret_hash, expires_at, created_at)"
        " select %s, %s, user_id, '\\x00', now() + interval '1 day', now() + interval '1 second'"
        " from member returning 1",
        *(user, email, email, account, account, session),
    )
    keys = Sealer(load_secret_keys(server.data_dir)).derive_all("access tokens")
    claims = AccessClaims(AccountId(account), UserId(user), session)
    return Caller(make_access_token(keys[0], claims, seconds=3600))
