"""A walk through a page with the keyboard alone: what Tab reaches, in which order, and what shows.

The walk begins at the top of what is shown, or in the dialog that is open, and presses Tab until it
is there again.
"""

from typing import Any, Final, TypedDict

from playwright.async_api import Page

_LONGEST: Final = 250
"""More stops than any page has: a walk that is longer has been caught somewhere."""

# Styles are compared at once, and so nothing may fade. The policy allows no other style sheet.
_BEGIN: Final = """() => {
  const still = new CSSStyleSheet();
  const nothing = "transition: none !important; animation: none !important";
  still.replaceSync(`*, *::before, *::after { ${nothing} }`);
  document.adoptedStyleSheets = [still];
  const root = [...document.querySelectorAll('[role="dialog"]')]
    .findLast((one) => one.checkVisibility()) ?? document.body;
  const isShown = (one) => one.checkVisibility({visibilityProperty: true})
    && !one.closest("[inert], [aria-hidden=true]");
  const isDrawn = (one) => {
    const {width, height} = one.getBoundingClientRect();
    return width * height > 9;
  };
  // A switch is drawn beside its field, which has no size of its own.
  const drawn = (one) => [one, one.nextElementSibling, one.closest("label"), one.parentElement]
    .find((each) => each && isDrawn(each)) ?? one;
  const styles = (one) => {
    const {outlineStyle, outlineWidth, outlineColor, ...other} = getComputedStyle(one);
    const rest = [other.boxShadow, other.borderTopColor, other.backgroundColor];
    return outlineStyle === "none" ? rest : [outlineStyle, outlineWidth, outlineColor, ...rest];
  };
  const look = (one) =>
    [one, one.nextElementSibling, one.parentElement, one.parentElement?.parentElement]
      .filter((each) => each && each !== root).map(styles).join("|");
  const named = (one) => {
    const said = one.ariaLabel || one.labels?.[0]?.textContent || one.textContent || one.title
      || one.placeholder || one.value;
    return `${one.localName} “${(said ?? "").trim().replace(/\\s+/g, " ").slice(0, 50)}”`;
  };
  document.activeElement?.blur?.();
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary,"
    + '[tabindex]:not([tabindex^="-"])';
  const all = [...root.querySelectorAll(wanted)]
    .filter((one) => isShown(one) && !one.matches(":disabled"));
  // One radio button of a group is reached by Tab, as one tab of a row is; arrows reach the others.
  const standsFor = (group) => group.find(({checked}) => checked) ?? group[0];
  const byArrows = (one) => one.type === "radio"
    ? one !== standsFor(all.filter(({type, name}) => type === "radio" && name === one.name))
    : one.tabIndex < 0 && one.closest('[role="tablist"], [role="menu"], [role="listbox"]');
  // A button stands for a field for files.
  const isStoodFor = (one) => one.matches('[type="file"][tabindex="-1"]');
  const controls = all.filter((one) => !byArrows(one) && !isStoodFor(one));
  const places = new Map(controls.map((one) => {
    const {left, top, right, bottom} = drawn(one).getBoundingClientRect();
    return [one, {left, top, right, bottom}];
  }));
  const looks = new Map(controls.map((one) => [one, look(one)]));
  self.walk = {root, controls, places, looks, look, named, drawn, stops: [], wrong: []};
  const hadIndex = root.hasAttribute("tabindex");
  if (!hadIndex) root.tabIndex = -1;
  root.focus({preventScroll: true});
  if (!hadIndex) root.removeAttribute("tabindex");
  scrollTo(0, 0);
}"""

_STEP: Final = """() => {
  const {root, stops, looks, look, named, drawn, wrong} = self.walk;
  const here = document.activeElement;
  if (!here || here === document.body || here === stops[0]) return "over";
  // A date is typed in three places, and a frame has a page of its own in it.
  const isLong = here.matches("iframe, [type=date], [type=time], [type^=datetime]");
  const isSame = here === stops.at(-1);
  if (isSame && isLong) return "on";
  // A page that is being drawn anew loses a key now and then; a trap holds the focus again.
  if (isSame && self.walk.stayed !== here) return (self.walk.stayed = here), "on";
  const tell = (what) => wrong.push(`${named(here)} ${what}`);
  if (!root.contains(here)) return tell("is outside of what is open"), "over";
  if (stops.includes(here)) return tell("is reached twice"), "over";
  stops.push(here);
  if (looks.has(here) && looks.get(here) === look(here)) tell("looks the same with the focus");
  const box = drawn(here).getBoundingClientRect();
  const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
  const [right, bottom] = [Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
  const parts = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
  const hits = parts.map(([across, down]) => document.elementFromPoint(
    left + (right - left) * across, top + (bottom - top) * down));
  const isOwn = (hit) => hit && [here, drawn(here)]
    .some((one) => one.contains(hit) || hit.contains(one));
  if (right <= left || bottom <= top) tell("has the focus outside of the window");
  else if (!hits.some(isOwn)) tell("has the focus beneath something");
  return "on";
}"""

_END: Final = """() => {
  const {controls, places, stops, named, wrong} = self.walk;
  for (const one of controls) {
    if (!stops.includes(one) && one.isConnected) wrong.push(`${named(one)} is not reached`);
  }
  const known = stops.filter((one) => places.has(one));
  known.slice(1).forEach((one, before) => {
    const [from, to] = [places.get(known[before]), places.get(one)];
    const isAbove = to.bottom <= from.top && to.left < from.right;
    const isBefore = to.right <= from.left && to.top <= from.top && to.bottom > from.top;
    // What scrolls comes before what is in it, wherever that is scrolled to.
    if (known[before].contains(one)) return;
    if (isAbove || isBefore) wrong.push(`${named(one)} comes after ${named(known[before])}`);
  });
  document.adoptedStyleSheets = [];
  return {stops: stops.map(named), wrong};
}"""

_IS_AT: Final = """(name) => {
  const here = document.activeElement;
  const said = here.ariaLabel || here.labels?.[0]?.textContent || here.textContent;
  return here !== document.body && (said ?? "").trim().startsWith(name);
}"""


class Walk(TypedDict):
    """What was reached, and what was wrong."""

    stops: list[str]
    wrong: list[str]


async def walked(page: Page) -> Walk:
    """Press Tab through what is shown."""
    await page.evaluate(_BEGIN)
    for _ in range(_LONGEST):
        await page.keyboard.press("Tab")
        if await page.evaluate(_STEP) == "over":
            break
    else:
        return {"stops": [], "wrong": ["Tab does not come back"]}
    found: Any = await page.evaluate(_END)
    walk: Walk = found
    return walk


async def lead_to(page: Page, name: str) -> None:
    """Press Tab until what is called so, or begins so, has the focus."""
    for _ in range(_LONGEST):
        if await page.evaluate(_IS_AT, name):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to “{name}”")
