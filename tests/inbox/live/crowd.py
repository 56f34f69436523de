"""Many people and visitors at one process: who hears what, how often, how soon.

What makes the load runs beside what is measured, so it looks for what it needs in the bytes. What
somebody says is a number, and every listener counts by it what was heard.
"""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID, uuid4

from answerdesk.accounts.sessions.tokens import AccessClaims, make_access_token
from answerdesk.core.crypto import Sealer, load_secret_keys
from answerdesk.core.tenancy import AccountId, UserId
from tests.conftest import Rows, Server
from tests.conversations.visitors.site import Site
from tests.inbox.live.wire import Wire, request
from tests.waiting import PATIENCE

_AT_ONCE: Final = 20
_MOST_AT_WORK: Final = 100
_TIMED: Final = 5
"""People of whom it is noted how late they hear."""

_BUSY: Final = 503
"""What an overloaded machine answers; nothing is acknowledged then, so nothing has to be heard."""

_MOST_WORDS: Final = 200_000
_WORD: Final = "w{:07d}"
_LENGTH: Final = len(_WORD.format(0))

_MESSAGE: Final = b"event: message\ndata: "
_CONTENT: Final = b'"content":"w'
_NEAR: Final = 200
"""Bytes from the beginning of a message within which its content begins."""

_MADE: Final = b'"created_at":"'
_END: Final = b"\n\n"


@lru_cache(maxsize=1024)
def _moment(written: bytes) -> float:
    return datetime.fromisoformat(written.decode()).timestamp()


class Ear(asyncio.Protocol):
    """Listens to one stream; counts the words that came, and keeps of some how late."""

    def __init__(self, request: bytes, heard: "bytearray | Counter[int]", *, timed: bool) -> None:
        self._request = request
        self._timed = timed
        self._rest = b""
        self._transport: asyncio.Transport | None = None
        self.begun = asyncio.Event()
        self.heard = heard
        self.late: list[float] = []
        self.ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        end = data.rfind(_END)
        # What remains of a chunk behind its last frame is nothing to keep.
        rest = data[end + len(_END) :] if end >= 0 else data
        self._rest = b"" if rest == b"\r\n" else rest
        if end < 0:
            return
        if not self.begun.is_set() and data.find(b"event:", 0, end) >= 0:
            self.begun.set()
        at = data.find(_MESSAGE, 0, end)
        while at >= 0:
            at += len(_MESSAGE)
            self._hear(data, at)
            at = data.find(_MESSAGE, at, end)

    def _hear(self, data: bytes, at: int) -> None:
        """Count the word of the message at a place, if it is one of ours."""
        word = data.find(_CONTENT, at, at + _NEAR) + len(_CONTENT) - 1
        if word < at or not data[word + 1 : word + _LENGTH].isdigit():
            return
        self.heard[int(data[word + 1 : word + _LENGTH])] += 1
        if self._timed:
            made = data.find(_MADE, word) + len(_MADE)
            self.late.append(time.time() - _moment(data[made : data.index(b'"', made)]))

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
    said: list[int] = field(default_factory=list)


@dataclass
class Crowd:
    """People and visitors of one project, all of them at one server."""

    server: Server
    site: Site
    people: list[Caller]
    visitors: list[Caller] = field(default_factory=list)
    refused: int = 0
    words: int = 0

    @classmethod
    def of(cls, server: Server, rows: Rows, site: Site, people: int) -> "Crowd":
        return cls(server, site, [_person(server, rows, site) for _ in range(people)])

    async def come(self, visitors: int) -> None:
        """Let visitors begin conversations."""
        wire = Wire(self.server.port, _AT_ONCE, PATIENCE)
        self.visitors += await asyncio.gather(*(self._visitor(wire) for _ in range(visitors)))
        wire.close()

    async def listen(self) -> None:
        """Let everybody open their stream."""
        for number, caller in enumerate(self.people):
            heard = bytearray(_MOST_WORDS)
            await self._listen(caller, "/v1/inbox/stream", heard, timed=number < _TIMED)
        for caller in self.visitors:
            path = f"/v1/visitor/conversations/{caller.conversation_id}/stream"
            await self._listen(caller, path, Counter(), timed=False)

    async def _visitor(self, wire: Wire) -> Caller:
        body = {"widget_key": self.site.widget_key}
        _, session = await wire.ask(request("POST", "/v1/visitor/session", body=body))
        token = re.search(rb'"visitor_token":"([^"]+)"', session)
        assert token is not None, session
        caller = Caller(token[1].decode())
        answer = b""
        for pause in (0, 1, 3, 9):
            await asyncio.sleep(pause)
            if answer := await self._chat(wire, caller, "begin"):
                break
        data = re.search(rb'"conversation_id":"(conv_\w+)"', answer)
        assert data is not None, answer
        caller.conversation_id = data[1].decode()
        return caller

    async def _listen(
        self, caller: Caller, path: str, heard: "bytearray | Counter[int]", *, timed: bool
    ) -> None:
        asks = request("GET", path, caller.token)
        _, caller.ear = await asyncio.get_running_loop().create_connection(
            lambda: Ear(asks, heard, timed=timed), "127.0.0.1", self.server.port
        )
        async with asyncio.timeout(PATIENCE):
            await caller.ear.begun.wait()

    async def talk(self, seconds: float, *, visitors_every: float, people_every: float) -> None:
        """Let everybody write at random times, on average so often."""
        ends = time.monotonic() + seconds
        wire = Wire(self.server.port, _MOST_AT_WORK, PATIENCE)

        async def keep(caller: Caller, every: float, *, is_visitor: bool) -> None:
            while (pause := random.expovariate(1 / every)) < ends - time.monotonic():
                await asyncio.sleep(pause)
                if is_visitor:
                    await self._say(wire, caller)
                else:
                    await self._reply(wire, caller)

        await asyncio.gather(
            *(keep(one, visitors_every, is_visitor=True) for one in self.visitors),
            *(keep(one, people_every, is_visitor=False) for one in self.people),
        )
        wire.close()

    def _word(self) -> int:
        self.words += 1
        assert self.words < _MOST_WORDS
        return self.words

    async def _say(self, wire: Wire, caller: Caller) -> None:
        word = self._word()
        if await self._chat(wire, caller, _WORD.format(word)):
            caller.said.append(word)

    async def _chat(self, wire: Wire, caller: Caller, text: str) -> bytes:
        """Say something; return what is answered, or nothing if it was refused."""
        body: dict[str, Any] = {"message": text}
        if caller.conversation_id:
            body["conversation_id"] = caller.conversation_id
        status, answer = await wire.ask(request("POST", "/v1/visitor/chat", caller.token, body))
        return answer if self._is_accepted(status, 200, answer) else b""

    async def _reply(self, wire: Wire, caller: Caller) -> None:
        visitor, word = random.choice(self.visitors), self._word()
        path = f"/v1/conversations/{visitor.conversation_id}/messages"
        body = {"content": _WORD.format(word), "go_ahead": True}
        status, answer = await wire.ask(request("POST", path, caller.token, body))
        if self._is_accepted(status, 201, answer):
            visitor.said.append(word)

    def _is_accepted(self, status: int, wanted: int, answer: bytes) -> bool:
        if status == _BUSY:
            self.refused += 1
            return False
        assert status == wanted, answer
        return True

    async def expect_all_heard(self, patience: float = PATIENCE) -> None:
        """Hold that everybody has heard what is for them, once."""
        everything = {word for one in self.visitors for word in one.said}
        for one in self.people:
            assert one.ear is not None
            await _heard_once(one.ear, everything, patience)
            assert not one.ear.ended
        for one in self.visitors:
            assert one.ear is not None
            await _heard_once(one.ear, one.said, patience)
            # What was refused may have been stored; of what others said nothing comes.
            assert isinstance(one.ear.heard, Counter)
            assert not (one.ear.heard.keys() & everything).difference(one.said)

    @property
    def said(self) -> int:
        """How many messages were acknowledged."""
        return sum(len(one.said) for one in self.visitors)

    @property
    def lateness(self) -> list[float]:
        """Seconds from the writing of a message until a person has it."""
        return sorted(late for one in self.people if one.ear for late in one.ear.late)

    def go(self) -> None:
        for one in [*self.people, *self.visitors]:
            if one.ear is not None:
                one.ear.close()


async def _heard_once(ear: Ear, words: Iterable[int], patience: float) -> None:
    async with asyncio.timeout(patience):
        while not all(ear.heard[one] for one in words):  # noqa: ASYNC110  # It sets no event.
            await asyncio.sleep(0.05)
    assert not (twice := [one for one in words if ear.heard[one] != 1]), twice


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
