"""What a website's page tells the chat, and what it hears of it: commands, events, destroy."""

import asyncio

from playwright.async_api import Page, Route, expect

from tests.browser.pages import Complaints
from tests.browser.widget.host import (
    ask_hours,
    bind,
    chat,
    close_by_key,
    launcher,
    open_chat,
    project_tag,
    put_page,
    question_field,
)
from tests.conftest import Desk, Rows, Server
from tests.websites import Website

LONGER_THAN_GRACE_MS = 2500
QUEUE = """<script>
window.Answerdesk = window.Answerdesk || function () {
  (Answerdesk.q = Answerdesk.q || []).push(arguments);
};
window.told = [];
for (const name of ["ready", "open", "close", "message", "answer", "unread"]) {
  Answerdesk("on", name, (detail) => told.push([name, detail]));
}
Answerdesk("setContext", { plan: "pro", seats: 3 });
Answerdesk("open");
</script>"""
COUNTING = """<script>
window.live = { timers: new Set(), listeners: new Set(), observers: new Set() };
for (const [set, clear] of [["setTimeout", "clearTimeout"], ["setInterval", "clearInterval"]]) {
  const [begin, end] = [window[set], window[clear]];
  window[set] = (act, ms, ...more) => {
    const ends = () => { if (set === "setTimeout") live.timers.delete(id); act(); };
    const id = begin(ends, ms, ...more);
    live.timers.add(id);
    return id;
  };
  window[clear] = (id) => { live.timers.delete(id); end(id); };
}
const add = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, act, options) {
  const isPages = [window, document, visualViewport, window.navigation].includes(this);
  if (isPages || this instanceof MediaQueryList) {
    const one = { type };
    live.listeners.add(one);
    options?.signal?.addEventListener("abort", () => live.listeners.delete(one));
  }
  return add.call(this, type, act, options);
};
const { observe, disconnect } = MutationObserver.prototype;
MutationObserver.prototype.observe = function (...given) {
  live.observers.add(this);
  return observe.apply(this, given);
};
MutationObserver.prototype.disconnect = function () {
  live.observers.delete(this);
  return disconnect.call(this);
};
window.before = [...Object.keys(window), "before"];
</script>"""
LEFT = """() => ({
  timers: live.timers.size,
  listeners: [...live.listeners].map((one) => one.type),
  observers: live.observers.size,
  globals: Object.keys(window).filter((name) => !before.includes(name)),
  elements: [...document.querySelectorAll("answerdesk-chat, iframe, dialog")].length,
  sheets: document.adoptedStyleSheets.length,
  styles: [...document.querySelectorAll("html[style], body[style], [inert]")].length,
})"""
NOTHING = {
    "timers": 0,
    "listeners": [],
    "observers": 0,
    "globals": [],
    "elements": 0,
    "sheets": 0,
    "styles": 0,
}


async def test_what_is_said_before_the_script_is_there_is_done(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    """The script may be in the head, before there is a body (chatwoot#2776)."""
    tag = project_tag(server, shop).replace(" async", "")
    put_page(site, QUEUE + tag)
    await page.goto(site.url)
    frame = chat(page)
    await expect(question_field(frame)).to_be_visible()
    await ask_hours(frame)
    await page.wait_for_function("told.some(([name]) => name === 'answer')")
    await page.evaluate("Answerdesk('close')")
    await expect(question_field(frame)).to_be_hidden()
    told = await page.evaluate("told.filter(([name]) => name !== 'unread').map(([name]) => name)")
    assert told == ["ready", "open", "message", "answer", "close"]
    asked = "select context from message where author = 'visitor' and project_id = %s"
    assert rows(asked, shop.project_id.removeprefix("proj_")) == [("plan: pro\nseats: 3",)]
    await page.evaluate("Answerdesk.on('ready', () => (window.late = true))")
    assert await page.evaluate("window.late") is True


async def test_a_handler_can_be_taken_back_and_its_errors_stop_nothing(
    page: Page, server: Server, shop: Desk, site: Website, complaints: Complaints
) -> None:
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    await expect(launcher(page)).to_be_visible()
    await page.evaluate(
        """() => {
          window.count = 0;
          window.one = () => window.count++;
          Answerdesk.on("open", () => { throw new Error("the page's own"); });
          Answerdesk.on("open", one);
        }"""
    )
    await open_chat(page)
    await close_by_key(page)
    await page.evaluate("Answerdesk.off('open', one)")
    await open_chat(page)
    assert await page.evaluate("count") == 1
    assert len(complaints.items) == 2
    assert all("the page's own" in one for one in complaints.items)
    complaints.items.clear()


async def test_what_is_no_command_is_said_and_harms_nothing(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    await expect(launcher(page)).to_be_visible()
    for wrong in (
        "'fly'",
        "'constructor'",
        "'on', 'opened', () => {}",
        "'identify', {}",
        "'identify', 'x'.repeat(9000)",
        "'setContext', {deep: {}}",
        "'setContext', null",
    ):
        async with page.expect_event("console", lambda one: "Answerdesk: " in one.text) as said:
            await page.evaluate(f"void Answerdesk({wrong})")
        assert (await said.value).type == "warning", wrong
    await open_chat(page)


async def test_destroy_leaves_nothing(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    """No element, listener, timer, observer, global or locked scroll (chatwoot#7711)."""
    put_page(site, COUNTING + project_tag(server, shop))
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(site.url)
    await open_chat(page)
    assert await page.evaluate(LEFT) != NOTHING
    await page.evaluate("Answerdesk('destroy')")
    assert await page.evaluate(LEFT) == NOTHING
    await page.locator("#buy").click()
    await expect(page.locator("#buy")).to_have_text("1")
    # While it is still loading, too; and it can be begun again.
    again = """([src, project]) => new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = src;
      script.dataset.project = project;
      script.onload = () => { script.remove(); resolve(); };
      document.head.append(script);
    })"""
    for _ in range(2):
        await page.evaluate(again, [f"{server.url}/widget.js", shop.project_id])
        await page.evaluate("Answerdesk.open(); Answerdesk.destroy()")
        await page.wait_for_load_state("networkidle")
        assert await page.evaluate(LEFT) == NOTHING
    await page.evaluate(again, [f"{server.url}/widget.js", shop.project_id])
    await ask_hours(await open_chat(page))


async def test_several_chats_stand_beside_each_other(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    made = shop.owner.post("/v1/projects", json={"name": "Sales"})
    assert made.status_code == 201, made.text
    sales = made.json()["id"]
    other = f'<script src="{server.url}/widget.js" data-project="{sales}" async></script>'
    put_page(site, project_tag(server, shop) + other + project_tag(server, shop))
    await page.goto(site.url)
    buttons = page.locator("answerdesk-chat button")
    await expect(buttons).to_have_count(2)
    boxes = [await one.bounding_box() for one in await buttons.all()]
    heights = sorted(box["y"] for box in boxes if box)
    assert heights[1] - heights[0] >= 56
    await page.evaluate(f"Answerdesk.of('{sales}').open()")
    frame = page.frame_locator(f"iframe[src*='{sales}']")
    await expect(question_field(frame)).to_be_visible()
    await page.evaluate(f"Answerdesk.of('{sales}').destroy()")
    await expect(buttons).to_have_count(1)
    await page.evaluate("Answerdesk.open()")
    await expect(question_field(chat(page))).to_be_visible()
    await page.evaluate("Answerdesk.destroy()")
    await expect(buttons).to_have_count(0)
    assert await page.evaluate("'Answerdesk' in window") is False


async def test_a_page_with_an_answerdesk_of_its_own_keeps_it(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(site, "<script>Answerdesk = { mine: true };</script>" + project_tag(server, shop))
    await page.goto(site.url)
    await ask_hours(await open_chat(page))
    assert await page.evaluate("JSON.stringify(Answerdesk)") == '{"mine":true}'


async def test_a_single_page_app_tells_where_the_visitor_is_and_keeps_the_chat(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    bind(shop, site)
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    push = "history.pushState(null, '', '/products?secret=1#part')"
    frame = await open_chat(page)
    own = await page.evaluate("history.pushState.toString()")
    assert "[native code]" in own
    await page.evaluate(push)
    # The framework throws its page away, and all that it does not know.
    await page.evaluate(
        """() => {
          const body = document.createElement("body");
          body.innerHTML = "<main><h1>Products</h1><button id='buy'>0</button></main>";
          document.body.replaceWith(body);
        }"""
    )
    await expect(question_field(frame)).to_be_visible()
    await ask_hours(frame)
    asked = "select page_url from conversation where project_id = %s"
    project = shop.project_id.removeprefix("proj_")
    assert rows(asked, project) == [(f"{site.url}/products",)]
    # Even one that empties the whole document gets the button back, and the open chat.
    await page.evaluate("document.documentElement.replaceChildren(document.body)")
    await expect(launcher(page)).to_be_visible()
    await expect(question_field(frame)).to_be_visible()
    await expect(frame.locator(".own")).to_have_count(1)


async def test_a_chat_that_the_page_moves_while_it_is_young_is_not_given_up(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    """It begins anew where it is put back, and has as long for that as the first time."""
    put_page(site, project_tag(server, shop))
    held = asyncio.Event()
    opened = 0

    async def hold(route: Route) -> None:
        nonlocal opened
        opened += 1
        if opened > 1:
            await held.wait()
        await route.continue_()

    await page.route("**/embed?*", hold)
    await page.goto(site.url)
    frame = await open_chat(page)
    await page.evaluate("document.documentElement.replaceChildren(document.body)")
    await expect(launcher(page)).to_be_visible()
    await page.wait_for_timeout(LONGER_THAN_GRACE_MS)
    held.set()
    await expect(question_field(frame)).to_be_visible()
