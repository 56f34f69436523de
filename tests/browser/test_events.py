"""How our pages read server-sent events, in a real browser: frames that come in any pieces."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page

from tests.conftest import Server
from tests.waiting import PATIENCE

_READ = """
async ([pieces, isCutOff]) => {
  const { readEvents } = await import("/assets/events.js");
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new Uint8Array(piece));
      if (isCutOff) setTimeout(() => controller.error(new Error("cut off")), 50);
      else controller.close();
    },
  });
  const events = [];
  try {
    for await (const event of readEvents(body)) events.push(event);
  } catch (error) {
    events.push(error.message);
  }
  return events;
}
"""
_FOLLOW = """
async ([frames, aborts]) => {
  const { follow } = await import("/assets/events.js");
  const caller = new AbortController();
  let isLeft = false;
  // As fetch does it: who aborts breaks the body.
  const open = async (signal) => new Response(new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(frames));
      signal.addEventListener("abort", () => {
        isLeft = true;
        controller.error(new DOMException("aborted", "AbortError"));
      });
    },
  }));
  const events = [];
  try {
    for await (const event of follow(open, caller.signal, "the end is missing")) {
      events.push(event.name);
      if (aborts) caller.abort(new Error("stopped"));
    }
  } catch (error) {
    events.push(error.message);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  return [events, isLeft];
}
"""


async def read(page: Page, *pieces: bytes, cut_off: bool = False) -> list[Any]:
    """Return the events of a stream that comes in these pieces."""
    found: list[Any] = await page.evaluate(_READ, [[list(piece) for piece in pieces], cut_off])
    return found


def event(data: str, name: str = "message", number: str = "") -> dict[str, str]:
    return {"name": name, "data": data, "id": number}


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        ("data: plain\n\n", [event("plain")]),
        ("event: token\ndata: named\n\ndata: not\n\n", [event("named", "token"), event("not")]),
        ("data: one\ndata:two\ndata:  three\n\n", [event("one\ntwo\n three")]),
        ("data\n\ndata:\n\n", [event(""), event("")]),
        (": a comment\n\n:\ndata: said\n: another\n\n", [event("said")]),
        ("event: nothing\n\ndata: next\n\n", [event("next")]),
        (
            "id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
            [event("a", number="7"), event("b", number="7"), event("c")],
        ),
        ("retry: 10\nunknown: x\ndata: a:b\n\n", [event("a:b")]),
        ("data: ends early\n\ndata: not whole\n", [event("ends early")]),
        ("data: not whole", []),
        ("\ufeffdata: past the mark\n\n", [event("past the mark")]),
        (
            "data: Gr\u00fc\u00dfe \u20ac \U0001f44b\n\n",
            [event("Gr\u00fc\u00dfe \u20ac \U0001f44b")],
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_events_are_read_whatever_the_pieces(
    page: Page, server: Server, stream: str, events: list[dict[str, str]], end: str
) -> None:
    await page.goto(f"{server.url}/?project=nothing")
    sent = stream.replace("\n", end).encode()
    assert await read(page, sent) == events
    assert await read(page, *(bytes([byte]) for byte in sent)) == events
    for place in range(1, len(sent)):
        assert await read(page, sent[:place], sent[place:]) == events, place


async def test_what_came_before_a_break_is_told(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/?project=nothing")
    told = await read(page, b"data: a\n\ndata: b\n", cut_off=True)
    assert told == [event("a"), "cut off"]


@pytest.mark.parametrize(
    ("frames", "aborts", "told"),
    [
        ("event: done\ndata: {}\n\nevent: more\ndata: {}\n\n", False, ["done"]),
        ("event: token\ndata: {}\n\n", True, ["token", "stopped"]),
        ("event: token\ndata: no JSON\n\n", False, ["the end is missing"]),
    ],
)
async def test_a_stream_is_left_when_it_is_over(
    page: Page, server: Server, frames: str, aborts: bool, told: list[str]
) -> None:
    await page.goto(f"{server.url}/?project=nothing")
    found = page.evaluate(_FOLLOW, [frames, aborts])
    assert await asyncio.wait_for(found, PATIENCE) == [told, True]
