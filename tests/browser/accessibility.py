"""What a page must keep for people who see little, hear it read out, or have no mouse."""

from pathlib import Path
from typing import Any, Final

from playwright.async_api import Frame, Page

from tests.browser.pages import ColorScheme

_AXE: Final = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"

_RUN_AXE = """async () => {
  const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const {violations} = await window.axe.run(document, {
    runOnly: standards, resultTypes: ["violations"], iframes: false,
  });
  return violations.flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => ({
    id, target: target.join(" "), summary: failureSummary,
  })));
}"""

_FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const parse = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return {rgb: [r, g, b], alpha: a / 255};
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const {rgb, alpha} = parse(getComputedStyle(one).backgroundColor);
      if (alpha === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const fades = element.closest(":disabled, noscript, .visually-hidden, .skip");
    if (!says || fades || !element.checkVisibility()) continue;
    const [one, other] = [parse(getComputedStyle(element).color).rgb, ground(element)].map(light);
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) faint.push(`${element.textContent.trim()}: ${ratio.toFixed(2)}`);
  }
  return faint;
}"""

_SMALL = """() => [...document.querySelectorAll(
    "button, input, textarea, select, summary, .button, .sources a")]
  .filter((element) => element.checkVisibility())
  .filter((element) => {
    const {width, height} = element.getBoundingClientRect();
    return width < 24 || height < 24;
  })
  .map((element) => element.outerHTML)"""

_NAMELESS = """() => [...document.querySelectorAll(
    "button, input:not([type='hidden']), textarea, select, summary, a, dialog, nav")]
  .filter((element) => {
    const labels = (element.labels ?? []).length;
    return !labels && !element.ariaLabel && !element.textContent.trim();
  })
  .map((element) => element.outerHTML)"""


async def problems(page: Page) -> list[Any]:
    """Return texts with a contrast below 4.5, small targets, nameless controls and double ids.

    Texts are looked at in light and in dark; the page is left as it was.
    """
    found: list[Any] = []
    was_dark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    schemes: tuple[ColorScheme, ColorScheme] = ("light", "dark") if was_dark else ("dark", "light")
    for scheme in schemes:
        await page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {one}" for one in await page.evaluate(_FAINT)]
    for check in (_SMALL, _NAMELESS):
        found += await page.evaluate(check)
    ids = await page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    return found + [one for one in set(ids) if ids.count(one) > 1]


async def axe_violations(page: Page | Frame) -> list[str]:
    """Return what axe finds in a page, or in a frame by itself, as it is shown now."""
    if not await page.evaluate("'axe' in window"):
        # By evaluation, since a script element would have to be let in by the page's policy.
        await page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = await page.evaluate(_RUN_AXE)
    return [f"{one['id']}: {one['target']} {one['summary']}" for one in found]
